/** What may turn out within the horizon, as a tree with few branchings: plain numbers, so that it can travel as JSON. */
import type { StateSpace } from "@azru/house";
import {
  disturbanceOutcomes,
  InvalidProblemError,
  type MpcProblem,
  type PriceBranch,
  type PriceBranches,
  type Steps,
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
  readonly disturbance_k?: Steps;
  /** Steps for which the valve stays the same; the rest of the stretch, where less is left. 1 by default. */
  readonly stepsEach?: number;
}

/** Scenarios in any order in which parents go before children. The first is what is decided before anything turns out. */
export interface ScenarioTree {
  readonly scenarios: readonly Scenario[];
}

export interface TreeOptions {
  /** Steps at which disturbances are seen, rising, > 0. All that arose since the one before turns out there at once. */
  readonly disturbancesAt: readonly number[];
  /** How many publications of colours branch, one after the other; the expectation stands for later ones. */
  readonly publications: number;
  /** Steps for which the valve stays the same, after so many branchings. */
  readonly stepsEach: (branchings: number) => number;
}

/** Prices from a step on, as they are foreseen. */
interface Outlook {
  readonly price_eur_kwh: Steps;
  readonly first: number; // step of the first of these prices
  /** The next publication that branches. */
  readonly after: PriceBranches | undefined;
  readonly publications: number; // that may still branch
}

/** One way in which it goes on. */
interface Outcome {
  readonly share: number;
  readonly disturbance_k: Float64Array | undefined;
  readonly outlook: Outlook;
}

/** A scenario that is not written yet. */
interface Beginning extends Omit<Outcome, "share"> {
  readonly step: number;
  readonly parent: number;
  readonly probability: number;
  readonly branchings: number;
}

/** The present disturbances and colours of a problem as a tree. */
export function scenarioTree(problem: MpcProblem, options: TreeOptions): ScenarioTree {
  const scenarios: Scenario[] = [];
  const { colours, price_eur_kwh } = problem;
  const steps = price_eur_kwh.length;
  const merged = mergedDisturbances(problem, options.disturbancesAt);

  function grow({ step, parent, probability, branchings, disturbance_k, outlook }: Beginning): void {
    const disturbed = options.disturbancesAt.find((at) => at > step && merged.has(at)) ?? steps;
    const end = Math.min(steps, disturbed, outlook.after?.step ?? steps);
    const self = scenarios.length;
    scenarios.push({
      parent,
      step,
      probability,
      price_eur_kwh: outlook.price_eur_kwh.slice(step - outlook.first, end - outlook.first),
      ...(disturbance_k && { disturbance_k }),
      stepsEach: options.stepsEach(branchings),
    });
    if (end === steps) return;
    for (const { share, ...outcome } of outcomesAt(end, outlook, merged.get(end), steps))
      grow({
        ...outcome,
        step: end,
        parent: self,
        probability: probability * share,
        branchings: branchings + 1,
      });
  }

  const { publications } = options;
  const after = colours && colours.step > 0 && publications > 0 ? colours : undefined;
  const outlook = { price_eur_kwh, first: 0, after, publications };
  grow({ step: 0, parent: -1, probability: 1, branchings: 0, disturbance_k: undefined, outlook });
  return { scenarios };
}

/** Every disturbance with every colour that may turn out at a step. */
function outcomesAt(
  step: number,
  outlook: Outlook,
  deviation_k: Float64Array | undefined,
  steps: number,
): Outcome[] {
  const { after } = outlook;
  const published =
    after?.step === step
      ? after.branches
          .filter(({ probability }) => probability > 0)
          .map((branch) => ({ share: branch.probability, outlook: outlookOf(branch, step, outlook, steps) }))
      : [{ share: 1, outlook }];
  if (deviation_k === undefined) return published.map((way) => ({ ...way, disturbance_k: undefined }));
  return disturbanceOutcomes.flatMap(({ z, probability }) =>
    published.map((way) => ({
      share: probability * way.share,
      disturbance_k: deviation_k.map((sd) => z * sd),
      outlook: way.outlook,
    })),
  );
}

