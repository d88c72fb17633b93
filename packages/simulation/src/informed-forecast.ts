import type { Forecast } from "@azru/control";
import type { AdaptiveEstimator } from "@azru/identification";
import type { AffineStep } from "@azru/physics";
import { nowcast_c } from "./nowcast.ts";

/** The outdoor temperature of the step just past: as it was, and as the forecast of that time had it. */
export interface OutdoorMiss {
  readonly measured_c: number;
  readonly foreseen_c: number;
  /** What the same forecast had for the step that begins now; absent where it ended before. */
  readonly next_c?: number | undefined;
}

export interface Knowledge {
  readonly estimator: Pick<AdaptiveEstimator, "gainsAhead_w" | "spreadAhead_k">;
  readonly model: AffineStep;
  /** Distance to keep from the floor of comfort, in standard deviations of the air a step ahead. */
  readonly margin: number;
  /** Absent where nobody has measured it. */
  readonly outdoor?: OutdoorMiss | undefined;
}

/** Before anything was measured the spread is the guess's, and says nothing that a plan should heat for. */
const largestMargin_k = 2;

/**
 * What a controller knows of the time ahead: the forecast, with what is known better. The error that it has
 * outdoors now is foreseen to fade, and so are gains that the model does not know; how far the air tends to be from
 * what was expected of it is the distance to keep from the floor of comfort.
 */
export function informedForecast(
  forecast: Forecast,
  { estimator, model, margin, outdoor }: Knowledge,
): Forecast {
  const { dtSeconds, theta_e_c, phi_sol_w, phi_int_w } = forecast;
  const margin_k = estimator
    .spreadAhead_k(model, phi_sol_w)
    .map((spread_k) => Math.min(largestMargin_k, margin * spread_k));
  return {
    ...forecast,
    theta_e_c: outdoor ? nowcast_c(theta_e_c, errorLeft_k(outdoor, theta_e_c[0]), dtSeconds) : theta_e_c,
    phi_int_w: estimator.gainsAhead_w(phi_int_w, dtSeconds),
    margin_k,
  };
}

/** A forecast issued since then may have mended a part of the error itself: what it differs by is taken off. */
function errorLeft_k({ measured_c, foreseen_c, next_c }: OutdoorMiss, now_c: number): number {
  return measured_c - foreseen_c - (next_c === undefined ? 0 : now_c - next_c);
}
