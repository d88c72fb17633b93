import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, onRequestHookHandler, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Core } from "../core.ts";
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
  /** Go before every route that changes state. */
  readonly guards: onRequestHookHandler[];
  readonly limits: RateLimits;
}
