/** What the home does and why: state, plan, forecast. */
import {
  forecastStateSchema,
  lowerCeilingQuerySchema,
  lowerCeilingResponseSchema,
  planResponseSchema,
  problemDetailsSchema,
  stateResponseSchema,
} from "@azru/contracts";
import { problem } from "../plugins/problems.ts";
import { recent } from "../plugins/recent.ts";
import type { Router } from "./router.ts";

const tags = ["home"];

/** However many ask for it, the state is put together at most so often. */
const stateEvery_ms = 100;

export function homeRoutes({ app, core, limits }: Router): void {
  const state = recent(core.state, stateEvery_ms, () => performance.now());
  const stop = core.onChange(state.forget);
  app.addHook("onClose", async () => stop());

  app.get(
    "/state",
    {
      schema: { tags, summary: "The home at a glance", response: { 200: stateResponseSchema } },
    },
    async () => state.get(),
  );

  app.get(
    "/plan",
    {
      schema: {
        tags,
        summary: "The last plan of the optimiser",
        response: { 200: planResponseSchema, 404: problemDetailsSchema },
      },
    },
    async (_request, reply) => core.plan() ?? problem(reply, 404, "there is no plan yet"),
  );

  app.get(
    "/plan/lower-ceiling",
    {
      config: { rateLimit: { max: limits.control, timeWindow: "1 minute" } },
      schema: {
        tags,
        summary: "What the last plan would cost more with a lower ceiling: the optimiser plans it anew",
        querystring: lowerCeilingQuerySchema,
        response: {
          200: lowerCeilingResponseSchema,
          400: problemDetailsSchema,
          404: problemDetailsSchema,
          503: problemDetailsSchema,
        },
      },
    },
    async ({ query }, reply) => {
      const answer = await core.lowerCeiling(query.by);
      if (!answer) return problem(reply, 404, "no plan has been made since the core started");
      return "why" in answer ? problem(reply, 503, answer.why) : answer;
    },
  );

  app.get(
    "/forecast",
    {
      schema: {
        tags,
        summary: "The weather that decisions are made for",
        response: { 200: forecastStateSchema, 404: problemDetailsSchema },
      },
    },
    async (_request, reply) => core.forecast() ?? problem(reply, 404, "there is no forecast yet"),
  );
}
