/** How far a plan keeps from the floor of comfort, because predictions err: by lead time, and by what a shortage costs. */
import { heatStore, type StateSpace } from "@azru/house";
import { defaultWeights } from "./mpc.ts";
import { heatResponse } from "./plan.ts";

/** Most standard deviations that are kept because a shortage cannot be mended in time. */
const certain = 2;
/** Hours over which heat that was not needed waits for its next use. */
const waits_h = 12;
/** Longest delay between heater and room that is looked for, h. */
const longestDelay_h = 12;

/** What a back-off follows from. */
export interface BackOffSetting {
  readonly model: StateSpace;
  /** Standard deviation of the error of the output predicted, by lead: one value a step ahead, K. */
  readonly spread_k: ArrayLike<number>;
  /** Of heat, one value a step. */
  readonly price_eur_kwh: ArrayLike<number>;
  /** Power that the heater has beyond what holds the house as warm as it is, W: a shortage is made up by it. */
  readonly spare_w: number;
}

/**
 * Distance to plan above the floor of comfort in each step, K. It is the sum of two:
 *
 * 1. What no later decision can mend. A shortage is seen when a step is over, and all the spare power then works
 *    against it; what is left of it until that heat is felt has to be kept. As many standard deviations of it as are
 *    worth their heat: warmth above the floor is bought until what a kelvin hour of it costs is the chance of needing
 *    it times the price of discomfort, `certain` at most.
 * 2. What it would cost more to mend than to buy before. To lack a kelvin costs its heat at the step's price instead of
 *    the cheapest before it, to have one too many the part of it that is lost until it is used. The best distance is the
 *    quantile (lack / (lack + surplus)) of what the prediction will change by until the last decision that is felt in
 *    the step, which then keeps the first distance.
 *
 * Both are the newsvendor's problem.
 *
 * @see Arrow, Harris, Marschak (1951), "Optimal Inventory Policy", Econometrica 19
 */
export function backOff_k({ model, spread_k, price_eur_kwh, spare_w }: BackOffSetting): Float64Array {
  const steps = price_eur_kwh.length;
  const pulse = heatResponse(model, Math.max(steps, stepsIn(model, longestDelay_h)));
  const delay = delayOf(model, pulse);
  const stored = storedShares(model, pulse.length);
  const lost = 1 - stored[Math.max(1, stepsIn(model, waits_h) - 1)];
  const warmth_k = cumulated(pulse);
  const spreadAt = (lead: number) => spread_k[Math.min(lead, spread_k.length - 1)];
  const unmended_k = (z: number, until: number) => {
    let left_k = 0;
    for (let lead = 0; lead <= until; lead++) {
      const mended_k = lead < 1 ? 0 : Math.max(0, spare_w) * warmth_k[lead - 1];
      left_k = Math.max(left_k, z * spreadAt(lead) - mended_k);
    }
    return left_k;
  };
  let cheapest = price_eur_kwh[0];
  return Float64Array.from({ length: steps }, (_, k) => {
    const from = Math.max(0, k - delay); // the last decision that is felt in the step
    if (k >= delay) cheapest = Math.min(cheapest, price_eur_kwh[from]);
    let dearest = price_eur_kwh[k];
    for (let j = from; j < k; j++) dearest = Math.max(dearest, price_eur_kwh[j]);
    const { price: next, step } = nextCheaper(price_eur_kwh, from, dearest);
    const lasts = Math.min(steps, step + delay) - from; // until cheaper heat is felt
    const worth = Math.max(0, next) * stored[lasts - 1]; // of a kWh, when it has served
    const warmth_eur_kh = (dearest - worth) / (1000 * warmth_k[lasts - 1]);
    const z = Math.min(certain, normalQuantile(1 - warmth_eur_kh / defaultWeights.below_eur_kh));
    const kept_k = unmended_k(z, Math.min(k, stepsIn(model, longestDelay_h)));
    const lack_eur = dearest - cheapest;
    const surplus_eur = Math.max(0, cheapest) * lost;
    if (!(lack_eur > surplus_eur)) return kept_k;
    const changes_k = Math.sqrt(Math.max(0, spreadAt(k) ** 2 - spreadAt(Math.min(k, delay)) ** 2));
    return kept_k + normalQuantile(lack_eur / (lack_eur + surplus_eur)) * changes_k;
  });
}

/**
 * Distance to plan below the ceiling of comfort in each step, K: heat that is in the house cannot be taken out again.
 *
 * @param spread_k as for `backOff_k`
 */
export function ceilingBackOff_k(spread_k: Float64Array): Float64Array {
  return spread_k.map((spread) => certain * spread);
}

function stepsIn({ dtSeconds }: StateSpace, hours: number): number {
  return Math.max(1, Math.round((hours * 3600) / dtSeconds));
}

/** Steps until heat is felt most. */
function delayOf(model: StateSpace, pulse: Float64Array): number {
  const early = pulse.subarray(0, stepsIn(model, longestDelay_h));
  return early.indexOf(Math.max(...early));
}

/** The first price from a step on that is below `limit`, and when; the limit and the end where there is none. */
function nextCheaper(price_eur_kwh: ArrayLike<number>, from: number, limit: number) {
  for (let step = from; step < price_eur_kwh.length; step++)
    if (price_eur_kwh[step] < limit) return { price: price_eur_kwh[step], step };
  return { price: limit, step: price_eur_kwh.length };
}

function cumulated(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** The part of the heat given to the house that is in it so many steps later. */
function storedShares(model: StateSpace, steps: number): Float64Array {
  const stored = heatResponse(model, steps, heatStore(model).weights);
  return stored.map((heat) => Math.min(1, Math.max(0, heat / stored[0])));
}

/**
 * The quantile of the standard normal distribution, to 4.5e-4; 0 below the median.
 *
 * @param p 1 is taken for what is 4 standard deviations away
 * @see Abramowitz and Stegun (1964), 26.2.23
 */
function normalQuantile(p: number): number {
  if (!(p > 0.5)) return 0;
  const t = Math.sqrt(-2 * Math.log(Math.max(3e-5, 1 - p)));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}
