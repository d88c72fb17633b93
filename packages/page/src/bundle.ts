/** A page's own code and style for browsers, with the libraries they need. */
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/**
 * Bundles a script and a style sheet with all that they import.
 *
 * @throws esbuild's BuildFailure when a source is wrong
 */
export function bundlePage(script: URL, style: URL): PageBundle {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(script), fileURLToPath(style)],
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
