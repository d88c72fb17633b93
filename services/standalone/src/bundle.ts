/** The services as plain JavaScript, which starts sooner and takes half the memory of compiling in each process. */
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundlePage } from "@azru/page";
import { build, type Plugin, stop } from "esbuild";

/** A module that runs on a thread, by its name: `new URL("./solve-worker.ts", import.meta.url)`. */
const threadModule = /new URL\("(\.{1,2}\/[^"]*worker\.ts)", import\.meta\.url\)/g;
/** In a module that bundles pages for browsers: the import that does, and a page's script, whose style is beside it. */
const pageImport = /^ *import \{ bundlePage \} from "@azru\/page";$/m;
const pageScript = /new URL\("(\.[^"]+)\.(ts|js)", import\.meta\.url\)/g;

/**
 * Makes one file of each entry point and of each module that it starts as a thread, in `outDirectory`. They
 * hold the sources of this workspace, and its pages ready for browsers; packages stay where they are installed. Every
 * module keeps thinking that it is where its source is, so it finds the files beside it.
 *
 * @param entryPoints absolute path of the source by name
 * @returns absolute path of the file by name
 * @throws esbuild's BuildFailure when a source is wrong or an import cannot be found
 */
export async function bundle<Name extends string>(
  entryPoints: Readonly<Record<Name, string>>,
  outDirectory: string,
): Promise<Record<Name, string>> {
  const threads = new Map<string, string>();
  const fileOf = (name: string) => join(outDirectory, `${name}.mjs`);
  const threadFileOf = (source: string) => {
    const name = threads.get(source) ?? `thread-${threads.size + 1}`;
    threads.set(source, name);
    return fileOf(name);
  };
  const plugins = [installedPackages, inPlace(threadFileOf)];
  let sources: Record<string, string> = entryPoints;
  for (let known = -1; known < threads.size; ) {
    known = threads.size;
    await build({
      entryPoints: sources,
      outdir: outDirectory,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      format: "esm",
      platform: "node",
      target: `node${process.versions.node}`,
      conditions: [],
      plugins,
      logLevel: "silent",
    });
    sources = Object.fromEntries([...threads].map(([source, name]) => [name, source]));
  }
  await stop();
  const files = Object.keys(entryPoints).map((name) => [name, fileOf(name)]);
  return Object.fromEntries(files) as Record<Name, string>;
}

/** Imports packages by address, because the bundle is not where their importers are. */
const installedPackages: Plugin = {
  name: "installed-packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      const known = kind === "entry-point" || path.startsWith("node:") || path.startsWith("@azru/");
      if (known || pluginData === installedPackages) return undefined;
      const options = { kind, importer, resolveDir, pluginData: installedPackages };
      const found = await build.resolve(path, options);
      if (found.errors.length > 0) return { errors: found.errors };
      return {
        path: found.namespace === "file" && !found.external ? urlOf(found.path) : path,
        external: true,
        // A package that only has exports is left out where none of them is used.
        sideEffects: found.sideEffects,
      };
    });
  },
};

/** Tells each module where its source is, and where the modules of its threads are; gives it its pages. */
function inPlace(threadFileOf: (source: string) => string): Plugin {
  return {
    name: "in-place",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const contents = withPages(source, dirname(path))
          .replace(
            threadModule,
            (_, file) => `new URL("${urlOf(threadFileOf(resolve(dirname(path), file)))}")`,
          )
          .replaceAll("import.meta.url", JSON.stringify(urlOf(path)));
        return { contents, loader: "ts" };
      });
    },
  };
}

/** A module with its pages made here once, in the place of the function that would make them at each start. */
function withPages(source: string, folder: string): string {
  if (!pageImport.test(source)) return source;
  const pages = [...source.matchAll(pageScript)].flatMap(([, stem, extension]) => {
    if (!source.includes(`new URL("${stem}.css"`)) return [];
    const file = (ending: string) => new URL(`${stem}.${ending}`, urlOf(`${folder}/`));
    return [[file(extension!).href, bundlePage(file(extension!), file("css"))]];
  });
  return source.replace(
    pageImport,
    () => `
      const bundlePage = ((made) => (script) => {
        const page = made.get(script.href);
        if (!page) throw new Error(\`no page was made of \${script.href}\`);
        return page;
      })(new Map(${JSON.stringify(pages)}));`,
  );
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
