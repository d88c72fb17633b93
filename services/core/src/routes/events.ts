/** `GET /events`: what happens, as server-sent events. */
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { problemDetailsSchema, type ServerEvent } from "@azru/contracts";
import { z } from "zod";
import { problem } from "../plugins/problems.ts";
import type { Router } from "./router.ts";

/** Listeners at a time; each holds a connection. */
export const mostListeners = 50;
/** Events that may wait for a slow listener; one that lags further is let go. */
const mostWaiting = 200;
const farewell_ms = 1_000;

export function eventRoutes({ app, core }: Router): void {
  /** What ends each response, and when it has ended. */
  const open = new Map<() => void, Promise<void>>();
  // Ends each response in order; who does not read on is cut off with the server.
  app.addHook("preClose", async () => {
    for (const end of open.keys()) end();
    const patience = new Promise((resolve) => setTimeout(resolve, farewell_ms).unref());
    await Promise.race([Promise.allSettled(open.values()), patience]);
  });

  app.get(
    "/events",
    {
      sse: "only",
      schema: {
        tags: ["home"],
        summary:
          "What happens, as it happens: state, measurement, decision, plan, tariff, forecast, mode, comfort",
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
        else reply.raw.destroy();
      });
      let hasEnded = false;
      const end = () => {
        if (hasEnded) return;
        hasEnded = true;
        stop();
        queue.push(null);
      };
      open.set(
        end,
        finished(reply.raw).catch(() => undefined), // the listener left
      );
      reply.sse.onClose(() => {
        end();
        open.delete(end);
      });
      for (const event of snapshot()) queue.push(event);
      // As an iterator: the plugin logs an error whenever the listener of a stream leaves.
      await reply.sse.send(queue[Symbol.asyncIterator]());
      return undefined;
    },
  );

  /** What a listener needs to know that comes in the middle. */
  function snapshot(): ServerEvent[] {
    const plan = core.plan();
    const forecast = core.forecast();
    return [
      { event: "state", data: core.state() },
      { event: "comfort", data: core.comfort.response },
      { event: "tariff", data: core.tariff() },
      ...(forecast ? [{ event: "forecast", data: forecast } as const] : []),
      ...(plan ? [{ event: "plan", data: plan } as const] : []),
    ];
  }
}
