import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** The page's own code and style, with the libraries they need. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** Bundles the modules in `page/` for browsers. */
export function pageBundle(): PageBundle {
  const { outputFiles } = buildSync({
    entryPoints: [
      fileURLToPath(new URL("./page/page.js", import.meta.url)),
      fileURLToPath(new URL("./page/page.css", import.meta.url)),
    ],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    outdir: "out",
    write: false,
    legalComments: "inline",
  });
  const text = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))!.text;
  return { script: text(".js"), style: text(".css") };
}
