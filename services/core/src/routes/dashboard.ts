/** The page for browsers, and its two files; needs no other server. */
import type { FastifyReply } from "fastify";
import { pageBundle } from "../dashboard/page-bundle.ts";
import type { Router } from "./router.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function dashboardRoutes({ app }: Router): void {
  const { script, style } = pageBundle();
  for (const [{ path, content }, type] of [
    [script, "text/javascript"],
    [style, "text/css"],
  ] as const) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(`${type}; charset=utf-8`)
        .header("cache-control", "public, max-age=31536000, immutable")
        .serializer(String)
        .send(content),
    );
  }
}

/** Answers a browser that came to the front door. */
export function sendDashboard(reply: FastifyReply): FastifyReply {
  return reply
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-cache")
    .header("content-security-policy", policy)
    .serializer(String)
    .send(pageBundle().html);
}
