/** The figures of a study as HTML tables. */
import type { Comparison, Kpis } from "@azru/simulation";
import { html } from "ghtml";
import { belowText, type Mode, type Run } from "../study.ts";
import { type Case, isFairPair } from "./case.ts";
import { fixed, signed } from "./format.ts";

export const modeNames: Readonly<Record<Mode, string>> = { manual: "Thermostat", mpc: "MPC" };

interface Measure {
  readonly label: string;
  readonly decimals: number;
  readonly of: (kpis: Kpis) => number;
}

function measures(runs: readonly Run[]): Measure[][] {
  const { comfort } = runs[0].building;
  const hasHeatPump = runs.some(
    ({ kpis }) => Math.abs(kpis.heat_kwh - kpis.energy_kwh) > 1e-6 * kpis.heat_kwh,
  );
  const isUneven = runs.length === 2 && !isFairPair(runs);
  return [
    [
      { label: "Electricity, kWh", decimals: 1, of: (k) => k.energy_kwh },
      ...(hasHeatPump ? [{ label: "Heat, kWh", decimals: 1, of: (k: Kpis) => k.heat_kwh }] : []),
      { label: "Peak power, kW", decimals: 2, of: (k) => k.peak_kw },
      { label: "Heater starts", decimals: 0, of: (k) => k.starts },
    ],
    [
      { label: `${belowText(runs[0])}, K h`, decimals: 2, of: (k) => k.discomfortBelow_kh },
      { label: `Above ${comfort.max_c} °C, K h`, decimals: 2, of: (k) => k.discomfortAbove_kh },
      { label: "Mean air temperature, °C", decimals: 2, of: (k) => k.meanTemperature_c },
      { label: "Lowest air temperature, °C", decimals: 2, of: (k) => k.minTemperature_c },
      { label: "Highest air temperature, °C", decimals: 2, of: (k) => k.maxTemperature_c },
      { label: "Walls at the end, °C", decimals: 2, of: (k) => k.theta_m_end_c },
    ],
    [
      ...(isUneven ? [{ label: "Days lived through", decimals: 2, of: (k: Kpis) => k.days }] : []),
      { label: "Mean time to decide, ms", decimals: 2, of: (k) => k.optimisation.mean_ms },
      { label: "95 % decided within, ms", decimals: 2, of: (k) => k.optimisation.p95_ms },
    ],
  ];
}

/** All indicators of one case, its modes side by side. */
export function kpiTable({ name, runs, comparison }: Case): string {
  const isPair = isFairPair(runs);
  return html`<table class="kpis">
<caption>${name}</caption>
<thead><tr><td></td>!${runs.map(({ mode }) => html`<th scope="col">${modeNames[mode]}</th>`)}!${
    isPair ? '<th scope="col">Difference</th>' : ""
  }</tr></thead>
<tbody class="cost">
!${row("Cost, EUR", runs, 2, (k) => k.cost_eur)}
!${comparison ? fairRows(runs, comparison) : ""}
</tbody>
!${measures(runs).map(
    (group) => html`<tbody>
!${group.map(({ label, decimals, of }) => row(label, runs, decimals, of))}
</tbody>`,
  )}
</table>`;
}

/** What the MPC saves against each baseline, and by what; empty where it was compared with the thermostat alone. */
export function baselineTable({ name, runs, comparison, baselines }: Case): string {
  const [thermostat, mpc] = runs;
  if (!comparison || baselines.length === 0) return "";
  const rows = [
    { label: modeNames.manual, kpis: thermostat.kpis, result: comparison },
    ...baselines.map(({ baseline, isBestRule, kpis, result }) => ({
      ...{ kpis, result, label: isBestRule ? `Best Tempo rule, ${baseline}` : baseline },
    })),
  ];
  return html`<div class="wide" role="region" aria-label="Against other thermostats" tabindex="0"><table class="overview baselines">
<caption>${name}: the MPC against other thermostats</caption>
<thead>
<tr><td rowspan="2"></td><th scope="col" rowspan="2">Cost, EUR</th><th scope="col" rowspan="2">${belowText(mpc)}, K h</th><th scope="colgroup" colspan="4">The MPC saves, same heat in the walls</th></tr>
<tr><th scope="col">EUR</th><th scope="col">%</th><th scope="col">shifted to cheaper hours, EUR</th><th scope="col">by heating less, EUR</th></tr>
</thead>
<tbody>
!${rows.map(
    ({ label, kpis, result }) =>
      html`<tr><th scope="row">${label}</th><td>${fixed(kpis.cost_eur, 2)}</td><td>${fixed(kpis.discomfortBelow_kh, 2)}</td><td class="total">${fixed(result.fairSaving_eur, 2)}</td><td class="total">${fixed(100 * result.fairSaving, 1)}</td><td>${fixed(result.shifted_eur, 2)}</td><td>${fixed(result.lessHeat_eur, 2)}</td></tr>`,
  )}
</tbody>
</table></div>`;
}

