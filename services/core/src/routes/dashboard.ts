/** The pages for browsers, and the files that they need; no other server is asked. */
import type { FastifyReply } from "fastify";
import { icon, manifest, serviceWorker } from "../dashboard/installable.ts";
import { type PageName, pageBundle, pageNames } from "../dashboard/page-bundle.ts";
import type { Router } from "./router.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const forever = "public, max-age=31536000, immutable";
const asked = "no-cache";

export function dashboardRoutes({ app }: Router): void {
  const assets = pageNames.flatMap((name) => {
    const { script, style } = pageBundle(name);
    return [
      { ...script, type: "text/javascript", caching: forever },
      { ...style, type: "text/css", caching: forever },
    ];
  });
  const files = [
    ...assets,
    { path: "/icon.svg", content: icon, type: "image/svg+xml", caching: asked },
    {
      path: "/manifest.webmanifest",
      content: JSON.stringify(manifest),
      type: "application/manifest+json",
      caching: asked,
    },
    {
      path: "/service-worker.js",
      content: serviceWorker(assets.map(({ path }) => path)),
      type: "text/javascript",
      caching: asked,
    },
  ];
  for (const { path, content, type, caching } of files) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).header("cache-control", caching).serializer(String).send(content),
    );
  }
}

export interface Shown {
  /** What heats, of which the page speaks. */
  readonly heater?: string | undefined;
  /** Within a page of Home Assistant, which has the same origin; in no other. */
  readonly isFramed: boolean;
}

/** Answers a browser with one of the pages. */
export function sendPage(
  reply: FastifyReply,
  name: PageName,
  { heater = "", isFramed }: Shown,
): FastifyReply {
  return reply
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-cache")
    .header("content-security-policy", `${policy}; frame-ancestors ${isFramed ? "'self'" : "'none'"}`)
    .serializer(String)
    .send(pageBundle(name).html.replace("{{heater}}", heater));
}
