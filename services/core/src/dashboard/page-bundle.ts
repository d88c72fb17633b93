/** The pages' files, made for browsers once a process. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { bundlePage } from "@azru/page";

interface Asset {
  /** Changes with the content, so that browsers may keep it. */
  readonly path: string;
  readonly content: string;
}

export interface PageBundle {
  readonly html: string;
  readonly script: Asset;
  readonly style: Asset;
}

/** The sources of each page. */
const pages = {
  home: {
    script: new URL("./page/page.ts", import.meta.url),
    style: new URL("./page/page.css", import.meta.url),
    html: new URL("./page/page.html", import.meta.url),
  },
  setup: {
    script: new URL("./page/setup.ts", import.meta.url),
    style: new URL("./page/setup.css", import.meta.url),
    html: new URL("./page/setup.html", import.meta.url),
  },
} as const;
export type PageName = keyof typeof pages;
export const pageNames = Object.keys(pages) as PageName[];

const made = new Map<PageName, PageBundle>();

/** @throws esbuild's BuildFailure when a source is wrong */
export function pageBundle(name: PageName): PageBundle {
  const known = made.get(name) ?? bundle(pages[name]);
  made.set(name, known);
  return known;
}

function bundle(sources: (typeof pages)[PageName]): PageBundle {
  const bundled = bundlePage(sources.script, sources.style);
  const script = asset(bundled.script, "js");
  const style = asset(bundled.style, "css");
  const html = whole(sources.html)
    .replace("{{script}}", script.path.slice(1))
    .replace("{{style}}", style.path.slice(1));
  return { html, script, style };
}

/** HTML with what all pages share, such as `{{> head}}` of `head.html` beside it. */
function whole(html: URL): string {
  return readFileSync(html, "utf8").replaceAll(/\{\{> ([\w-]+)\}\}\n/g, (_, name: string) =>
    readFileSync(new URL(`./${name}.html`, html), "utf8"),
  );
}

function asset(content: string, extension: "js" | "css"): Asset {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return { path: `/dashboard/${hash}.${extension}`, content };
}
