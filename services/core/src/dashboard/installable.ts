/** What lets a phone keep the page as an app: an icon, a manifest, and a service worker. */
import { createHash } from "node:crypto";

/** A house with a flame in it. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#fbfbfa"/>
<path d="M10 33 32 12l22 21v19a2 2 0 0 1-2 2H12a2 2 0 0 1-2-2z" fill="#0b756b"/>
<path d="M32 25c7 7 8 10 8 14a8 8 0 0 1-16 0c0-4 4-5 8-14z" fill="#fff"/>
</svg>
`;

const svgIcon = { src: "/icon.svg", type: "image/svg+xml", sizes: "any" };

export const manifest = {
  name: "Azru",
  short_name: "Azru",
  description: "Heats a home for less money",
  start_url: "/",
  scope: "/",
  display: "standalone",
  background_color: "#fbfbfa",
  theme_color: "#0b756b",
  icons: [
    { ...svgIcon, purpose: "any" },
    { ...svgIcon, purpose: "maskable" },
  ],
};

/**
 * Keeps the page's own files, so that an installed page opens when the home is not reached, and says so. What
 * the home does is always asked for: an old answer would be taken for the present.
 *
 * @param assets paths that change with their content
 */
export function serviceWorker(assets: readonly string[]): string {
  const files = ["/", "/icon.svg", "/manifest.webmanifest", ...assets];
  const version = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
  return `const cacheName = "azru-${version}";
const files = ${JSON.stringify(files)};
self.addEventListener("install", (event) => {
  const requests = files.map((file) => new Request(file, { cache: "reload", headers: { accept: "text/html, */*" } }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !files.includes(pathname)) return;
  if (pathname === "/" && event.request.mode !== "navigate") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
});
`;
}
