/** The page's files, made for browsers once a process. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

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
  const { outputFiles } = buildSync({
    entryPoints: [
      fileURLToPath(new URL("./page/page.js", import.meta.url)),
      fileURLToPath(new URL("./page/page.css", import.meta.url)),
    ],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    outdir: "out",
    write: false,
    legalComments: "inline",
  });
  const asset = (extension: "js" | "css"): Asset => {
    const { text } = outputFiles.find(({ path }) => path.endsWith(extension))!;
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
    return { path: `/dashboard/${hash}.${extension}`, content: text };
  };
  const script = asset("js");
  const style = asset("css");
  const html = readFileSync(new URL("./page/page.html", import.meta.url), "utf8")
    .replace("{{script}}", script.path)
    .replace("{{style}}", style.path);
  return { html, script, style };
}
