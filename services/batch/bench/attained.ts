/**
 * What share of perfect foresight's saving the interior point catches, 48 h ahead, in every home of examples/buildings
 * and in both forms of the twin: `pnpm bench:attained [--days 30] [--json docs/figures/attained.json]`. Prints a table in
 * Markdown.
 */
import { writeFileSync } from "node:fs";
import { createCommand, optionsOrExit, wholeNumber } from "@azru/command-line";
import { type Attained, attained } from "./attained-saving.ts";

const { days, json } = optionsOrExit<{ days: number; json: string }>(
  createCommand(
    "bench:attained",
    "The share of perfect foresight's saving in every example home, in Markdown.",
  )
    .option("--days <number>", "from 11 January 2026 on", wholeNumber(1, 80), 30)
    .option("--json <file>", "where the figures are kept", "docs/figures/attained.json"),
);

const startMs = Date.parse("2026-01-11T00:00:00+01:00");
const period = ["--start", "2026-01-11", "--end", new Date(startMs + days * 86_400_000).toISOString()];
const homes = ["light", "medium", "heavy", "very-heavy"];
const knowledge = {
  everything: ["--colours", "perfect"],
  uncertain: ["--forecast", "realistic", "--state", "estimated"],
};
const forms = { states: "house of states", "5r1c": "5R1C zone" };

interface Row {
  readonly twin: keyof typeof forms;
  readonly everything: Attained;
  readonly uncertain: Attained;
}

async function rowOf(twin: Row["twin"], home: string): Promise<Row> {
  const asked = [...period, "--twin", twin, "--solver", "interior"];
  const living = (options: readonly string[]) =>
    attained([...asked, "--building", `examples/buildings/${home}.json`, ...options]);
  const [[everything], [uncertain]] = [await living(knowledge.everything), await living(knowledge.uncertain)];
  return { twin, everything, uncertain };
}

const percent = (share: number) => (100 * share).toFixed(1);
console.log(
  "| twin | home | thermostat, EUR | foresight, EUR | all known: share, % | K h below 19 | uncertain: share, % | K h below 19 | thermostat's K h |",
);
console.log("|---|---|---|---|---|---|---|---|---|");
const rows: Row[] = [];
for (const twin of ["states", "5r1c"] as const)
  for (const home of homes) {
    const row = await rowOf(twin, home);
    const { everything, uncertain } = row;
    const cells = [
      ...[forms[twin], home.replace("-", " ")],
      ...[everything.thermostat_eur.toFixed(2), everything.foresight_eur.toFixed(2)],
      ...[percent(everything.share), everything.mpcBelow_kh.toFixed(2)],
      ...[percent(uncertain.share), uncertain.mpcBelow_kh.toFixed(2)],
      uncertain.thermostatBelow_kh.toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
    rows.push(row);
  }
writeFileSync(json, `${JSON.stringify({ days, rows }, null, 1)}\n`);
