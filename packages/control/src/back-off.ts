/** How far a plan keeps from the floor of comfort, because predictions err: by lead time, and by what a shortage costs. */
import { heatStore, type StateSpace } from "@azru/house";
import { heatResponse } from "./plan.ts";

/** Standard deviations kept where nothing can mend a shortage in time. */
const certain = 2;
/** Hours over which heat that was not needed waits for its next use. */
const waits_h = 12;
/** Longest delay between heater and room that is looked for, h. */
const longestDelay_h = 12;

/**
 * Distance to plan above the floor of comfort in each step, K.
 *
 * Heat that a step lacks is made up by the decisions that follow: those need not be planned for now, unless they come
 * too late (within the delay between heater and room, where `certain` standard deviations are kept) or cost more than
 * heat bought before. There it is the newsvendor's problem: to lack a kelvin costs its heat at the step's price instead
 * of the cheapest before it, to have one too many the part of it that is lost until it is used. The best distance
 * is the quantile (lack / (lack + surplus)) of the error.
 *
 * @param spread_k standard deviation of the error of the output predicted, by lead, one value a step, K
 * @param price_eur_kwh of heat, one value a step
 * @see Arrow, Harris, Marschak (1951), "Optimal Inventory Policy", Econometrica 19
 */
export function backOff_k(
  model: StateSpace,
  spread_k: ArrayLike<number>,
  price_eur_kwh: ArrayLike<number>,
): Float64Array {
  const delay = delayOf(model);
  const lost = lostShare(model);
  let cheapest = price_eur_kwh[0]!;
  return Float64Array.from({ length: price_eur_kwh.length }, (_, k) => {
    const spread = spread_k[Math.min(k, spread_k.length - 1)]!;
    const unavoidable_k = certain * spread_k[Math.min(k, delay, spread_k.length - 1)]!;
    if (k >= delay) cheapest = Math.min(cheapest, price_eur_kwh[k - delay]!);
    let dearest = price_eur_kwh[k]!;
    for (let j = Math.max(0, k - delay); j < k; j++) dearest = Math.max(dearest, price_eur_kwh[j]!);
    const lack_eur = dearest - cheapest;
    const surplus_eur = Math.max(0, cheapest) * lost;
    if (!(lack_eur > surplus_eur)) return unavoidable_k;
    return Math.max(unavoidable_k, normalQuantile(lack_eur / (lack_eur + surplus_eur)) * spread);
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

/** Steps until heat is felt most. */
function delayOf(model: StateSpace): number {
  const reach = Math.max(1, Math.round((longestDelay_h * 3600) / model.dtSeconds));
  const response = heatResponse(model, reach);
  return response.indexOf(Math.max(...response));
}

/** The part of the heat in the house that has left it after the time that it waits for. */
function lostShare(model: StateSpace): number {
  const { weights } = heatStore(model);
  const steps = Math.max(2, Math.round((waits_h * 3600) / model.dtSeconds));
  const stored = heatResponse(model, steps, weights);
  return Math.min(1, Math.max(0, 1 - stored[steps - 1]! / stored[0]!));
}

/**
 * The quantile of the standard normal distribution, to 4.5e-4.
 *
 * @param p above 0.5 and below 1; 1 is taken for what is 4 standard deviations away
 * @see Abramowitz and Stegun (1964), 26.2.23
 */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.max(3e-5, 1 - p)));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}
