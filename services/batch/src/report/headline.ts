/** What a study shows, in a few big numbers. */
import { html } from "ghtml";
import { belowText } from "../study.ts";
import type { Case } from "./case.ts";
import { dayCount, fixed } from "./format.ts";
import { modeNames } from "./tables.ts";

interface Stat {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly isSaving?: boolean;
}

/** The headline of a study's cases; empty where no single number speaks for them. */
export function headline(cases: readonly Case[]): string {
  const stats = cases.length === 1 ? oneBuilding(cases[0]) : manyBuildings(cases);
  if (stats.length === 0) return "";
  return html`<dl class="stats">!${stats.map(
    ({ label, value, note, isSaving }) =>
      html`<div class="${isSaving ? "saving" : ""}"><dt>${label}</dt><dd><strong>${value}</strong> <span>${note}</span></dd></div>`,
  )}</dl>`;
}

function oneBuilding({ runs, comparison, baselines }: Case): Stat[] {
  const [first, second] = runs;
  const belowLabel = belowText(first);
  if (second === undefined || comparison === undefined) {
    return runs.flatMap(({ mode, kpis }) => [
      {
        label: `Cost, ${modeNames[mode]}`,
        value: `${fixed(kpis.cost_eur, 2)} EUR`,
        note: `${fixed(kpis.energy_kwh, 1)} kWh in ${dayCount(kpis.days)}`,
      },
      {
        label: `${belowLabel}, ${modeNames[mode]}`,
        value: `${fixed(kpis.discomfortBelow_kh, 2)} K h`,
        note: "",
      },
    ]);
  }
  return [
    savingStat([100 * comparison.fairSaving]),
    ...baselines
      .filter(({ isBestRule }) => isBestRule)
      .map(({ baseline, result }) => ({
        label: "Against the best Tempo rule",
        value: `${fixed(100 * result.fairSaving, 1)} %`,
        note: baseline,
      })),
    {
      label: "Cost, MPC",
      value: `${fixed(second.kpis.cost_eur + comparison.heatLeft_eur, 2)} EUR`,
      note: `thermostat ${fixed(first.kpis.cost_eur, 2)} EUR`,
    },
    {
      label: `${belowLabel}, MPC`,
      value: `${fixed(second.kpis.discomfortBelow_kh, 2)} K h`,
      note: `thermostat ${fixed(first.kpis.discomfortBelow_kh, 2)} K h`,
    },
  ];
}

function manyBuildings(cases: readonly Case[]): Stat[] {
  const savings = cases.flatMap(({ comparison }) => (comparison ? [100 * comparison.fairSaving] : []));
  return savings.length > 0 ? [savingStat(savings)] : [];
}

function savingStat(savings_percent: readonly number[]): Stat {
  const texts = [Math.min(...savings_percent), Math.max(...savings_percent)].map((percent) =>
    fixed(percent, 1),
  );
  return {
    label:
      savings_percent.length === 1
        ? "Saving of the MPC"
        : `Saving of the MPC in ${savings_percent.length} buildings`,
    value: texts[0] === texts[1] ? `${texts[0]} %` : `${texts[0]} to ${texts[1]} %`,
    note: "for the same heat in the walls",
    isSaving: true,
  };
}
