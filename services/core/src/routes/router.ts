import type { IncomingMessage, ServerResponse } from "node:http";
import { problemDetailsSchema } from "@azru/contracts";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Core } from "../core.ts";
import type { Changing } from "../plugins/access.ts";
import type { IsIngress } from "../plugins/ingress.ts";
import type { RateLimits } from "../plugins/protection.ts";

/** What routes are made with. */
export interface Router {
  readonly app: FastifyInstance<
    RawServerDefault,
    IncomingMessage,
    ServerResponse,
    FastifyBaseLogger,
    ZodTypeProvider
  >;
  readonly core: Core;
  readonly version: string;
  /** What every route that changes state begins with. */
  readonly changing: () => Changing;
  readonly limits: RateLimits;
  readonly isIngress: IsIngress;
}

/** How a route that changes state refuses: a bad body, no token, an origin that may not. */
export const refusals = {
  400: problemDetailsSchema,
  401: problemDetailsSchema,
  403: problemDetailsSchema,
} as const;
