/** What the predictive controller is compared with, beside the on/off thermostat of the building file. */
import { type Controller, createPi, createTempoRule, type PiGains, piGains } from "@azru/control";
import type { StateSpace } from "@azru/house";
import type { Building } from "./building.ts";

/** An electronic thermostat, or one whose setpoint follows the Tempo colours; setpoints in degrees C. */
export type Baseline =
  | { readonly kind: "pi"; readonly setpoint_c: number }
  | {
      readonly kind: "rule";
      readonly usual_c: number;
      readonly before_c: number; // in the off-peak hours before a red day
      readonly red_c: number; // in red peak hours
    };

/** The electronic thermostat that holds the temperature below which the building's own thermostat opens. */
export function piOf({ thermostat }: Building): Baseline {
  return { kind: "pi", setpoint_c: thermostat.on_c };
}

/** The family of rules of which the best is to beat: warmer by 2.5 to 5.5 K before, cooler by up to 0.5 K in red peak. */
export function ruleFamily({ thermostat }: Building): Baseline[] {
  const usual_c = thermostat.on_c;
  return [2.5, 4.5, 5.5].flatMap((raise_k) =>
    [-0.5, -0.3, 0].map(
      (cut_k): Baseline => ({ kind: "rule", usual_c, before_c: usual_c + raise_k, red_c: usual_c + cut_k }),
    ),
  );
}

/** For people, and as `--baseline` takes it: `pi 19.5`, `rule:19.5/22/19`. */
export function baselineName(baseline: Baseline): string {
  const { kind } = baseline;
  if (kind === "pi") return `pi ${baseline.setpoint_c}`;
  return `rule:${[baseline.usual_c, baseline.before_c, baseline.red_c].map((c) => Number(c.toFixed(2))).join("/")}`;
}

/** Of the loop gain that full power makes within a step, at most this: beyond 1 the air would swing from step to step. */
const largestLoopGain = 0.4;

/**
 * The controller of a baseline in a home.
 *
 * @param building as the home's owner knows it
 * @param model what full power does to its air within a step follows from it
 */
export function baselineController(baseline: Baseline, building: Building, model: StateSpace): Controller {
  const options = { gains: calmGains(building, model), min_c: building.comfort.min_c };
  return baseline.kind === "pi"
    ? createPi({ ...options, setpoint_c: baseline.setpoint_c })
    : createTempoRule({ ...options, ...baseline, dtSeconds: model.dtSeconds });
}

/** The gains of an electronic thermostat, as an installer sets them by what it heats with. */
export function installerGains(emission: Building["heating"]["emission"]): PiGains {
  return emission === "floorHeating" || emission === "tabs" ? piGains.floor : piGains.room;
}

/** The same, calmer where they would make this air swing. */
export function calmGains({ heating }: Building, model: StateSpace): PiGains {
  const { gain_per_k, integral_h } = installerGains(heating.emission);
  const rise_k = model.D * heating.maxPower_w;
  const calm = Math.min(1, largestLoopGain / rise_k / gain_per_k); // the integral keeps its pace
  return { gain_per_k: calm * gain_per_k, integral_h: calm * integral_h };
}
