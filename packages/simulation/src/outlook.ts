import type { Forecast, TempoSteps } from "@azru/control";
import { cutBranches, type PriceBranches, type Rate, stepPrices, type Tariff } from "@azru/tariff";
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
  /** What each issue knows of the Tempo days; absent, or undefined, where the tariff has no colours. */
  readonly tempo?: readonly (TempoSteps | undefined)[];
}

/** What rates say of the Tempo days, a value a step; undefined where they have no colours. */
export function tempoSteps(
  rates: readonly Rate[],
  startMs: number,
  dtSeconds: number,
  count: number,
): TempoSteps | undefined {
  if (rates[0]?.colour === undefined) return undefined;
  const isPeak = new Uint8Array(count);
  const isRed = new Uint8Array(count);
  let i = 0;
  for (let k = 0; k < count; k++) {
    while (i < rates.length - 1 && rates[i].endMs <= startMs + k * dtSeconds * 1000) i++;
    isPeak[k] = rates[i].period === "peak" ? 1 : 0;
    isRed[k] = rates[i].colour === "red" ? 1 : 0;
  }
  return { isPeak, isRed };
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
  const tempo = [];
  for (let k = 0; k < steps; k += everySteps) {
    const issuedMs = grid.startMs + k * dtMs;
    const rates = tariff.rates(issuedMs, issuedMs + count * dtMs, issuedMs);
    issues.push(stepPrices(rates, issuedMs, grid.dtSeconds, count));
    colours.push(tariff.priceTree?.(issuedMs, grid.dtSeconds, count, issuedMs));
    tempo.push(tempoSteps(rates, issuedMs, grid.dtSeconds, count));
  }
  return { everySteps, issues, colours, tempo };
}

/** An outlook that was right about everything: one issue for the whole run. */
export function perfect<T>(all: T): Outlook<T> {
  return { everySteps: Number.MAX_SAFE_INTEGER, issues: [all] };
}

/**
 * The forecast that a controller gets at step `k`: the latest issues of weather and prices, cut to the
 * horizon without copying.
 *
 * @param comfort floor and ceiling of comfort of each step, to the end of the last horizon, where they change with time
 * @throws RangeError when an issue, the floor or the ceiling does not reach the end of the horizon
 */
export function forecastAt(
  weather: Outlook<Disturbances>,
  price: PriceOutlook,
  comfort: { readonly min_c?: Float64Array; readonly max_c?: Float64Array } = {},
): (k: number, horizonSteps: number) => Forecast {
  return (k, horizonSteps) => {
    const [ahead, i] = issueAt(weather, k);
    const [price_eur_kwh, j] = issueAt(price, k);
    if (i + horizonSteps > ahead.theta_e_c.length || j + horizonSteps > price_eur_kwh.length) {
      throw new RangeError(`the outlook at step ${k} ends before the horizon of ${horizonSteps} steps`);
    }
    const steps = Math.max(1, horizonSteps);
    const boundAhead = (name: "min_c" | "max_c") => {
      const bound_c = comfort[name];
      if (bound_c && k + steps > bound_c.length) {
        throw new RangeError(`${name} at step ${k} ends before the horizon of ${steps} steps`);
      }
      return bound_c && { [name]: bound_c.subarray(k, k + steps) };
    };
    const known = price.tempo?.[Math.floor(k / price.everySteps)];
    const tree = price.colours?.[Math.floor(k / price.everySteps)];
    const colours = tree && cutBranches(tree, j, horizonSteps);
    return {
      ...boundAhead("min_c"),
      ...boundAhead("max_c"),
      dtSeconds: ahead.dtSeconds,
      theta_e_c: ahead.theta_e_c.subarray(i, i + horizonSteps),
      phi_sol_w: ahead.phi_sol_w.subarray(i, i + horizonSteps),
      phi_int_w: ahead.phi_int_w.subarray(i, i + horizonSteps),
      price_eur_kwh: price_eur_kwh.subarray(j, j + horizonSteps),
      ...(colours && { colours }),
      ...(known && {
        tempo: {
          isPeak: known.isPeak.subarray(j, j + horizonSteps),
          isRed: known.isRed.subarray(j, j + horizonSteps),
        },
      }),
    };
  };
}

function issueAt<T>({ everySteps, issues }: Outlook<T>, k: number): [issue: T, offset: number] {
  const i = Math.floor(k / everySteps);
  return [issues[i], k - i * everySteps];
}
