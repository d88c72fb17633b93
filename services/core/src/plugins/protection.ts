/** What every answer and every client is held to. */
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";

export interface RateLimits {
  /** Requests of one client a minute. */
  readonly all: number;
  /** Of them, requests that change state, each route by itself. */
  readonly control: number;
  /** Requests of one client a minute that ask for a change without the right token. */
  readonly wrongTokens: number;
  /** Listeners to events at a time: one address has them for all browsers behind a proxy, and leaves places to others. */
  readonly listeners: number;
}

export const defaultRateLimits: RateLimits = { all: 1200, control: 60, wrongTokens: 20, listeners: 20 };

/** Security headers, no CORS at all, and a limit on each client's requests. */
export async function protect(app: FastifyInstance, limits: RateLimits): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        // Swagger UI sets styles on its elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'"],
        // The core speaks plain HTTP: a proxy in front of it that has TLS may ask for more.
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: { policy: "same-origin" },
  });
  await app.register(rateLimit, {
    max: limits.all,
    timeWindow: "1 minute",
    errorResponseBuilder: (_request, { max, after }) =>
      Object.assign(new Error(`more than ${max} requests a minute, try again in ${after}`), {
        statusCode: 429,
      }),
  });
}