/** What is foreseen after a publication at a step: later ones as expected where no more may branch. */
function outlookOf(branch: PriceBranch, first: number, before: Outlook, steps: number): Outlook {
  const { price_eur_kwh, after } = branch;
  const publications = before.publications - 1;
  if (after === undefined || publications > 0) return { price_eur_kwh, first, after, publications };
  const all = new Float64Array(steps - first);
  all.set(price_eur_kwh);
  all.set(expectedPrices(after, steps), after.step - first);
  return { price_eur_kwh: all, first, after: undefined, publications };
}

/** The mean price of each step from a publication to the end of the horizon. */
function expectedPrices({ step, branches }: PriceBranches, steps: number): Float64Array {
  const mean = new Float64Array(steps - step);
  for (const { probability, price_eur_kwh, after } of branches) {
    for (let k = 0; k < price_eur_kwh.length; k++) mean[k] += probability * price_eur_kwh[k];
    if (!after) continue;
    const later = expectedPrices(after, steps);
    for (let k = 0; k < later.length; k++) mean[after.step - step + k] += probability * later[k];
  }
  return mean;
}

/**
 * What one standard deviation moves the states by at each step where disturbances are seen, of all that arose since the one before: the
 * part of their covariance that shows in the output, sigma = P c / sqrt(c' P c). Steps without any are left out.
 */
function mergedDisturbances({ model, surprise_k }: MpcProblem, disturbancesAt: readonly number[]) {
  const merged = new Map<number, Float64Array>();
  if (surprise_k === undefined) return merged;
  const n = model.b.length;
  let arisen: Float64Array[] = []; // independent ones, as they have moved the states by now
  const last = disturbancesAt.at(-1) ?? 0;
  for (let k = 1; k <= last; k++) {
    arisen = arisen.map((deviation_k) => product(model, deviation_k));
    const arising_k = Float64Array.from({ length: n }, (_, i) => surprise_k[n * k + i] ?? 0);
    if (arising_k.some((sd) => sd !== 0)) arisen.push(arising_k);
    if (!disturbancesAt.includes(k) || arisen.length === 0) continue;
    merged.set(k, arisen.length === 1 ? arisen[0] : mergedDeviation(model, arisen));
    arisen = [];
  }
  return merged;
}

function mergedDeviation({ c }: StateSpace, deviations: readonly Float64Array[]): Float64Array {
  const merged = new Float64Array(c.length);
  let variance_k2 = 0;
  for (const deviation_k of deviations) {
    const output_k = c.reduce((sum, factor, i) => sum + factor * deviation_k[i], 0);
    variance_k2 += output_k * output_k;
    for (let i = 0; i < merged.length; i++) merged[i] += deviation_k[i] * output_k;
  }
  const output_k = Math.sqrt(variance_k2);
  return output_k > 0 ? merged.map((covariance) => covariance / output_k) : merged;
}

/** A x */
function product({ A }: StateSpace, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => x.reduce((sum, value, j) => sum + A[n * i + j] * value, 0));
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
    const { parent, step, probability, price_eur_kwh, disturbance_k, stepsEach = 1 } = scenario;
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
    if (disturbance_k && disturbance_k.length !== problem.model.b.length)
      refuse(
        "disturbance_k.length",
        disturbance_k.length,
        `${problem.model.b.length}, the states of the model`,
      );
    for (let s = 0; s < (disturbance_k?.length ?? 0); s++)
      if (!Number.isFinite(disturbance_k![s]))
        refuse(`disturbance_k[${s}]`, disturbance_k![s], "a finite number");
    if (!(Number.isInteger(stepsEach) && stepsEach >= 1))
      refuse("stepsEach", stepsEach, "a whole number of steps >= 1");
    if (!(probability > 0 && probability <= 1)) refuse("probability", probability, "above 0 and at most 1");
    if (before) shares[parent] += probability;
  }
  for (const [i, { probability, step, price_eur_kwh }] of scenarios.entries()) {
    const isLeaf = step + price_eur_kwh.length === steps;
    const expected = isLeaf ? 0 : i === 0 ? 1 : probability;
    if (Math.abs(shares[i] - expected) > 1e-9)
      throw new InvalidProblemError(
        `scenarios[${i}]`,
        shares[i],
        isLeaf
          ? "without children, it ends with the horizon"
          : `followed by probabilities that sum to ${expected}`,
      );
  }
}
