/** The services as plain JavaScript, which starts sooner and takes half the memory of compiling in each process. */
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { bundlePage } from "@azru/page";
import { build, type Plugin, stop } from "esbuild";

/**
 * Where a module speaks of its own place: in a URL that begins there, of a module that runs on a thread, whose name ends
 * in `worker.ts`; in one of the `main.ts` or `config.ts` of another service that a variable names; in anything else.
 */
const ownPlace =
  /new URL\("(\.{1,2}\/[^"]*worker\.ts)", import\.meta\.url\)|new URL\(`[./]*\$\{(\w+)\}\/src\/(main|config)\.ts`, import\.meta\.url\)|import\.meta\.url/g;
/** In a module that bundles pages for browsers: the import that does, and a page's script, whose style is beside it. */
const pageImport = /^ *import \{ bundlePage(?:, (\w+))? \} from "@azru\/page";$/m;
const pageScript = /new URL\("(\.[^"]+)\.(ts|js)", import\.meta\.url\)/g;

/**
 * Makes one file of each entry point and of each module that it starts as a thread, in `outDirectory`. They
 * hold the sources of this workspace, and its pages ready for browsers; packages stay where they are installed. Every
 * module keeps thinking that it is where its source is, so it finds the files beside it.
 *
 * @param entryPoints absolute path of the source by name
 * @param place `here`: the programs run on this machine alone, from anywhere; `package`: on any machine, in a folder that
 *   stands to the sources' folders as `outDirectory` does here, with packages found as Node finds them
 * @returns absolute path of the file by name
 * @throws esbuild's BuildFailure when a source is wrong or an import cannot be found
 */
export async function bundle<Name extends string>(
  entryPoints: Readonly<Record<Name, string>>,
  outDirectory: string,
  place: "here" | "package" = "here",
): Promise<Record<Name, string>> {
  const threads = new Map<string, string>();
  const fileOf = (name: string) => join(outDirectory, `${name}.mjs`);
  const threadFileOf = (source: string) => {
    const name = threads.get(source) ?? `thread-${threads.size + 1}`;
    threads.set(source, name);
    return fileOf(name);
  };
  const urlIn = place === "here" ? absoluteUrl : relativeUrl(outDirectory);
  const plugins = [
    place === "here" ? installedPackages : packagesByName,
    inPlace({
      urlIn,
      threadUrl: (source) => urlIn(threadFileOf(source)),
      serviceUrl: place === "here" ? serviceSource : serviceProgram,
    }),
  ];
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
      target: place === "here" ? `node${process.versions.node}` : "node20.19",
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

/** Packages as they are named: whoever installs the programs has them. */
const packagesByName: Plugin = {
  name: "packages-by-name",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@azru/") ? undefined : { path, external: true },
    );
  },
};

/** The code of a file's address. */
type UrlCode = (path: string) => string;

const absoluteUrl: UrlCode = (path) => JSON.stringify(urlOf(path));

/** From the program that runs, which lies in `folder`. */
function relativeUrl(folder: string): UrlCode {
  return (path) => {
    const from = relative(folder, path).split(sep).join("/");
    return `new URL(${JSON.stringify(from.startsWith(".") ? from : `./${from}`)}, import.meta.url).href`;
  };
}

type ServiceUrlCode = (variable: string, module: string) => string;

const services = urlOf(resolve(import.meta.dirname, "../.."));
const serviceSource: ServiceUrlCode = (variable, module) =>
  `new URL(\`${services}/\${${variable}}/src/${module}.ts\`)`;
/** In the same folder, by the name that `scripts/package.ts` gives it. */
const serviceProgram: ServiceUrlCode = (variable, module) =>
  `new URL(\`./\${${variable}}-${module}.mjs\`, import.meta.url)`;

interface Places {
  readonly urlIn: UrlCode;
  readonly threadUrl: UrlCode;
  readonly serviceUrl: ServiceUrlCode;
}

/**
 * Gives each module where its source is, and where the modules of its threads and of other services are; gives it its
 * pages.
 */
function inPlace({ urlIn, threadUrl, serviceUrl }: Places): Plugin {
  return {
    name: "in-place",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const contents = withPages(source, dirname(path)).replace(ownPlace, (_, thread, service, module) => {
          if (thread) return `new URL(${threadUrl(resolve(dirname(path), thread))})`;
          return service ? serviceUrl(service, module) : urlIn(path);
        });
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
    const page = JSON.stringify(bundlePage(file(extension), file("css")));
    return [`[new URL("${stem}.${extension}", import.meta.url).href, ${page}]`];
  });
  return source.replace(
    pageImport,
    (_, other?: string) => `
      ${other ? `import { ${other} } from "@azru/page";` : ""}
      const bundlePage = ((made) => (script) => {
        const page = made.get(script.href);
        if (!page) throw new Error(\`no page was made of \${script.href}\`);
        return page;
      })(new Map([${pages.join(", ")}]));`,
  );
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
