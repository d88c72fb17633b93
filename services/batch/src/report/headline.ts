/** What a study shows, in a few big numbers. */
import { html } from "ghtml";
import type { Case } from "./case.ts";
import { belowText } from "./tables.ts";
import type { Words } from "./words.ts";

interface Stat {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly isSaving?: boolean;
}

/** The headline of a study's cases; empty where no single number speaks for them. */
export function headline(cases: readonly Case[], words: Words): string {
  const stats = cases.length === 1 ? oneBuilding(cases[0], words) : manyBuildings(cases, words);
  if (stats.length === 0) return "";
  return html`<dl class="stats">!${stats.map(
    ({ label, value, note, isSaving }) =>
      html`<div class="${isSaving ? "saving" : ""}"><dt>${label}</dt><dd><strong>${value}</strong> <span>${note}</span></dd></div>`,
  )}</dl>`;
}

function oneBuilding({ runs, comparison, baselines }: Case, words: Words): Stat[] {
  const { texts, modes, fixed, dayCount } = words;
  const [first, second] = runs;
  const belowLabel = belowText(first, words);
  if (second === undefined || comparison === undefined) {
    return runs.flatMap(({ mode, kpis }) => [
      {
        label: `${texts.cost}, ${modes[mode]}`,
        value: `${fixed(kpis.cost_eur, 2)} EUR`,
        note: texts.energyIn(fixed(kpis.energy_kwh, 1), dayCount(kpis.days)),
      },
      {
        label: `${belowLabel}, ${modes[mode]}`,
        value: `${fixed(kpis.discomfortBelow_kh, 2)} K h`,
        note: "",
      },
    ]);
  }
  return [
    savingStat([100 * comparison.fairSaving], words),
    ...baselines
      .filter(({ isBestRule }) => isBestRule)
      .map(({ baseline, result }) => ({
        label: texts.bestRule,
        value: `${fixed(100 * result.fairSaving, 1)} %`,
        note: words.baseline(baseline),
      })),
    {
      label: `${texts.cost}, ${modes.mpc}`,
      value: `${fixed(second.kpis.cost_eur + comparison.heatLeft_eur, 2)} EUR`,
      note: `${texts.thermostatNote} ${fixed(first.kpis.cost_eur, 2)} EUR`,
    },
    {
      label: `${belowLabel}, ${modes.mpc}`,
      value: `${fixed(second.kpis.discomfortBelow_kh, 2)} K h`,
      note: `${texts.thermostatNote} ${fixed(first.kpis.discomfortBelow_kh, 2)} K h`,
    },
  ];
}

function manyBuildings(cases: readonly Case[], words: Words): Stat[] {
  const savings = cases.flatMap(({ comparison }) => (comparison ? [100 * comparison.fairSaving] : []));
  return savings.length > 0 ? [savingStat(savings, words)] : [];
}

function savingStat(savings_percent: readonly number[], { texts, fixed }: Words): Stat {
  const [least, most] = [Math.min(...savings_percent), Math.max(...savings_percent)].map((percent) =>
    fixed(percent, 1),
  );
  return {
    label: texts.saving(savings_percent.length),
    value: least === most ? `${least} %` : `${texts.range(least, most)} %`,
    note: texts.sameHeat,
    isSaving: true,
  };
}
