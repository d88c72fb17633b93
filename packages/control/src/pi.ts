/** An electronic thermostat: proportional-integral control of the air temperature. */
import type { Controller } from "./controller.ts";

export interface PiGains {
  /** Share of the heater's power per kelvin below the setpoint, 1/K. */
  readonly gain_per_k: number;
  /** Integral time, h. */
  readonly integral_h: number;
}

/**
 * Gains as an installer sets them, for steps of about 15 min: a wide proportional band where full power warms the air
 * by kelvins within a step, a narrow one and a slow integral where the heat comes through a floor, hours late.
 */
export const piGains = {
  room: { gain_per_k: 0.15, integral_h: 1 },
  floor: { gain_per_k: 0.7, integral_h: 4 },
} as const satisfies Record<string, PiGains>;

export interface PiOptions {
  /** `piGains.room` by default. */
  readonly gains?: PiGains;
  /** Degrees C; 19.5 by default. */
  readonly setpoint_c?: number;
  /** Floor of comfort that the setpoint is meant for: where the forecast has another, the setpoint moves with it. */
  readonly min_c?: number;
}

/**
 * The control law, with memory of its integral: the valve, 0 to 1, for an error (setpoint less air temperature, K).
 * Anti-windup by conditional integration: the integral stands still while the valve is at a stop and the error would
 * drive it further.
 *
 * @throws RangeError when a gain is not a positive number
 * @see Astrom and Hagglund, "Advanced PID Control" (2006), 3.5
 */
export function piLaw(gains: PiGains): (error_k: number, dtSeconds: number) => number {
  checkGains(gains);
  let integral = 0;
  return (error_k, dtSeconds) => {
    const step = piStep(gains, integral, error_k, dtSeconds);
    integral = step.integral;
    return step.valve;
  };
}

/**
 * One step of the law of `piLaw`, whose memory is the caller's.
 *
 * @param integral share of the heater's power, 0 to 1, of the step before
 * @param error_k setpoint less air temperature
 */
export function piStep(
  { gain_per_k, integral_h }: PiGains,
  integral: number,
  error_k: number,
  dtSeconds: number,
): { readonly valve: number; readonly integral: number } {
  const summed = integral + (gain_per_k * error_k * dtSeconds) / 3600 / integral_h;
  const wanted = gain_per_k * error_k + summed;
  const isWindingUp = (wanted > 1 && error_k > 0) || (wanted < 0 && error_k < 0);
  const next = isWindingUp ? integral : Math.min(1, Math.max(0, summed));
  return { valve: Math.min(1, Math.max(0, gain_per_k * error_k + next)), integral: next };
}

function checkGains({ gain_per_k, integral_h }: PiGains): void {
  for (const [field, value] of Object.entries({ gain_per_k, integral_h }))
    if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${field} must be > 0, got ${value}`);
}

/**
 * A thermostat that holds its setpoint by opening the valve in part. Each instance has its own integral.
 *
 * @throws RangeError when an option is out of range; `decide` throws one when the air temperature is not finite
 */
export function createPi(options: PiOptions = {}): Controller {
  const { setpoint_c = 19.5, gains = piGains.room, min_c } = options;
  if (!Number.isFinite(setpoint_c))
    throw new RangeError(`setpoint_c must be a finite number, got ${setpoint_c}`);
  const law = piLaw(gains);
  return {
    name: `pi ${setpoint_c}`,
    horizonSteps: 0,
    decide({ theta_air_c }, forecast) {
      if (!Number.isFinite(theta_air_c))
        throw new RangeError(`observation.theta_air_c must be a finite number, got ${theta_air_c}`);
      const raise_k = min_c === undefined ? 0 : (forecast.min_c?.[0] ?? min_c) - min_c;
      return { valve: law(setpoint_c + raise_k - theta_air_c, forecast.dtSeconds) };
    },
  };
}