function row(label: string, runs: readonly Run[], decimals: number, of: (kpis: Kpis) => number): string {
  const values = runs.map(({ kpis }) => of(kpis));
  const cells = values.map((value) => html`<td>${fixed(value, decimals)}</td>`);
  if (isFairPair(runs)) {
    cells.push(html`<td>${signed(values[1] - values[0], decimals)}</td>`);
  }
  return html`<tr><th scope="row">${label}</th>!${cells}</tr>`;
}

function fairRows(
  [baseline, candidate]: readonly Run[],
  { heatLeft_eur, fairSaving_eur, fairSaving }: Comparison,
): string {
  const fairCost_eur = candidate.kpis.cost_eur + heatLeft_eur;
  return html`<tr><th scope="row">Heat its walls lack at the end, EUR</th><td></td><td>${fixed(heatLeft_eur, 2)}</td><td></td></tr>
<tr class="total"><th scope="row">Cost for the same heat in the walls, EUR</th><td>${fixed(baseline.kpis.cost_eur, 2)}</td><td>${fixed(
    fairCost_eur,
    2,
  )}</td><td>${signed(-fairSaving_eur, 2)}</td></tr>
<tr class="total"><th scope="row">Saving, %</th><td></td><td></td><td>${fixed(100 * fairSaving, 1)}</td></tr>`;
}

/** What each building costs and saves, a row a building. */
export function overviewTable(cases: readonly Case[]): string {
  const modes = (["manual", "mpc"] as const).filter((mode) =>
    cases.some(({ runs }) => runs.some((run) => run.mode === mode)),
  );
  const isPair = modes.length === 2;
  const heads = (scope: string) => modes.map((mode) => html`<th scope="${scope}">${modeNames[mode]}</th>`);
  return html`<div class="wide" role="region" aria-label="Overview" tabindex="0"><table class="overview">
<caption>All buildings</caption>
<thead>
<tr><td rowspan="2"></td><th scope="colgroup" colspan="${modes.length}">Cost, EUR</th>!${
    isPair ? '<th scope="colgroup" colspan="2">Saving, same heat in the walls</th>' : ""
  }<th scope="colgroup" colspan="${modes.length}">Discomfort below, K h</th></tr>
<tr>!${heads("col")}!${isPair ? '<th scope="col">EUR</th><th scope="col">%</th>' : ""}!${heads("col")}</tr>
</thead>
<tbody>
!${cases.map(({ name, runs, comparison }) => {
    const cells = (decimals: number, of: (kpis: Kpis) => number) =>
      modes.map((mode) => {
        const run = runs.find((one) => one.mode === mode);
        return html`<td>${run ? fixed(of(run.kpis), decimals) : ""}</td>`;
      });
    const saving = comparison
      ? html`<td class="total">${fixed(comparison.fairSaving_eur, 2)}</td><td class="total">${fixed(100 * comparison.fairSaving, 1)}</td>`
      : "<td></td><td></td>";
    return html`<tr><th scope="row">${name}</th>!${cells(2, (k) => k.cost_eur)}!${isPair ? saving : ""}!${cells(
      2,
      (k) => k.discomfortBelow_kh,
    )}</tr>`;
  })}
</tbody>
</table></div>`;
}
