/** The rule that people write for the Tempo tariff: warmer in the night before a red day, cooler in red peak hours. */
import type { Controller, TempoSteps } from "./controller.ts";
import { type PiGains, piGains, piLaw } from "./pi.ts";

export interface TempoRuleOptions {
  /** `piGains.room` by default. */
  readonly gains?: PiGains;
  /** Setpoint at all other times, degrees C; 19.5 by default. */
  readonly usual_c?: number;
  /** In the off-peak hours before a red day's peak hours; 22 by default. */
  readonly before_c?: number;
  /** In a red day's peak hours; 19 by default. */
  readonly red_c?: number;
  /** Floor of comfort that the three are meant for: where the forecast has another, all move with it. */
  readonly min_c?: number;
  /** Length of a step; 900 by default. */
  readonly dtSeconds?: number;
}

const offPeak_h = 8; // 22:00 to 06:00

/**
 * A PI controller whose setpoint follows the colours that are published; `forecast.tempo` has them. Where it is
 * absent, the setpoint is the usual one. Where the forecast has a ceiling of comfort, no setpoint is above it.
 *
 * @throws RangeError when a setpoint is not finite or an option of the PI is out of range
 */
export function createTempoRule(options: TempoRuleOptions = {}): Controller {
  const { usual_c = 19.5, before_c = 22, red_c = 19, min_c, gains = piGains.room, dtSeconds = 900 } = options;
  for (const [field, value] of Object.entries({ usual_c, before_c, red_c }))
    if (!Number.isFinite(value)) throw new RangeError(`${field} must be a finite number, got ${value}`);
  const law = piLaw(gains);
  return {
    name: `rule ${usual_c}/${before_c}/${red_c}`,
    horizonSteps: Math.ceil((offPeak_h * 3600) / dtSeconds) + 1,
    decide({ theta_air_c }, forecast) {
      if (!Number.isFinite(theta_air_c))
        throw new RangeError(`observation.theta_air_c must be a finite number, got ${theta_air_c}`);
      const raise_k = min_c === undefined ? 0 : (forecast.min_c?.[0] ?? min_c) - min_c;
      const meant_c = { usual: usual_c, before: before_c, red: red_c }[timeOf(forecast.tempo)] + raise_k;
      const setpoint_c = Math.min(meant_c, forecast.max_c?.[0] ?? Number.POSITIVE_INFINITY);
      return { valve: law(setpoint_c - theta_air_c, forecast.dtSeconds) };
    },
  };
}

function timeOf(tempo: TempoSteps | undefined): "usual" | "before" | "red" {
  if (!tempo) return "usual";
  const { isPeak, isRed } = tempo;
  if (isPeak[0] === 1) return isRed[0] === 1 ? "red" : "usual";
  const next = isPeak.indexOf(1);
  return next >= 0 && isRed[next] === 1 ? "before" : "usual";
}
