/** The HTTP API over a core: everything but the port. */

import { usualAnswers } from "@azru/setup";
import { fastifySSE } from "@fastify/sse";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import type { Core } from "./core.ts";
import { changing } from "./plugins/access.ts";
import { onlyOwnNames } from "./plugins/host-names.ts";
import { ingressFrom } from "./plugins/ingress.ts";
import { describeApi } from "./plugins/openapi.ts";
import { answerProblems, validatorCompiler } from "./plugins/problems.ts";
import { defaultRateLimits, protect, type RateLimits } from "./plugins/protection.ts";
import { writeOnce } from "./plugins/recent.ts";
import { calibrationRoutes } from "./routes/calibration.ts";
import { comfortRoutes } from "./routes/comfort.ts";
import { controlRoutes } from "./routes/control.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { eventRoutes } from "./routes/events.ts";
import { historyRoutes } from "./routes/history.ts";
import { homeRoutes } from "./routes/home.ts";
import { operationRoutes } from "./routes/operation.ts";
import { answersOf, type Setup, setupRoutes } from "./routes/setup.ts";
import { tariffRoutes } from "./routes/tariff.ts";
import { welcomeRoutes } from "./routes/welcome.ts";

export interface AppOptions {
  readonly core: Core;
  readonly registry: Registry;
  readonly version: string;
  /** Asked for on everything that changes state. Absent: only localhost may. */
  readonly token?: string | undefined;
  /** Where the home is described. Absent: it cannot be. */
  readonly setup?: Setup;
  /** Names, beside those of any local network, by which this core is reached; `*.` before one takes all below it. */
  readonly names?: readonly string[];
  /** The address from which Home Assistant's ingress asks. Absent: there is none. */
  readonly supervisor?: string | undefined;
  readonly limits?: Partial<RateLimits>;
  /** Pause between two signs of life to those who listen to events. */
  readonly heartbeat_ms?: number;
  readonly log: FastifyBaseLogger;
}

const longestBody_bytes = 16 * 1024;

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { core, registry, version, token, setup, names = [], heartbeat_ms = 15_000, log } = options;
  const limits = { ...defaultRateLimits, ...options.limits };
  const isIngress = ingressFrom(options.supervisor);
  const app = Fastify({
    loggerInstance: log,
    pluginTimeout: 60_000, // a Raspberry Pi that starts all at once is slow
    // A line a request would fill an SD card with what /metrics counts anyway.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: longestBody_bytes,
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(writeOnce);
  acceptEmptyJson(app);
  // JSON alone: a form or plain text of a foreign page needs no permission from the browser.
  app.removeContentTypeParser("text/plain");
  answerProblems(app);
  onlyOwnNames(app, names, isIngress);
  await protect(app, limits);
  await describeApi(app, version, token !== undefined, () => ({
    state: core.state(),
    rates: core.tariff().rates,
    comfort: core.comfort.response,
    answers: setup ? answersOf(setup) : usualAnswers,
  }));
  await app.register(fastifySSE, { heartbeatInterval: heartbeat_ms });

  const guards = await changing(app, token, limits, isIngress);
  const router = { app, core, version, limits, changing: guards, isIngress };
  welcomeRoutes(router, setup);
  if (setup) setupRoutes(router, setup);
  dashboardRoutes(router);
  homeRoutes(router);
  tariffRoutes(router);
  controlRoutes(router);
  comfortRoutes(router);
  calibrationRoutes(router);
  historyRoutes(router);
  eventRoutes(router);
  operationRoutes(router, registry);
  return app;
}

/** A client that always names JSON and has nothing to say is understood; Fastify itself answers it with 400. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else parse(request, body as string, done);
  });
}
