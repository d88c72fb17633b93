/** Writes the French dashboards from the English ones and grafana/french.json: `pnpm grafana:french`. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { inFrench, untranslated } from "./grafana/french.ts";

optionsOrExit(
  createCommand(
    "grafana:french",
    "Writes the French dashboards from the English ones and grafana/french.json, and formats them.",
  ),
);

const folder = new URL("../grafana/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const texts = read("french.json");

for (const name of ["azru-live", "azru-batch"]) {
  const english = read(`dashboards/${name}.json`);
  const french = `${JSON.stringify(inFrench(english, texts), null, 2)}\n`;
  writeFileSync(new URL(`dashboards/${name}-fr.json`, folder), french);
  for (const text of untranslated(english, texts)) console.error(`grafana/french.json lacks: ${text}`);
}
execFileSync("biome", ["format", "--write", "grafana/dashboards"], { stdio: "inherit" });
