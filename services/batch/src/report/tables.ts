/** The figures of a study as HTML tables. */
import type { Comparison, Kpis } from "@azru/simulation";
import { html } from "ghtml";
import type { Run } from "../study.ts";
import { type Case, isFairPair } from "./case.ts";
import type { Words } from "./words.ts";

/** What is below the floor of comfort: "Below 19 °C". */
export function belowText(
  { min_c, building }: Pick<Run, "min_c" | "building">,
  { texts, plain }: Words,
): string {
  return min_c ? texts.belowSchedule : texts.below(plain(building.comfort.min_c));
}

interface Measure {
  readonly label: string;
  readonly decimals: number;
  readonly of: (kpis: Kpis) => number;
}

function measures(runs: readonly Run[], words: Words): Measure[][] {
  const { texts, plain } = words;
  const names = texts.measures;
  const { comfort } = runs[0].building;
  const hasHeatPump = runs.some(
    ({ kpis }) => Math.abs(kpis.heat_kwh - kpis.energy_kwh) > 1e-6 * kpis.heat_kwh,
  );
  const isUneven = runs.length === 2 && !isFairPair(runs);
  return [
    [
      { label: names.electricity, decimals: 1, of: (k) => k.energy_kwh },
      ...(hasHeatPump ? [{ label: names.heat, decimals: 1, of: (k: Kpis) => k.heat_kwh }] : []),
      { label: names.peak, decimals: 2, of: (k) => k.peak_kw },
      { label: names.starts, decimals: 0, of: (k) => k.starts },
    ],
    [
      { label: `${belowText(runs[0], words)}, K h`, decimals: 2, of: (k) => k.discomfortBelow_kh },
      {
        label: `${runs[0].max_c ? texts.aboveSchedule : texts.above(plain(comfort.max_c))}, K h`,
        decimals: 2,
        of: (k) => k.discomfortAbove_kh,
      },
      ...(runs.every(({ kpis }) => kpis.deviations)
        ? (["air", "operative"] as const).map((name) => ({
            label: names[`${name}Below`],
            decimals: 2,
            of: (k: Kpis) => k.deviations![name].below_kh,
          }))
        : []),
      { label: names.mean, decimals: 2, of: (k) => k.meanTemperature_c },
      { label: names.lowest, decimals: 2, of: (k) => k.minTemperature_c },
      { label: names.highest, decimals: 2, of: (k) => k.maxTemperature_c },
      { label: names.walls, decimals: 2, of: (k) => k.theta_m_end_c },
    ],
    [
      ...(isUneven ? [{ label: names.days, decimals: 2, of: (k: Kpis) => k.days }] : []),
      { label: names.decide, decimals: 2, of: (k) => k.optimisation.mean_ms },
      { label: names.decide95, decimals: 2, of: (k) => k.optimisation.p95_ms },
    ],
  ];
}

/** All indicators of one case, its modes side by side. */
export function kpiTable({ name, runs, comparison }: Case, words: Words): string {
  const { texts, modes } = words;
  const isPair = isFairPair(runs);
  return html`<table class="kpis">
<caption>${name}</caption>
<thead><tr><td></td>!${runs.map(({ mode }) => html`<th scope="col">${modes[mode]}</th>`)}!${
    isPair ? html`<th scope="col">${texts.difference}</th>` : ""
  }</tr></thead>
<tbody class="cost">
!${row({ label: texts.costEur, decimals: 2, of: (k) => k.cost_eur }, runs, words)}
!${comparison ? fairRows(runs, comparison, words) : ""}
</tbody>
!${measures(runs, words).map(
    (group) => html`<tbody>
!${group.map((measure) => row(measure, runs, words))}
</tbody>`,
  )}
</table>`;
}

