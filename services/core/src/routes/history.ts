/** What was stored. */
import { historyQuerySchema, historyResponseSchema, problemDetailsSchema } from "@azru/contracts";
import type { Router } from "./router.ts";

export function historyRoutes({ app, core }: Router): void {
  app.get(
    "/history",
    {
      schema: {
        tags: ["history"],
        summary: "The points of a series, or their means over windows of time",
        querystring: historyQuerySchema,
        response: { 200: historyResponseSchema, 400: problemDetailsSchema, 503: problemDetailsSchema },
      },
    },
    async ({ query }) => core.history(query),
  );
}
