/** The front door: the page for browsers, a few words of JSON for everything else. */
import { welcomeResponseSchema } from "@azru/contracts";
import { sendPage } from "./dashboard.ts";
import type { Router } from "./router.ts";
import type { Setup } from "./setup.ts";

/** @param setup where the home is described; a browser may be asked about it before it sees it */
export function welcomeRoutes(
  { app, core, version, isIngress }: Router,
  setup: Pick<Setup, "asksFirst" | "heater"> | undefined,
): void {
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
      if (request.headers.accept?.includes("text/html")) {
        const isLater = request.url.endsWith("?later");
        const isFramed = isIngress(request);
        // Within Home Assistant the page lies below a path that only the browser knows.
        if (setup?.asksFirst() && !isLater) return reply.redirect(isFramed ? "setup" : "/setup");
        return sendPage(reply, "home", { heater: setup?.heater, isFramed });
      }
      return { name: "Azru" as const, version, site: core.site, docs: "/docs" };
    },
  );
}
