/** What the model of the house allows where it contradicts the thermometer: then neither rules alone. */
import type { House } from "../home/house.ts";
import type { Choice, Observation } from "./decision.ts";
import type { PlanForecast } from "./foresee.ts";
import { frostLimit_c, upperLimit_c } from "./safe-valve.ts";

/** Bounds of the valve, 0 to 1. */
export interface ModelLimits {
  readonly least: number;
  readonly most: number;
  /** What `least` keeps the air above, degrees C. */
  readonly floor_c: number;
}

/** A model errs: it keeps so far from the limits of the measured air. */
const distance_k = 2;
/** No more heat than holds this by the model, degrees C. */
export const mostByModel_c = upperLimit_c - distance_k;
/** So far below the setpoint a home may fall while a thermometer says otherwise: a stove may burn, a sun may shine. */
const below_k = 3;

/** Undefined while the model does not contradict what is measured, or nothing is known of the house. */
export function modelLimits(
  house: Pick<House, "contradicts" | "valveFor" | "mayBeStove">,
  { zone }: Pick<Observation, "zone">,
  { source }: Pick<Choice, "source">,
  forecast: Pick<PlanForecast, "min_c"> | undefined,
): ModelLimits | undefined {
  if (!house.contradicts(zone?.theta_air_c)) return undefined;
  const frost_c = frostLimit_c + distance_k;
  // Whoever chose the valve by hand, or switched the heating off, chose the temperature too; who lights a stove as well.
  const isFrostAlone = source === "manual" || !forecast || house.mayBeStove;
  const floor_c = isFrostAlone ? frost_c : Math.max(frost_c, forecast.min_c[0] - below_k);
  const most = house.valveFor(mostByModel_c);
  const least = house.valveFor(floor_c);
  return most === undefined || least === undefined ? undefined : { least, most, floor_c };
}
