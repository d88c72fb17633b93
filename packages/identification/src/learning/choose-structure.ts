/** Which of the structures that were fitted to a history a house is taken to have. */
import { type DayAhead, stepsADay } from "../day-ahead.ts";
import type { Drive } from "./drive.ts";
import type { Structure } from "./structure.ts";

/** A structure, by what is known of it. */
export interface StructureCandidate {
  readonly emitter: Structure["emitter"];
  /** Of the held-out days, one an hour; all candidates from the same origins. */
  readonly predictions: readonly DayAhead[];
  /** Root mean square of what predictions of a day miss. */
  readonly errors: { readonly rms_k: number };
  /** How improbable it is by the days that it was fitted to; among those that predict alike the least one counts. */
  readonly improbability: number;
}

/** A decision is made each quarter of an hour and reaches over a day: each doubling of the lead counts alike. */
const leads_h = [0.25, 0.5, 1, 2, 4, 8, 16, 24];
const asGood = 1.03; // errors that differ by less are taken for equal

/**
 * The emitter is that of the candidate that predicts best over all leads, by the mean logarithm of its errors: weeks in
 * which the valve moves little show a day, and hardly how fast an emitter is, by which the next quarter of an hour goes.
 * What the building file states is kept unless another kind predicts better by more than the standard error of the
 * difference. Of the candidates with this emitter the one is taken that predicts a day best; among those that do
 * as well as the best of all the most probable one.
 *
 * @param written the emitter of the building file
 * @param candidates at least one
 * @see Breiman et al. (1984), Classification and Regression Trees, 3.4.3: the one standard error rule
 */
export function chooseStructure<T extends StructureCandidate>(
  drive: Drive,
  written: Structure["emitter"],
  candidates: readonly T[],
): T {
  const emitter = chooseEmitter(drive, written, candidates);
  const ofKind = candidates.filter((candidate) => candidate.emitter === emitter);
  const least_k = (among: readonly T[]) => Math.min(...among.map(({ errors }) => errors.rms_k));
  const limit_k = Math.max(asGood * least_k(candidates), least_k(ofKind));
  return ofKind
    .filter(({ errors }) => errors.rms_k <= limit_k)
    .reduce((a, b) => (b.improbability < a.improbability ? b : a));
}

function chooseEmitter(
  drive: Drive,
  written: Structure["emitter"],
  candidates: readonly StructureCandidate[],
): Structure["emitter"] {
  const scores = candidates.map(({ emitter, predictions }) => {
    const days = squaresByDay(drive, predictions);
    return { emitter, days, score: scoreOf(days) };
  });
  const best = scores.reduce((a, b) => (b.score < a.score ? b : a));
  const isKept = scores.some(
    ({ emitter, days, score }) =>
      emitter === written &&
      // Days too few to say how far chance goes (NaN) show no difference.
      !(score - best.score > Math.max(Math.log(asGood), standardError(days, best.days))),
  );
  return isKept ? written : best.emitter;
}

/** Sums of squared errors, K2, and their counts: one a lead, of the predictions that were made in one day. */
interface DaySquares {
  readonly sums_k2: Float64Array;
  readonly counts: Float64Array;
}

function squaresByDay(drive: Drive, predictions: readonly DayAhead[]): DaySquares[] {
  const day = stepsADay(drive);
  const leads = leads_h.map((hours) => Math.max(1, Math.round((hours * 3600) / drive.dtSeconds)) - 1);
  const days = new Map<number, DaySquares>();
  for (const { origin, theta_air_c } of predictions) {
    const number = Math.floor(origin / day);
    const { sums_k2, counts } = days.get(number) ?? {
      sums_k2: new Float64Array(leads.length),
      counts: new Float64Array(leads.length),
    };
    days.set(number, { sums_k2, counts });
    for (const [i, lead] of leads.entries()) {
      const missed_k = drive.theta_air_c[origin + lead] - theta_air_c[lead];
      if (Number.isNaN(missed_k)) continue;
      sums_k2[i] += missed_k ** 2;
      counts[i]++;
    }
  }
  return [...days.values()];
}

/** Mean logarithm of the root mean squares of all leads. */
function scoreOf(days: readonly DaySquares[]): number {
  let sum = 0;
  for (let i = 0; i < leads_h.length; i++) {
    const [square_k2, count] = days.reduce(
      ([squares, all], { sums_k2, counts }) => [squares + sums_k2[i], all + counts[i]],
      [0, 0],
    );
    sum += 0.5 * Math.log(square_k2 / count);
  }
  return sum / leads_h.length;
}

/**
 * Of the difference of two scores, by leaving out each day once; NaN where the others do not have all leads.
 *
 * @see Efron and Stein (1981), The jackknife estimate of variance, Annals of Statistics 9
 */
function standardError(a: readonly DaySquares[], b: readonly DaySquares[]): number {
  const without = (days: readonly DaySquares[], left: number) => scoreOf(days.filter((_, d) => d !== left));
  const differences = a.map((_, left) => without(a, left) - without(b, left));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((differences.length - 1) / differences.length) * squares);
}
