/** The baseline: an on/off thermostat. */
import type { Controller } from "./controller.ts";

export interface ThermostatOptions {
  readonly on_c?: number; // opens the valve below this air temperature
  readonly off_c?: number; // closes it above this one
  /** Close the valve between the two, as Azru's prototype did, instead of keeping the last state. */
  readonly betweenOff?: boolean;
  readonly initiallyOn?: boolean;
  /** Floor of comfort that the two are meant for: where the forecast has another, both move with it. */
  readonly min_c?: number;
}

/**
 * A thermostat with hysteresis: valve fully open below `on_c` (19.5), closed above `off_c` (20.5), and as
 * it was in between. Each instance remembers its own last state.
 *
 * @throws RangeError unless `on_c` and `off_c` are finite and `on_c <= off_c`; `decide` throws one when the
 *   air temperature is not finite
 */
export function createThermostat(options: ThermostatOptions = {}): Controller {
  const { on_c = 19.5, off_c = 20.5, betweenOff = false, initiallyOn = false, min_c } = options;
  if (!(Number.isFinite(on_c) && Number.isFinite(off_c) && on_c <= off_c))
    throw new RangeError(`thermostat.on_c must be <= off_c, got ${on_c} and ${off_c}`);
  let on = initiallyOn;
  return {
    name: "thermostat",
    horizonSteps: 0,
    decide({ theta_air_c }, forecast) {
      if (!Number.isFinite(theta_air_c))
        throw new RangeError(`observation.theta_air_c must be a finite number, got ${theta_air_c}`);
      const rise_k = min_c === undefined ? 0 : (forecast.min_c?.[0] ?? min_c) - min_c;
      const felt_c = theta_air_c - rise_k;
      if (felt_c < on_c) on = true;
      else if (felt_c > off_c || betweenOff) on = false;
      return { valve: on ? 1 : 0 };
    },
  };
}
