/** For operators and their machines: liveness, readiness, metrics. */
import { healthResponseSchema, readyResponseSchema } from "@azru/contracts";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Router } from "./router.ts";

const tags = ["operation"];

export function operationRoutes({ app, core, version }: Router, registry: Registry): void {
  app.get(
    "/health",
    { schema: { tags, summary: "The process lives", response: { 200: healthResponseSchema } } },
    async () => ({ status: "ok" as const, version, uptime_s: process.uptime() }),
  );

  app.get(
    "/ready",
    {
      schema: {
        tags,
        summary: "Each dependency, and whether the home is heated",
        response: { 200: readyResponseSchema, 503: readyResponseSchema },
      },
    },
    async (_request, reply) => {
      const ready = core.readiness();
      return reply.code(ready.status === "not_ready" ? 503 : 200).send(ready);
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "Metrics for Prometheus",
        produces: [registry.contentType],
        response: { 200: z.string() },
      },
      serializerCompiler: () => String,
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