/** What the MPC saves against each baseline, and by what; empty where it was compared with the thermostat alone. */
export function baselineTable({ name, runs, comparison, baselines }: Case, words: Words): string {
  const { texts, modes, fixed } = words;
  const labelOf = (baseline: string, isBestRule: boolean) => {
    const label = words.baseline(baseline);
    if (isBestRule) return texts.best(label);
    return baseline.startsWith("rule:") ? texts.ofRule(label) : label;
  };
  const [thermostat, mpc] = runs;
  if (!comparison || baselines.length === 0) return "";
  const rows = [
    { label: modes.manual, kpis: thermostat.kpis, result: comparison },
    ...baselines.map(({ baseline, isBestRule, kpis, result }) => ({
      ...{ kpis, result, label: labelOf(baseline, isBestRule) },
    })),
  ];
  return html`<div class="wide" role="region" aria-label="${texts.others}" tabindex="0"><table class="overview baselines">
<caption>${texts.othersOf(name)}</caption>
<thead>
<tr><td rowspan="2"></td><th scope="col" rowspan="2">${texts.costEur}</th><th scope="col" rowspan="2">${belowText(mpc, words)}, K h</th><th scope="colgroup" colspan="4">${texts.savesPair}</th></tr>
<tr><th scope="col">EUR</th><th scope="col">%</th><th scope="col">${texts.shifted}</th><th scope="col">${texts.lessHeat}</th></tr>
</thead>
<tbody>
!${rows.map(
    ({ label, kpis, result }) =>
      html`<tr><th scope="row">${label}</th><td>${fixed(kpis.cost_eur, 2)}</td><td>${fixed(kpis.discomfortBelow_kh, 2)}</td><td class="total">${fixed(result.fairSaving_eur, 2)}</td><td class="total">${fixed(100 * result.fairSaving, 1)}</td><td>${fixed(result.shifted_eur, 2)}</td><td>${fixed(result.lessHeat_eur, 2)}</td></tr>`,
  )}
</tbody>
</table></div>`;
}

function row({ label, decimals, of }: Measure, runs: readonly Run[], { fixed, signed }: Words): string {
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
  { texts, fixed, signed }: Words,
): string {
  const fairCost_eur = candidate.kpis.cost_eur + heatLeft_eur;
  return html`<tr><th scope="row">${texts.heatLeft}</th><td></td><td>${fixed(heatLeft_eur, 2)}</td><td></td></tr>
<tr class="total"><th scope="row">${texts.fairCost}</th><td>${fixed(baseline.kpis.cost_eur, 2)}</td><td>${fixed(
    fairCost_eur,
    2,
  )}</td><td>${signed(-fairSaving_eur, 2)}</td></tr>
<tr class="total"><th scope="row">${texts.savingPercent}</th><td></td><td></td><td>${fixed(100 * fairSaving, 1)}</td></tr>`;
}

/** What each building costs and saves, a row a building. */
export function overviewTable(cases: readonly Case[], { texts, modes, fixed }: Words): string {
  const shown = (["manual", "mpc"] as const).filter((mode) =>
    cases.some(({ runs }) => runs.some((run) => run.mode === mode)),
  );
  const isPair = shown.length === 2;
  const heads = (scope: string) => shown.map((mode) => html`<th scope="${scope}">${modes[mode]}</th>`);
  return html`<div class="wide" role="region" aria-label="${texts.overview}" tabindex="0"><table class="overview">
<caption>${texts.allBuildings}</caption>
<thead>
<tr><td rowspan="2"></td><th scope="colgroup" colspan="${shown.length}">${texts.costEur}</th>!${
    isPair ? html`<th scope="colgroup" colspan="2">${texts.savingPair}</th>` : ""
  }<th scope="colgroup" colspan="${shown.length}">${texts.discomfort}</th></tr>
<tr>!${heads("col")}!${isPair ? '<th scope="col">EUR</th><th scope="col">%</th>' : ""}!${heads("col")}</tr>
</thead>
<tbody>
!${cases.map(({ name, runs, comparison }) => {
    const cells = (decimals: number, of: (kpis: Kpis) => number) =>
      shown.map((mode) => {
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
