/** How well a house is predicted for a day: from measurements until then, on the heat and weather that came. */
import { gainsAt_w, type House, modelOf } from "@azru/house";
import { type DayAhead, dayAheadErrors, stepsADay } from "../day-ahead.ts";
import type { Drive } from "./drive.ts";
import {
  filterStep,
  type HouseFilterState,
  type HouseNoise,
  initialState,
  outputsAhead,
} from "./filter-step.ts";

/** Root mean squares of what predictions missed, K. */
export interface PredictionErrors {
  readonly rms_k: number; // over all steps of all predictions
  /** By how far ahead: one value a step, the first being the next step's. */
  readonly byLead_k: readonly number[];
  readonly predictions: number;
}

/**
 * Origins of a day's predictions in steps `[from, to)`: one every `hours`, all forces known from a day before, for
 * the filter to settle, until a day after.
 */
export function originsIn(drive: Drive, from: number, to: number, hours: number): number[] {
  const day = stepsADay(drive);
  const every = Math.max(1, Math.round((hours * 3600) / drive.dtSeconds));
  const origins: number[] = [];
  for (let k = from; k + day <= to; k += every) {
    if (drive.stretches.some((s) => s.from + day <= k && k + day <= s.to)) origins.push(k);
  }
  return origins;
}

/** What drives a house in each step of a drive, by its own aperture, heater and gains. */
function forcesOn(house: House, drive: Drive) {
  const scale = drive.isMetered ? 1 : house.heaterPower_w;
  const base_w = Float64Array.from({ length: 24 }, (_, hour) => gainsAt_w(house, hour + 0.5));
  return (k: number) => ({
    phi_HC_w: drive.heat[k] * scale,
    theta_e_c: drive.theta_e_c[k],
    phi_sol_w: drive.phi_sol_w[k] * house.aperture,
    phi_int_w: base_w[Math.floor(drive.hour[k]) % 24],
  });
}

/** Predictions of a house whose filter ran along until each origin. */
export function predictDays(
  house: House,
  noise: HouseNoise,
  drive: Drive,
  origins: readonly number[],
): DayAhead[] {
  const model = modelOf(house, drive.dtSeconds);
  const forcesAt = forcesOn(house, drive);
  const steps = stepsADay(drive);
  const wanted = new Set(origins);
  const last = Math.max(...origins);
  const predictions: DayAhead[] = [];
  for (const { from, to } of drive.stretches) {
    let state: HouseFilterState | undefined;
    for (let k = from; k < to && k <= last; k++) {
      const air_c = drive.theta_air_c[k];
      if (state && wanted.has(k)) {
        const theta_air_c = outputsAhead(state, model, noise, (lead) => forcesAt(k + lead), steps);
        predictions.push({ origin: k, theta_air_c });
      }
      if (!state && Number.isNaN(air_c)) continue;
      state ??= initialState(model, air_c, noise);
      const forces = forcesAt(k);
      state = filterStep(state, model, forces.phi_HC_w, forces, noise, air_c).state;
    }
  }
  return predictions;
}

/** What predictions missed of the air temperatures measured. */
export function errorsOf(drive: Drive, predictions: readonly DayAhead[]): PredictionErrors {
  const { rmse_k, byLead_k, predictions: count } = dayAheadErrors(drive, predictions);
  return { rms_k: rmse_k, byLead_k: [...byLead_k], predictions: count };
}
