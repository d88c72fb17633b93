/** `GET /events`: what happens, as server-sent events. */
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { problemDetailsSchema, type ServerEvent } from "@azru/contracts";
import { normalizeIP } from "@fastify/rate-limit";
import { z } from "zod";
import { problem } from "../plugins/problems.ts";
import type { Router } from "./router.ts";

/** Listeners at a time; each holds a connection. */
export const mostListeners = 50;
/** Events that may wait for a slow listener; one that lags further is let go. */
const mostWaiting = 200;
const farewell_ms = 1_000;
const retry_s = 30;

export function eventRoutes({ app, core, limits }: Router): void {
  /** What ends each response, when it has ended, and whose it is. */
  const open = new Map<() => void, { readonly ended: Promise<void>; readonly address: string }>();
  // Ends each response in order; who does not read on is cut off with the server.
  app.addHook("preClose", async () => {
    for (const end of open.keys()) end();
    const patience = new Promise((resolve) => setTimeout(resolve, farewell_ms).unref());
    const ends = Array.from(open.values(), ({ ended }) => ended);
    await Promise.race([Promise.allSettled(ends), patience]);
  });

  app.get(
    "/events",
    {
      sse: "only",
      // Fastify's own HEAD would listen for ever.
      exposeHeadRoute: false,
      schema: {
        tags: ["home"],
        summary:
          "What happens, as it happens: state, measurement, decision, plan, tariff, forecast, mode, comfort",
        produces: ["text/event-stream"],
        response: { 200: z.string().describe("server-sent events"), 503: problemDetailsSchema },
      },
    },
    async (request, reply) => {
      if (open.size >= mostListeners) {
        return problem(reply, 503, `${mostListeners} listeners are enough, try again later`);
      }
      const address = normalizeIP(request.ip);
      const ofAddress = [...open.values()].filter((listener) => listener.address === address).length;
      if (ofAddress >= limits.listeners) {
        reply.header("retry-after", retry_s);
        return problem(
          reply,
          429,
          `${ofAddress} listeners from ${address} are enough: close pages or programs there that you do not need`,
        );
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
      // A listener that leaves is no fault.
      open.set(end, { ended: finished(reply.raw).catch(() => undefined), address });
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

  app.head("/events", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/event-stream").serializer(String).send(""),
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
