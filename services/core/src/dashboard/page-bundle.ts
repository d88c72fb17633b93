/** The page's files, made for browsers once a process. */
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

let made: PageBundle | undefined;

export function pageBundle(): PageBundle {
  made ??= bundle();
  return made;
}

/** @throws esbuild's BuildFailure when a source is wrong */
function bundle(): PageBundle {
  const bundled = bundlePage(
    new URL("./page/page.ts", import.meta.url),
    new URL("./page/page.css", import.meta.url),
  );
  const script = asset(bundled.script, "js");
  const style = asset(bundled.style, "css");
  const html = readFileSync(new URL("./page/page.html", import.meta.url), "utf8")
    .replace("{{script}}", script.path)
    .replace("{{style}}", style.path);
  return { html, script, style };
}

function asset(content: string, extension: "js" | "css"): Asset {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return { path: `/dashboard/${hash}.${extension}`, content };
}
