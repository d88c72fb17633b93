/** Who heats until the model of the house has proved itself: a good thermostat with the conservative Tempo rule. */
import type { Controller, TempoSteps } from "@azru/control";
import { type Building, unprovedRule } from "@azru/simulation";
import { noForecast } from "../home/no-forecast.ts";
import type { HomeForecast } from "../outlook/home-forecast.ts";

/** What the rule goes by. */
export interface RuleInputs {
  readonly startMs: number; // of the step, home time
  readonly theta_air_c: number;
  readonly setpoint_c: number;
  /** Undefined where nothing is foreseen: then no day is known to be red. */
  readonly forecast: Pick<HomeForecast, "startMs" | "rates"> | undefined;
}

/** The rule with its memory: it decides once a step, and anew where the setpoint changes within it. */
export class UnprovedRule {
  readonly #controller: Controller;
  readonly #step_ms: number;
  #last: { readonly startMs: number; readonly setpoint_c: number; readonly valve: number } | undefined;

  constructor(building: Building, step_ms: number) {
    this.#step_ms = step_ms;
    this.#controller = unprovedRule(building, step_ms / 1000);
  }

  /** 0 to 1. */
  valveAt({ startMs, theta_air_c, setpoint_c, forecast }: RuleInputs): number {
    const last = this.#last;
    if (last && last.startMs === startMs && last.setpoint_c === setpoint_c) return last.valve;
    const tempo = forecast && this.#tempo(forecast);
    const seen = { theta_air_c, x_c: [theta_air_c] };
    const ahead = {
      ...noForecast,
      dtSeconds: this.#step_ms / 1000,
      min_c: Float64Array.of(setpoint_c),
      ...(tempo && { tempo }),
    };
    const { valve } = this.#controller.decide(seen, ahead);
    this.#last = { startMs, setpoint_c, valve };
    return valve;
  }

  /** Peak hours and red days of the steps that the rule looks at. */
  #tempo({ startMs, rates }: Pick<HomeForecast, "startMs" | "rates">): TempoSteps {
    const steps = this.#controller.horizonSteps;
    const isPeak = new Uint8Array(steps);
    const isRed = new Uint8Array(steps);
    for (let k = 0; k < steps; k++) {
      const timeMs = startMs + k * this.#step_ms;
      const rate = rates.find((one) => one.startMs <= timeMs && timeMs < one.endMs);
      if (rate?.period === "peak") isPeak[k] = 1;
      if (rate?.colour === "red") isRed[k] = 1;
    }
    return { isPeak, isRed };
  }
}
