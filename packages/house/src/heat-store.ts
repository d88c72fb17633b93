/** How much heat a house holds, as one temperature. */
import type { StateSpace } from "./state-space.ts";

/** What the heat in a house is measured by. */
export interface HeatStore {
  /** Of each state in the temperature of the store, summing to 1. */
  readonly weights: readonly number[];
  /** Heat of the heater that lifts that temperature by one kelvin, kWh/K. */
  readonly heat_kwh_k: number;
}

/**
 * The heat store of a house: its temperature is the mean of the states, each weighing what a kelvin of it does for
 * the output as long as it lasts. The store of a 5R1C zone is its mass.
 */
export function heatStore({ A, b, c, D, dtSeconds }: StateSpace): HeatStore {
  const n = b.length;
  if (n === 1) return { weights: [1], heat_kwh_k: b[0] > 0 ? dtSeconds / (3.6e6 * b[0]) : 0 };
  const lasting = lastingResponse(A, c, n); // K steps per K of each state
  const whole = lasting.reduce((sum, value) => sum + Math.max(0, value), 0);
  const weights = lasting.map((value) => Math.max(0, value) / whole);
  const byHeat = b.reduce((sum, value, i) => sum + value * lasting[i], D); // K steps per W of one step
  return { weights, heat_kwh_k: byHeat > 0 ? (dtSeconds / 3.6e6) * (whole / byHeat) : 0 };
}

/** c (I - A)^-1 by the product c (I + A)(I + A^2)(I + A^4)...: n values. */
function lastingResponse(A: readonly number[], c: readonly number[], n: number): number[] {
  let row = Array.from(c);
  let power = Array.from(A);
  const squarings = 30; // steps beyond 2^30 do not matter to a stable house
  for (let i = 0; i < squarings; i++) {
    row = row.map((value, j) => row.reduce((sum, r, k) => sum + r * power[n * k + j], value));
    power = power.map((_, at) => {
      const r = Math.floor(at / n);
      const j = at % n;
      let sum = 0;
      for (let k = 0; k < n; k++) sum += power[n * r + k] * power[n * k + j];
      return sum;
    });
  }
  return row;
}

/** The temperature of a heat store at the given states, degrees C. */
export function storeTemperature_c({ weights }: Pick<HeatStore, "weights">, x: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < weights.length; i++) mean += weights[i] * x[i];
  return mean;
}
