/** What the model of the house allows where it contradicts the thermometer: then neither rules alone. */
import type { DoubtFindings } from "../home/doubt.ts";
import type { Choice, Observation } from "./decision.ts";
import type { PlanForecast } from "./foresee.ts";
import { frostLimit_c, upperLimit_c } from "./safe-valve.ts";

/** Bounds of the valve, 0 to 1. */
export interface ModelLimits {
  readonly least: number;
  readonly most: number;
  /** What `least` keeps the air above, and `most` below, degrees C. */
  readonly floor_c: number;
  readonly most_c: number;
}

/** A model errs: it keeps so far from the limits of the measured air. */
const distance_k = 2;
/** No more heat than holds this by the model, degrees C. */
const mostByModel_c = upperLimit_c - distance_k;
/** So far below the setpoint a home may fall while a thermometer says otherwise: a stove may burn, a sun may shine. */
const below_k = 3;
/** So far above it may be heated by a thermometer that jumped: the model held a moment ago. */
const aboveJumped_k = 3;

/** Undefined while the model does not contradict what is measured, or nothing is known of the house. */
export function modelLimits(
  doubt: Pick<DoubtFindings, "contradiction" | "valveFor" | "mayBeStove">,
  { zone }: Pick<Observation, "zone">,
  { source }: Pick<Choice, "source">,
  forecast: Pick<PlanForecast, "min_c"> | undefined,
): ModelLimits | undefined {
  const contradiction = doubt.contradiction(zone?.theta_air_c);
  if (!contradiction) return undefined;
  const frost_c = frostLimit_c + distance_k;
  // Whoever chose the valve by hand, or switched the heating off, chose the temperature too; who lights a stove as well.
  const isFrostAlone = source === "manual" || !forecast || doubt.mayBeStove;
  const floor_c = isFrostAlone ? frost_c : Math.max(frost_c, forecast.min_c[0] - below_k);
  const isHeldNear = contradiction === "jump" && source !== "manual" && forecast;
  const most_c = isHeldNear ? Math.min(mostByModel_c, forecast.min_c[0] + aboveJumped_k) : mostByModel_c;
  const most = doubt.valveFor(most_c);
  const least = doubt.valveFor(floor_c);
  return most === undefined || least === undefined ? undefined : { least, most, floor_c, most_c };
}
