/**
 * Makes the programs of the `azru` package in `dist`: `npm pack` and `npm publish` do it first.
 *
 * One file of plain JavaScript a service and thread; the packages that they need are this package's `dependencies`.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { type CommandName, commands } from "../services/azru/src/commands.ts";
import { optionsOf } from "../services/azru/src/options-of.ts";
import { bundle } from "../services/standalone/src/bundle.ts";

optionsOrExit(createCommand("prepack", "Makes the programs of the package in dist, as npm pack does first."));

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");
const programs = [
  ...Object.values(commands).map(({ service }) => service),
  "core",
  "mpc",
  "sensor-simulator",
  "azru",
];
/** The settings that the doctor reads. */
const settings = ["core", "mpc", "sensor-simulator", "valves", "home-assistant", "standalone", "batch"];
const sourceOf = (service: string, module: string) => join(root, "services", service, "src", `${module}.ts`);

rmSync(dist, { recursive: true, force: true });
await bundle(
  Object.fromEntries([
    ...programs.map((service) => [`${service}-main`, sourceOf(service, "main")]),
    ...settings.map((service) => [`${service}-config`, sourceOf(service, "config")]),
    ["lifeline", sourceOf("standalone", "lifeline")],
  ]),
  dist,
  "package",
);

const program = join(dist, "azru-main.mjs");
writeFileSync(program, `#!/usr/bin/env node\n${readFileSync(program, "utf8")}`);
chmodSync(program, 0o755);

const helpOf = (name: string) =>
  execFileSync(process.execPath, [program, name, "--help"], { encoding: "utf8" });
const options = Object.fromEntries(
  (Object.keys(commands) as CommandName[]).map((name) => [name, optionsOf(helpOf(name))]),
);
writeFileSync(join(dist, "options.json"), JSON.stringify(options));
console.error(`dist: ${readdirSync(dist).length} files`);
