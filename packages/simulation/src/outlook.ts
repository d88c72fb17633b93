import type { Forecast } from "@azru/control";
import { cutBranches, type PriceBranches, stepPrices, type Tariff } from "@azru/tariff";
import type { Disturbances } from "./disturbances.ts";

/**
 * What is foreseen, issue by issue: issue `i` holds from step `i everySteps` until the next one, and
 * reaches `everySteps - 1 + horizonSteps` steps from its own first.
 */
export interface Outlook<T> {
  readonly everySteps: number;
  readonly issues: readonly T[];
}

/** Prices, EUR/kWh, as they are known or expected. */
export interface PriceOutlook extends Outlook<Float64Array> {
  /** What each issue's prices may turn out to be; undefined where they are known. */
  readonly colours?: readonly (PriceBranches | undefined)[];
}

/** Prices as they are known at each moment, asked for anew every `everySteps`. */
export function publishedPrices(
  tariff: Tariff,
  grid: Pick<Disturbances, "startMs" | "dtSeconds">,
  steps: number,
  horizonSteps: number,
  everySteps: number,
): PriceOutlook {
  const dtMs = grid.dtSeconds * 1000;
  const count = everySteps - 1 + horizonSteps;
  const issues = [];
  const colours = [];
  for (let k = 0; k < steps; k += everySteps) {
    const issuedMs = grid.startMs + k * dtMs;
    const rates = tariff.rates(issuedMs, issuedMs + count * dtMs, issuedMs);
    issues.push(stepPrices(rates, issuedMs, grid.dtSeconds, count));
    colours.push(tariff.priceTree?.(issuedMs, grid.dtSeconds, count, issuedMs));
  }
  return { everySteps, issues, colours };
}

/** An outlook that was right about everything: one issue for the whole run. */
export function perfect<T>(all: T): Outlook<T> {
  return { everySteps: Number.MAX_SAFE_INTEGER, issues: [all] };
}

/**
 * The forecast that a controller gets at step `k`: the latest issues of weather and prices, cut to the
 * horizon without copying.
 *
 * @param min_c floor of comfort of each step, to the end of the last horizon, where it changes with time
 * @throws RangeError when an issue, or `min_c`, does not reach the end of the horizon
 */
export function forecastAt(
  weather: Outlook<Disturbances>,
  price: PriceOutlook,
  min_c?: Float64Array,
): (k: number, horizonSteps: number) => Forecast {
  return (k, horizonSteps) => {
    const [ahead, i] = issueAt(weather, k);
    const [price_eur_kwh, j] = issueAt(price, k);
    if (i + horizonSteps > ahead.theta_e_c.length || j + horizonSteps > price_eur_kwh.length) {
      throw new RangeError(`the outlook at step ${k} ends before the horizon of ${horizonSteps} steps`);
    }
    const wished = Math.max(1, horizonSteps);
    if (min_c && k + wished > min_c.length) {
      throw new RangeError(`min_c at step ${k} ends before the horizon of ${wished} steps`);
    }
    const tree = price.colours?.[Math.floor(k / price.everySteps)];
    const colours = tree && cutBranches(tree, j, horizonSteps);
    return {
      ...(min_c && { min_c: min_c.subarray(k, k + wished) }),
      dtSeconds: ahead.dtSeconds,
      theta_e_c: ahead.theta_e_c.subarray(i, i + horizonSteps),
      phi_sol_w: ahead.phi_sol_w.subarray(i, i + horizonSteps),
      phi_int_w: ahead.phi_int_w.subarray(i, i + horizonSteps),
      price_eur_kwh: price_eur_kwh.subarray(j, j + horizonSteps),
      ...(colours && { colours }),
    };
  };
}

function issueAt<T>({ everySteps, issues }: Outlook<T>, k: number): [issue: T, offset: number] {
  const i = Math.floor(k / everySteps);
  return [issues[i], k - i * everySteps];
}
