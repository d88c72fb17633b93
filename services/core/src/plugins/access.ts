/** Who may change what: a bearer token, and no page of another site. */
import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import type { IsIngress } from "./ingress.ts";
import { problem } from "./problems.ts";
import type { RateLimits } from "./protection.ts";
import { needToken } from "./token.ts";

/** The security scheme of every route that changes state. */
export const tokenScheme = { token: [] as string[] };

/** The options of a route that changes state. */
export interface Changing {
  readonly onRequest: onRequestHookHandler[];
  readonly config: { readonly rateLimit: { readonly max: number; readonly timeWindow: string } };
}

/**
 * What every route that changes state begins with: its guards, and then the limit on each client's requests to it. With
 * a token they ask for it. Without one, which is possible on loopback alone, they ask that the request came for a
 * loopback name, so that no foreign name that points here (DNS rebinding) passes. In both cases no page of another site
 * passes. Home Assistant has logged in who comes through its ingress: no token is asked for there.
 *
 * @returns options for one route: the limiter adds itself to them
 */
export async function changing(
  app: FastifyInstance,
  token: string | undefined,
  limits: Pick<RateLimits, "control" | "wrongTokens">,
  isIngress: IsIngress,
): Promise<() => Changing> {
  const guards =
    token === undefined
      ? [onlyLoopbackNames, onlySameSite]
      : [onlySameSite, exceptIngress(isIngress, await needToken(app, token, limits.wrongTokens))];
  const config = { rateLimit: { max: limits.control, timeWindow: "1 minute" } };
  return () => ({ onRequest: [...guards], config });
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

function exceptIngress(isIngress: IsIngress, guard: Guard): Guard {
  return async (request, reply) => {
    if (!isIngress(request)) await guard(request, reply);
  };
}

/** A host name or address of this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  return isIP(name) === 4 && name.startsWith("127.");
}

async function onlyLoopbackNames(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (isLoopback(request.hostname)) return;
  await problem(reply, 403, `without a token only localhost may control, got Host ${request.host}`);
}

/** Browsers say where a request comes from; other clients do not, and need not. */
async function onlySameSite(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { origin } = request.headers;
  const isForeign =
    request.headers["sec-fetch-site"] === "cross-site" ||
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.host));
  if (isForeign) await problem(reply, 403, `pages of other sites may not control, got Origin ${origin}`);
}
