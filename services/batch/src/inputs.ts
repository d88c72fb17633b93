/** What a result was made of, so that it can be made again. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "@azru/command-line";
import { parseBuilding } from "@azru/contracts";
import { exampleFile } from "@azru/contracts/building-file";
import { type TwinForm, usualTwin } from "@azru/simulation";
import { readText } from "@azru/text-file";
import { z } from "zod";

const optionSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** By the options' names on the command line, defaults included. */
export type CommandOptions = Readonly<Record<string, z.infer<typeof optionSchema>>>;

const inputsSchema = z.object({
  version: z.string(),
  /** Of the source code; absent outside a clone. */
  commit: z.string().optional(),
  options: z.record(z.string(), optionSchema),
  /** Content of the text files that the options name. */
  files: z.record(z.string(), z.string()),
  /** SHA-256 of the weather file, which is too large to be kept. */
  weather_sha256: z.string().optional(),
});

export type Inputs = z.infer<typeof inputsSchema>;

/**
 * Gathers them.
 *
 * @throws the file system's error when a file that an option names has gone
 */
export async function inputsOf(options: CommandOptions): Promise<Inputs> {
  const files: Record<string, string> = {};
  for (const path of textFiles(options)) files[path] = await readText(exampleFile(path));
  const weather = String(options.weather);
  const bytes = weather.startsWith("epw:") ? await readFile(weather.slice("epw:".length)) : undefined;
  const packageFile = new URL("../../../package.json", import.meta.url);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(packageFile, "utf8")));
  const commit = await commitOf(packageFile);
  return {
    version,
    ...(commit !== undefined && { commit }),
    options: { ...options },
    files,
    ...(bytes && { weather_sha256: createHash("sha256").update(bytes).digest("hex") }),
  };
}

async function commitOf(file: URL): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: new URL(".", file) });
    return stdout.trim();
  } catch {
    return undefined; // no git, or no clone
  }
}

/** The files that options name, but for weather files, which are large. */
function textFiles(options: CommandOptions): string[] {
  const named = ["building", "model", "schedule", "prices"].flatMap((name) => options[name] ?? []);
  const within = ["tariff", "weather"].flatMap((name) => fileWithin(String(options[name] ?? "")) ?? []);
  return [...new Set([...named.map(String), ...within])];
}

/** The file in `tempo:FILE`, `file:FILE` and `scenario:FILE.json`. */
function fileWithin(spec: string): string | undefined {
  const [, path] = /^(?:tempo|file|scenario):(.+)$/s.exec(spec) ?? [];
  return path === undefined || ["api", "allotted"].includes(path) || /^[a-z-]+$/.test(path)
    ? undefined
    : path;
}

/**
 * The arguments that make a result again. The files that it names are written anew to a temporary folder, which lasts
 * as long as the process.
 *
 * @param path of a result, as `--json` prints it and `--out` writes it
 * @param others further arguments, in the place of those of the result
 * @returns with what a person should know about what may differ, and the names that the files had, by their new ones
 * @throws UsageError when the file is no result of this version or a later one
 */
export async function argumentsFrom(
  path: string,
  others: readonly string[],
): Promise<{ argv: string[]; notes: string[]; names: ReadonlyMap<string, string> }> {
  const { options, files, version, weather_sha256 } = await readInputs(path);
  const folder = await mkdtemp(join(tmpdir(), "azru-from-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const moved = new Map<string, string>();
  for (const [i, [file, content]] of Object.entries(files).entries()) {
    const copy = join(folder, String(i), basename(file)); // outputs name a tariff by its file
    await mkdir(dirname(copy));
    await writeFile(copy, content);
    moved.set(file, copy);
  }
  const given = new Set(others.map((token) => token.split("=", 1)[0]));
  if (given.has("--mode")) given.add("--compare");
  if (given.has("--compare")) given.add("--mode");
  const argv = Object.entries(options).flatMap(([name, value]) => {
    if (given.has(`--${name}`) || value === false) return [];
    if (value === true) return [`--${name}`];
    return [`--${name}`, ...[value].flat().map((each) => withMoved(String(each), moved))];
  });
  if (options.twin === undefined && !given.has("--twin"))
    argv.push("--twin", twinOfOld(path, options, files));
  const notes = [`Repeats ${path}, made by version ${version}.`];
  const weather = String(options.weather);
  if (weather_sha256 !== undefined && !given.has("--weather")) {
    const bytes = await readFile(weather.slice("epw:".length)).catch(() => undefined);
    if (bytes && createHash("sha256").update(bytes).digest("hex") !== weather_sha256)
      notes.push(`${weather} is not the file that the result was made with: it will differ.`);
  }
  const names = new Map([...moved].map(([file, copy]) => [copy, file]));
  return { argv: [...argv, ...others], notes, names };
}

/**
 * The inputs of a repeated result with the names that its files had; where another file has that name by now, the new
 * name stays.
 *
 * @param names by the new ones, as `argumentsFrom` gives them
 */
export function withFormerNames(inputs: Inputs, names: ReadonlyMap<string, string>): Inputs {
  const free = new Map([...names].filter(([, name]) => !(name in inputs.files)));
  const option = (value: CommandOptions[string]) => {
    if (Array.isArray(value)) return value.map((each) => withMoved(each, free));
    return typeof value === "string" ? withMoved(value, free) : value;
  };
  const entries = Object.entries(inputs.options).map(([name, value]) => [name, option(value)]);
  return {
    ...inputs,
    options: Object.fromEntries(entries),
    files: Object.fromEntries(
      Object.entries(inputs.files).map(([path, content]) => [free.get(path) ?? path, content]),
    ),
  };
}

/**
 * The form of the houses of a result that does not name it: until 0.1.0 it followed from the building.
 *
 * @throws UsageError where they are of both
 */
function twinOfOld(path: string, { state, building }: Inputs["options"], files: Inputs["files"]): TwinForm {
  const forms = [building ?? []].flat().map((file): TwinForm => {
    const home = parseBuilding(files[String(file)] ?? "", String(file));
    return state === "estimated" && !home.learnt ? "5r1c" : usualTwin(home);
  });
  if (new Set(forms).size > 1)
    throw new UsageError(
      `--from ${path} holds houses of both forms; name one by --twin, with the --building of that form`,
    );
  return forms[0] ?? "5r1c";
}

function withMoved(value: string, moved: ReadonlyMap<string, string>): string {
  const inner = fileWithin(value);
  const copy = moved.get(inner ?? value);
  if (copy === undefined) return value;
  return inner === undefined ? copy : value.slice(0, value.length - inner.length) + copy;
}

async function readInputs(path: string): Promise<Inputs> {
  let content: unknown;
  try {
    content = JSON.parse(await readText(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--from ${path} cannot be read: ${code ?? message}`);
  }
  const parsed = z.object({ inputs: inputsSchema }).safeParse(content);
  if (!parsed.success)
    throw new UsageError(
      `--from ${path} is no result of simulate with its inputs (of a grid, take the summary.json of one study)`,
    );
  return parsed.data.inputs;
}
