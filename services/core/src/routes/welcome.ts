/** The front door: the page for browsers, a few words of JSON for everything else. */
import { welcomeResponseSchema } from "@azru/contracts";
import { sendPage } from "./dashboard.ts";
import type { Router } from "./router.ts";

/** @param asksFirst whether a browser is asked about the home before it sees it */
export function welcomeRoutes({ app, core, version }: Router, asksFirst: () => boolean): void {
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
        return asksFirst() && !isLater ? reply.redirect("/setup") : sendPage(reply, "home");
      }
      return { name: "Azru" as const, version, site: core.site, docs: "/docs" };
    },
  );
}
