import { homeMinute } from "@azru/runtime";
import type { Comparison, Kpis } from "@azru/simulation";
import Table from "cli-table3";
import type { BaselineResult, Study } from "./study.ts";

const head = ["building", "mode", "EUR", "kWh", "K h <", "K h >", "kW", "mean C"];

/** Lines around the columns cost the width of a terminal, 80 characters. */
const bare = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((name) => [name, ""]),
);

/** A table without lines, of two columns of names and others of figures. */
function bareTable(head: string[]): Table.Table {
  return new Table({
    head,
    chars: bare,
    style: { head: [], border: [], compact: true, "padding-left": 1, "padding-right": 0 },
    colAligns: head.map((_, i) => (i < 2 ? "left" : "right")),
  });
}

/** The result of a study as text for a terminal. */
export function summaryText(study: Study): string {
  const table = bareTable(head);
  for (const { building, mode, kpis } of study.runs) {
    table.push(rowOf(building.name, mode, kpis));
    if (mode !== "mpc") continue;
    for (const one of study.baselines)
      if (one.building === building.name) table.push(rowOf(building.name, one.baseline, one.kpis));
  }
  const lines = [
    ...(study.label === "" ? [] : [study.label]),
    `${homeMinute(study.startMs)} to ${homeMinute(study.endMs)} (Europe/Paris)`,
    `weather: ${study.weather}`,
    `tariff:  ${study.tariff}`,
    "",
    table.toString(),
    ...deviationLines(study),
    ...study.comparisons.flatMap(({ building, result }) => [
      `${building}: the MPC saves ${savingText(result)} against the thermostat, ${heatLeft(result.heatLeft_eur)}: ` +
        `${cents(result.shifted_eur)} shifted to cheaper hours, ${cents(result.lessHeat_eur)} by heating less`,
      ...study.baselines.filter((one) => one.building === building).map(againstBaseline),
    ]),
  ];
  if (!study.complete) lines.push("Stopped before the end: the figures hold for what was simulated.");
  return lines.join("\n");
}

/** How cold each run was by the air and by the operative temperature. */
function deviationLines({ runs }: Study): string[] {
  return runs.flatMap(({ building, mode, kpis: { deviations } }) =>
    deviations
      ? [
          `${building.name} ${mode}: K h below, air ${deviations.air.below_kh.toFixed(2)}, ` +
            `operative ${deviations.operative.below_kh.toFixed(2)}` +
            (building.comfort.of === "operative" ? " (which comfort is asked of)" : ""),
        ]
      : [],
  );
}

function rowOf(building: string, mode: string, kpis: Kpis): (string | number)[] {
  return [
    building,
    mode,
    kpis.cost_eur.toFixed(2),
    kpis.energy_kwh.toFixed(1),
    kpis.discomfortBelow_kh.toFixed(2),
    kpis.discomfortAbove_kh.toFixed(2),
    kpis.peak_kw.toFixed(2),
    kpis.meanTemperature_c.toFixed(2),
  ];
}

/** An amount to the cent, EUR, without a minus before zero. */
function cents(eur: number): string {
  return eur.toFixed(2).replace(/^-(?=0\.00$)/, "");
}

function savingText({ fairSaving_eur, fairSaving }: Comparison): string {
  return `${cents(fairSaving_eur)} EUR (${(100 * fairSaving).toFixed(1)} %)`;
}

function againstBaseline({ building, baseline, isBestRule, result }: BaselineResult): string {
  const name = isBestRule ? `the best Tempo rule (${baseline})` : baseline;
  return (
    `${building}: ${savingText(result)} against ${name}: ` +
    `${cents(result.shifted_eur)} shifted to cheaper hours, ${cents(result.lessHeat_eur)} by heating less`
  );
}

function heatLeft(eur: number): string {
  return eur >= 0
    ? `after ${eur.toFixed(2)} EUR for the heat that its walls hold less at the end`
    : `counting ${(-eur).toFixed(2)} EUR of heat that its walls hold more at the end`;
}

/** The result of a study as plain data for `--json`: names in snake case, numbers rounded to a millionth. */
export function summaryJson(study: Study): unknown {
  return plain({
    ...(study.label !== "" && { label: study.label }),
    start: new Date(study.startMs).toISOString(),
    end: new Date(study.endMs).toISOString(),
    weather: study.weather,
    tariff: study.tariff,
    complete: study.complete,
    runs: study.runs.map(({ id, mode, building, kpis }) => ({ id, mode, building: building.name, ...kpis })),
    comparisons: study.comparisons.map(({ building, result }) => ({ building, ...result })),
    baselines: study.baselines.map(({ building, baseline, isBestRule, kpis, result }) => ({
      ...{ building, baseline, isBestRule, kpis, comparison: result },
    })),
    inputs: verbatim(study.inputs),
  });
}

class Verbatim {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** Marks what keeps its names and numbers. */
function verbatim(value: unknown): Verbatim {
  return new Verbatim(value);
}

function plain(value: unknown): unknown {
  if (value instanceof Verbatim) return value.value;
  if (typeof value === "number") return Number(value.toFixed(6)) + 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/[a-z][A-Z]/g, ([a, b]) => `${a}_${b.toLowerCase()}`),
      plain(each),
    ]),
  );
}

/** What several studies saved, each against its own thermostat. */
export function savingsText(studies: readonly Study[]): string {
  const table = bareTable(["study", "building", "thermostat EUR", "MPC EUR", "saving"]);
  for (const { label, runs, comparisons } of studies) {
    for (const { building, result } of comparisons) {
      const cost = (mode: "manual" | "mpc") =>
        runs.find((run) => run.mode === mode && run.building.name === building)?.kpis.cost_eur.toFixed(2) ??
        "";
      table.push([label, building, cost("manual"), cost("mpc"), `${(100 * result.fairSaving).toFixed(1)} %`]);
    }
  }
  return table.toString();
}
