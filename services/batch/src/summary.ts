import { homeMinute } from "@azru/runtime";
import type { Comparison, Kpis } from "@azru/simulation";
import Table from "cli-table3";
import type { BaselineResult, Study } from "./study.ts";

const head = [
  "building",
  "mode",
  "EUR",
  "kWh",
  "K h below",
  "K h above",
  "peak kW",
  "starts",
  "mean C",
  "max C",
  "ms/decision",
];

/** The result of a study as text for a terminal. */
export function summaryText(study: Study): string {
  const table = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i < 2 ? "left" : "right")),
  });
  for (const { building, mode, kpis } of study.runs) {
    table.push(rowOf(building.name, mode, kpis));
    if (mode !== "mpc") continue;
    for (const one of study.baselines)
      if (one.building === building.name) table.push(rowOf(building.name, one.baseline, one.kpis));
  }
  const lines = [
    `${homeMinute(study.startMs)} to ${homeMinute(study.endMs)} (Europe/Paris)`,
    `weather: ${study.weather}`,
    `tariff:  ${study.tariff}`,
    "",
    table.toString(),
    ...study.comparisons.flatMap(({ building, result }) => [
      `${building}: the MPC saves ${savingText(result)} against the thermostat, ${heatLeft(result.heatLeft_eur)}: ` +
        `${result.shifted_eur.toFixed(2)} shifted to cheaper hours, ${result.lessHeat_eur.toFixed(2)} by heating less`,
      ...study.baselines.filter((one) => one.building === building).map(againstBaseline),
    ]),
  ];
  if (!study.complete) lines.push("Stopped before the end: the figures hold for what was lived through.");
  return lines.join("\n");
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
    kpis.starts,
    kpis.meanTemperature_c.toFixed(2),
    kpis.maxTemperature_c.toFixed(2),
    kpis.optimisation.mean_ms.toFixed(2),
  ];
}

function savingText({ fairSaving_eur, fairSaving }: Comparison): string {
  return `${fairSaving_eur.toFixed(2)} EUR (${(100 * fairSaving).toFixed(1)} %)`;
}

function againstBaseline({ building, baseline, isBestRule, result }: BaselineResult): string {
  const name = isBestRule ? `the best Tempo rule (${baseline})` : baseline;
  return (
    `${building}: ${savingText(result)} against ${name}: ` +
    `${result.shifted_eur.toFixed(2)} shifted to cheaper hours, ${result.lessHeat_eur.toFixed(2)} by heating less`
  );
}

function heatLeft(eur: number): string {
  return eur >= 0
    ? `after ${eur.toFixed(2)} EUR for the heat that its walls hold less at the end`
    : `counting ${(-eur).toFixed(2)} EUR of heat that its walls hold more at the end`;
}

/** The result of a study as plain data for `--json`. */
export function summaryJson(study: Study): unknown {
  return {
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
  };
}
