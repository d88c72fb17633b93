/** What the predictive controller is compared with, beside the building's thermostat. */
import {
  type Baseline,
  type Building,
  baselineName,
  compare,
  type Kpis,
  ruleFamily,
  storedHeat_j_k,
} from "@azru/simulation";
import type { BaselineResult, Run } from "./study.ts";

/** Baselines that are named, and whether the electronic thermostat and the best of the family of rules are among them. */
export interface BaselineRequest {
  readonly hasPi: boolean;
  readonly hasBestRule: boolean;
  readonly rules: readonly Baseline[];
}

/** One house under a baseline, simulated. */
export interface BaselineRun {
  readonly building: Building;
  readonly baseline: Baseline;
  readonly steps: number;
  readonly kpis: Kpis;
}

/** How much colder than the electronic thermostat the best rule may be, as a share of the time, K. */
const colder_k = 1 / (121 * 24); // 1 K h in a winter

/** Compares each building's MPC with the baselines that cover the same time; of the family, with the best. */
export function baselineResults(
  runs: readonly Run[],
  baselines: readonly BaselineRun[],
  { hasPi, hasBestRule, rules }: BaselineRequest,
): BaselineResult[] {
  return runs
    .filter(({ mode }) => mode === "mpc")
    .flatMap((mpc) => {
      const { building } = mpc;
      const own = baselines.filter((run) => run.building === building && run.steps === mpc.trajectory.length);
      const pi = own.find(({ baseline }) => baseline.kind === "pi");
      const family = new Set(ruleFamily(building).map(baselineName));
      const named = new Set(rules.map(baselineName));
      const nameOf = (run: BaselineRun) => baselineName(run.baseline);
      const best =
        hasBestRule &&
        bestRule(
          own.filter((run) => family.has(nameOf(run))),
          pi,
          mpc,
        );
      const bestName = best ? nameOf(best) : undefined;
      // A rule that is named and of the family has run twice, to the same figures.
      const isFirst = (run: BaselineRun) => run === own.find((other) => nameOf(other) === nameOf(run));
      const asked = own.filter((run) => named.has(nameOf(run)) && nameOf(run) !== bestName && isFirst(run));
      const C_m = storedHeat_j_k(building, mpc.twin);
      return [...(hasPi && pi ? [pi] : []), ...asked, ...(best ? [best] : [])].map(
        (run): BaselineResult => ({
          building: building.name,
          baseline: nameOf(run),
          isBestRule: run === best,
          kpis: run.kpis,
          result: compare(run.kpis, mpc.kpis, C_m),
        }),
      );
    });
}

/**
 * The cheapest rule that is hardly colder than the electronic thermostat, or than the thermostat of no rule; at the
 * same heat in the walls, by which the MPC saves least against it.
 */
function bestRule(
  family: readonly BaselineRun[],
  pi: BaselineRun | undefined,
  mpc: Run,
): BaselineRun | undefined {
  const C_m = storedHeat_j_k(mpc.building, mpc.twin);
  const coldest_kh = (pi?.kpis.discomfortBelow_kh ?? 0) + colder_k * mpc.kpis.days * 24;
  const warm = family.filter(({ kpis }) => kpis.discomfortBelow_kh <= coldest_kh);
  const saved_eur = (run: BaselineRun) => compare(run.kpis, mpc.kpis, C_m).fairSaving_eur;
  return (warm.length > 0 ? warm : family).toSorted((a, b) => saved_eur(a) - saved_eur(b))[0];
}
