import type { Comparison } from "@azru/simulation";
import type { BaselineResult, Run, Study } from "../study.ts";

/** One building of a study with its runs, the thermostat's first. */
export interface Case {
  readonly name: string;
  readonly runs: readonly Run[];
  /** Where both modes cover the same time. */
  readonly comparison?: Comparison;
  /** What else the MPC was compared with. */
  readonly baselines: readonly BaselineResult[];
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
    const baselines = study.baselines.filter(({ building }) => building === name);
    if (!isFairPair(runs)) return { name, runs, baselines };
    const i = comparisons.findIndex(({ building }) => building === name);
    return i < 0
      ? { name, runs, baselines }
      : { name, runs, baselines, comparison: comparisons.splice(i, 1)[0].result };
  });
}

/** Whether these are two runs that cover the same time. */
export function isFairPair(runs: readonly Run[]): boolean {
  return runs.length === 2 && runs[0].trajectory.length === runs[1].trajectory.length;
}
