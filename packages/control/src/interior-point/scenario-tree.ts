/** What may turn out within the horizon, as a tree with few branchings: plain numbers, so that it can travel as JSON. */
import type { StateSpace } from "@azru/house";
import {
  InvalidProblemError,
  type MpcProblem,
  type PriceBranches,
  type Steps,
  surpriseOutcomes,
} from "../problem.ts";

/** A stretch of steps without branching. */
export interface Scenario {
  /** Index of the scenario that goes before; -1 for the first, and only for it. Those before have smaller indices. */
  readonly parent: number;
  /** First step, counted from the start of the horizon; the end of the parent. */
  readonly step: number;
  /** Of all scenarios of the same time; 1 for the first, that of a parent is the sum of its children's. */
  readonly probability: number;
  /** One a step. */
  readonly price_eur_kwh: Steps;
  /** By how much the states are warmer when it begins than the parent planned, K, n values; 0 when absent. */
  readonly surprise_k?: Steps;
  /** Steps for which the valve stays the same; the rest of the stretch, where less is left. 1 by default. */
  readonly stepsEach?: number;
}

/** Scenarios in any order in which parents go before children. The first is what is decided before anything turns out. */
export interface ScenarioTree {
  readonly scenarios: readonly Scenario[];
}

export interface TreeOptions {
  /** Steps at which surprises are seen, rising, > 0. All that arose since the one before turns out there at once. */
  readonly surprisesAt: readonly number[];
  /** How many publications of colours branch, one after the other; the expectation stands for later ones. */
  readonly publications: number;
  /** Steps for which the valve stays the same, after so many branchings. */
  readonly stepsEach: (branchings: number) => number;
}

/** The present surprises and colours of a problem as a tree. */
export function scenarioTree(problem: MpcProblem, options: TreeOptions): ScenarioTree {
  const scenarios: Scenario[] = [];
  const steps = problem.price_eur_kwh.length;
  const merged = mergedSurprises(problem, options.surprisesAt);

  interface Outlook {
    readonly price_eur_kwh: Steps;
    readonly first: number; // step of the first of these prices
    readonly after: PriceBranches | undefined;
    readonly publications: number; // that may still branch
  }

  function grow(
    step: number,
    parent: number,
    probability: number,
    branchings: number,
    outlook: Outlook,
    surprise_k?: Steps,
  ): void {
    const { after, first } = outlook;
    const surprised = options.surprisesAt.find((at) => at > step && merged.has(at)) ?? steps;
    const end = Math.min(steps, surprised, after?.step ?? steps);
    const self = scenarios.length;
    scenarios.push({
      parent,
      step,
      probability,
      price_eur_kwh: Float64Array.from(outlook.price_eur_kwh.slice(step - first, end - first)),
      ...(surprise_k && { surprise_k }),
      stepsEach: options.stepsEach(branchings),
    });
    if (end === steps) return;
    const deviation_k = merged.get(end);
    for (const { z, share, next } of outcomesAt(end, outlook, deviation_k !== undefined))
      grow(
        end,
        self,
        probability * share,
        branchings + 1,
        next,
        deviation_k?.map((sd) => z * sd),
      );
  }

  function outcomesAt(step: number, outlook: Outlook, isSurprised: boolean) {
    const published =
      outlook.after?.step === step ? outlook.after.branches.filter(({ probability }) => probability > 0) : [];
    const prices = published.map(({ probability, price_eur_kwh, after }) => ({
      share: probability,
      next: outlookOf(step, price_eur_kwh, after, outlook.publications - 1),
    }));
    const surprises = isSurprised ? surpriseOutcomes : [{ z: 0, probability: 1 }];
    return surprises.flatMap(({ z, probability }) =>
      (prices.length > 0 ? prices : [{ share: 1, next: outlook }]).map(({ share, next }) => ({
        z,
        share: probability * share,
        next,
      })),
    );
  }

  function outlookOf(
    first: number,
    price_eur_kwh: Steps,
    after: PriceBranches | undefined,
    publications: number,
  ): Outlook {
    if (after === undefined || publications > 0) return { price_eur_kwh, first, after, publications };
    return {
      price_eur_kwh: [...price_eur_kwh, ...expectedPrices(after, steps)],
      first,
      after: undefined,
      publications,
    };
  }

  const { colours } = problem;
  const branches = colours !== undefined && colours.step > 0 && options.publications > 0;
  grow(0, -1, 1, 0, {
    price_eur_kwh: problem.price_eur_kwh,
    first: 0,
    after: branches ? colours : undefined,
    publications: options.publications,
  });
  return { scenarios };
}

/** The mean price of each step from a publication to the end of the horizon. */
function expectedPrices({ step, branches }: PriceBranches, steps: number): Float64Array {
  const mean = new Float64Array(steps - step);
  for (const { probability, price_eur_kwh, after } of branches) {
    for (let k = 0; k < price_eur_kwh.length; k++) mean[k]! += probability * price_eur_kwh[k]!;
    if (!after) continue;
    const later = expectedPrices(after, steps);
    for (let k = 0; k < later.length; k++) mean[after.step - step + k]! += probability * later[k]!;
  }
  return mean;
}

