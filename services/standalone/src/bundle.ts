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
 * `here`: on this machine alone, from anywhere. `test`: as well, and the programs hold most packages, so that they start
 * in half the time; the core takes 12 MB more. `package`: on any machine, in a folder that stands to the sources' folders
 * as `outDirectory` does here, with packages found as Node finds them.
 */
type Place = "here" | "test" | "package";

/**
 * Makes one file of each entry point and of each module that it starts as a thread, in `outDirectory`. They
 * hold the sources of this workspace, and its pages ready for browsers; packages stay where they are installed, unless
 * `place` says otherwise. Every module keeps thinking that it is where its source is, so it finds the files beside it.
 *
 * @param entryPoints absolute path of the source by name
 * @param place where the programs run
 * @returns absolute path of the file by name
 * @throws esbuild's BuildFailure when a source is wrong or an import cannot be found
 */
export async function bundle<Name extends string>(
  entryPoints: Readonly<Record<Name, string>>,
  outDirectory: string,
  place: Place = "here",
): Promise<Record<Name, string>> {
  const threads = new Map<string, string>();
  const fileOf = (name: string) => join(outDirectory, `${name}.mjs`);
  const threadFileOf = (source: string) => {
    const name = threads.get(source) ?? `thread-${threads.size + 1}`;
    threads.set(source, name);
    return fileOf(name);
  };
  const isPackage = place === "package";
  const urlIn = isPackage ? relativeUrl(outDirectory) : absoluteUrl;
  const plugins = [
    packagesOf[place],
    inPlace({
      urlIn,
      threadUrl: (source) => urlIn(threadFileOf(source)),
      serviceUrl: isPackage ? serviceProgram : serviceSource,
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
      target: isPackage ? "node20.19" : `node${process.versions.node}`,
      banner: place === "test" ? { js: requireForPackages } : {},
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

/** A package, not of this workspace and not of Node. */
const isPackageName = (path: string) => !path.startsWith("node:") && !path.startsWith("@azru/");
/** Packages that find files beside their modules, or take no part in the time of a start. */
const apart =
  /^(@fastify\/|fastify$|@libsql\/|libsql$|esbuild$|piscina$|pino$|pino-pretty$|tsx$|undici$|write-file-atomic$)/;

/** For those packages in a bundle that are CommonJS. */
const requireForPackages = `
import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);`;

const isSought = Symbol("of what installedPackages itself asks for");

/** Imports the packages that stay where they are by address, because the bundle is not where their importers are. */
function installedPackages(stays: (path: string) => boolean): Plugin {
  return {
    name: "installed-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind === "entry-point" || pluginData === isSought || !stays(path)) return undefined;
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: isSought });
        if (found.errors.length > 0) return { errors: found.errors };
        // A package that only has exports is left out where none of them is used.
        const { sideEffects } = found;
        if (found.namespace !== "file" || found.external) return { path, external: true, sideEffects };
        const address = kind === "require-call" ? found.path : urlOf(found.path);
        return { path: address, external: true, sideEffects };
      });
    },
  };
}

/** Packages as they are named: whoever installs the programs has them. */
const packagesByName: Plugin = {
  name: "packages-by-name",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@azru/") ? undefined : { path, external: true },
    );
  },
};

const packagesOf: Readonly<Record<Place, Plugin>> = {
  here: installedPackages(isPackageName),
  test: installedPackages((path) => apart.test(path)),
  package: packagesByName,
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
