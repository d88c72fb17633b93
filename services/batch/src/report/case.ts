import type { Comparison } from "@azru/simulation";
import type { Run, Study } from "../study.ts";

/** One building of a study with the runs it lived through, the thermostat's first. */
export interface Case {
  readonly name: string;
  readonly runs: readonly Run[];
  /** Where both modes lived through the same time. */
  readonly comparison?: Comparison;
}

const order = { manual: 0, mpc: 1 };

/** Lays the runs of a study side by side. A building that ran twice in one mode makes two cases. */
export function casesOf(study: Study): Case[] {
  const groups: Run[][] = [];
  for (const run of study.runs) {
    const open = groups.find(
      ([first, ...rest]) =>
        first.building.name === run.building.name && rest.length === 0 && first.mode !== run.mode,
    );
    if (open) open.push(run);
    else groups.push([run]);
  }
  const comparisons = [...study.comparisons];
  return groups.map((runs) => {
    runs.sort((a, b) => order[a.mode] - order[b.mode]);
    const { name } = runs[0].building;
    if (!isFairPair(runs)) return { name, runs };
    const i = comparisons.findIndex(({ building }) => building === name);
    return i < 0 ? { name, runs } : { name, runs, comparison: comparisons.splice(i, 1)[0].result };
  });
}

/** Whether these are two runs that lived through the same time. */
export function isFairPair(runs: readonly Run[]): boolean {
  return runs.length === 2 && runs[0].trajectory.length === runs[1].trajectory.length;
}
