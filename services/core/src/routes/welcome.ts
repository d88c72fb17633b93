/** The front door: the page for browsers, a few words of JSON for everything else. */
import { welcomeResponseSchema } from "@azru/contracts";
import { sendDashboard } from "./dashboard.ts";
import type { Router } from "./router.ts";

export function welcomeRoutes({ app, core, version }: Router): void {
  app.get(
    "/",
    {
      schema: {
        tags: ["operation"],
        summary: "Where everything is",
        response: { 200: welcomeResponseSchema },
      },
    },
    async (request, reply) => {
      if (request.headers.accept?.includes("text/html")) return sendDashboard(reply);
      return { name: "Azru" as const, version, site: core.site, docs: "/docs" };
    },
  );
}
