import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { completions } from "./completion.ts";
import { optionsOf } from "./options-of.ts";

const help = `Usage: azru simulate [options]

Lets a house live.

Options:
  --start <time>          first instant, ISO 8601
  --mode <mode>           who controls (choices: "mpc", "manual", default:
                          "mpc")
  --building <file...>    one or several (default: ["a.json"])
  --no-simulator          real operation (env: AZRU_X)
  -h, --help              display help for command

Examples:
  azru simulate --start 2026-01-11
`;
const options = { simulate: optionsOf(help) };

test("options are read from a command's help", () => {
  expect(options.simulate).toEqual([
    { name: "--start", description: "first instant, ISO 8601", choices: [] },
    { name: "--mode", description: "who controls", choices: ["mpc", "manual"] },
    { name: "--building", description: "one or several", choices: [] },
    { name: "--no-simulator", description: "real operation", choices: [] },
    { name: "--help", description: "display help for command", choices: [] },
  ]);
});

test("Tab offers commands, then options, then the words that an option takes, and files elsewhere", () => {
  const names = (line: string, previous = "") =>
    completions({ line, previous }, options)?.map((item) => (typeof item === "string" ? item : item.name));
  expect(names("azru ")).toEqual(Object.keys(commands));
  expect(names("azru simulate --")).toEqual(options.simulate.map(({ name }) => name));
  expect(names("azru simulate --mode ", "--mode")).toEqual(["mpc", "manual"]);
  expect(names("azru simulate --building ", "--building")).toBeUndefined();
  expect(names("azru nothing ")).toBeUndefined();
});

test("the installed package depends on all that its services do, in the same versions", () => {
  const root = new URL("../../../", import.meta.url);
  const manifest = (path: string): { dependencies?: Record<string, string> } =>
    JSON.parse(readFileSync(new URL(path, root), "utf8"));
  const own = manifest("package.json").dependencies!;
  const used = new Set<string>();
  const folders = ["packages", "services"].flatMap((place) =>
    readdirSync(new URL(place, root)).map((name) => `${place}/${name}/package.json`),
  );
  for (const file of folders) {
    // The init service runs in its container alone.
    if (file === "services/init/package.json" || !existsSync(new URL(file, root))) continue;
    for (const [dependency, version] of Object.entries(manifest(file).dependencies ?? {})) {
      if (dependency.startsWith("@azru/") || dependency.endsWith("-types")) continue;
      used.add(dependency);
      expect.soft(own[dependency]?.split(".", 1), `${dependency} of ${file}`).toEqual(version.split(".", 1));
    }
  }
  expect(Object.keys(own).sort()).toEqual([...used].sort());
});