/**
 * What one standard deviation moves the states by at each step where surprises are seen, of all that arose since the one before: the
 * part of their covariance that shows in the output, sigma = P c / sqrt(c' P c). Steps without any are left out.
 */
function mergedSurprises({ model, surprise_k }: MpcProblem, surprisesAt: readonly number[]) {
  const merged = new Map<number, Float64Array>();
  if (surprise_k === undefined) return merged;
  const n = model.b.length;
  let arisen: Float64Array[] = []; // independent ones, as they have moved the states by now
  const last = surprisesAt.at(-1) ?? 0;
  for (let k = 1; k <= last; k++) {
    arisen = arisen.map((deviation_k) => product(model, deviation_k));
    const arising_k = Float64Array.from({ length: n }, (_, i) => surprise_k[n * k + i] ?? 0);
    if (arising_k.some((sd) => sd !== 0)) arisen.push(arising_k);
    if (!surprisesAt.includes(k) || arisen.length === 0) continue;
    merged.set(k, arisen.length === 1 ? arisen[0]! : mergedDeviation(model, arisen));
    arisen = [];
  }
  return merged;
}

function mergedDeviation({ c }: StateSpace, deviations: readonly Float64Array[]): Float64Array {
  const merged = new Float64Array(c.length);
  let variance_k2 = 0;
  for (const deviation_k of deviations) {
    const output_k = c.reduce((sum, factor, i) => sum + factor * deviation_k[i]!, 0);
    variance_k2 += output_k * output_k;
    for (let i = 0; i < merged.length; i++) merged[i]! += deviation_k[i]! * output_k;
  }
  const output_k = Math.sqrt(variance_k2);
  return output_k > 0 ? merged.map((covariance) => covariance / output_k) : merged;
}

/** A x */
function product({ A }: StateSpace, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => x.reduce((sum, value, j) => sum + A[n * i + j]! * value, 0));
}

/**
 * Checks the scenarios against the problem that they belong to.
 *
 * @throws InvalidProblemError naming the first field that makes no sense
 */
export function validateTree(problem: MpcProblem, scenarios: readonly Scenario[]): void {
  const steps = problem.price_eur_kwh.length;
  const shares = new Float64Array(scenarios.length); // of the children of each
  if (scenarios.length === 0) throw new InvalidProblemError("scenarios.length", 0, ">= 1");
  for (const [i, scenario] of scenarios.entries()) {
    const { parent, step, probability, price_eur_kwh, surprise_k, stepsEach = 1 } = scenario;
    const refuse = (field: string, value: unknown, expected: string) => {
      throw new InvalidProblemError(`scenarios[${i}].${field}`, value, expected);
    };
    const before = scenarios[parent];
    if (i === 0 ? parent !== -1 : !before || parent >= i)
      refuse("parent", parent, i === 0 ? "-1, it is the first" : `0 to ${i - 1}, a scenario before it`);
    const from = before ? before.step + before.price_eur_kwh.length : 0;
    if (step !== from) refuse("step", step, `${from}, where the one before ends`);
    const end = step + price_eur_kwh.length;
    if (!(end > step && end <= steps)) refuse("price_eur_kwh.length", end - step, `1 to ${steps - step}`);
    for (let k = 0; k < price_eur_kwh.length; k++)
      if (!Number.isFinite(price_eur_kwh[k]))
        refuse(`price_eur_kwh[${k}]`, price_eur_kwh[k], "a finite number");
    if (surprise_k && surprise_k.length !== problem.model.b.length)
      refuse("surprise_k.length", surprise_k.length, `${problem.model.b.length}, the states of the model`);
    for (let s = 0; s < (surprise_k?.length ?? 0); s++)
      if (!Number.isFinite(surprise_k![s])) refuse(`surprise_k[${s}]`, surprise_k![s], "a finite number");
    if (!(Number.isInteger(stepsEach) && stepsEach >= 1))
      refuse("stepsEach", stepsEach, "a whole number of steps >= 1");
    if (!(probability > 0 && probability <= 1)) refuse("probability", probability, "above 0 and at most 1");
    if (before) shares[parent]! += probability;
  }
  for (const [i, { probability, step, price_eur_kwh }] of scenarios.entries()) {
    const isLeaf = step + price_eur_kwh.length === steps;
    const expected = isLeaf ? 0 : i === 0 ? 1 : probability;
    if (Math.abs(shares[i]! - expected) > 1e-9)
      throw new InvalidProblemError(
        `scenarios[${i}]`,
        shares[i],
        isLeaf
          ? "without children, it ends with the horizon"
          : `followed by probabilities that sum to ${expected}`,
      );
  }
}
