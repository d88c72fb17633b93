/** `GET /events`: what happens, as server-sent events. */
import { Readable } from "node:stream";
import { problemDetailsSchema, type ServerEvent } from "@azru/contracts";
import { z } from "zod";
import { problem } from "../plugins/problems.ts";
import type { Router } from "./router.ts";

/** Listeners at a time; each holds a connection. */
export const mostListeners = 50;
/** Events that may wait for a slow listener; one that lags further is let go. */
const mostWaiting = 200;

export function eventRoutes({ app, core }: Router): void {
  const open = new Set<Readable>();
  app.addHook("preClose", async () => {
    for (const queue of open) queue.push(null);
  });

  app.get(
    "/events",
    {
      sse: "only",
      schema: {
        tags: ["home"],
        summary: "What happens, as it happens: state, measurement, decision, plan, tariff, forecast, mode",
        produces: ["text/event-stream"],
        response: { 200: z.string().describe("server-sent events"), 503: problemDetailsSchema },
      },
    },
    async (_request, reply) => {
      if (open.size >= mostListeners) {
        return problem(reply, 503, `${mostListeners} listeners are enough, try again later`);
      }
      const queue = new Readable({ objectMode: true, highWaterMark: mostWaiting, read: () => undefined });
      const stop = core.events.listen((event) => {
        if (queue.readableLength < mostWaiting) queue.push(event);
        else queue.destroy(new Error(`a listener lags ${mostWaiting} events behind`));
      });
      open.add(queue);
      reply.sse.onClose(() => queue.destroy());
      for (const event of snapshot()) queue.push(event);
      try {
        await reply.sse.send(queue);
      } finally {
        open.delete(queue);
        stop();
      }
      return reply;
    },
  );

  /** What a listener needs to know that comes in the middle. */
  function snapshot(): ServerEvent[] {
    const plan = core.plan();
    const forecast = core.forecast();
    return [
      { event: "state", data: core.state() },
      { event: "tariff", data: core.tariff() },
      ...(forecast ? [{ event: "forecast", data: forecast } as const] : []),
      ...(plan ? [{ event: "plan", data: plan } as const] : []),
    ];
  }
}
