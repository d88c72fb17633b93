/** Who heats until the model of the house has proved itself: a good thermostat with a Tempo rule. */
import type { Controller } from "@azru/control";
import { type Building, tempoSteps, unprovedRule } from "@azru/simulation";
import { noForecast } from "../home/no-forecast.ts";
import type { HomeForecast } from "../outlook/home-forecast.ts";

/** What the rule goes by. */
export interface RuleInputs {
  readonly startMs: number; // of the step, home time
  readonly theta_air_c: number;
  readonly setpoint_c: number;
  /** The warmest acceptable in the step. */
  readonly ceiling_c: number;
  /** Undefined where nothing is foreseen: then no day is known to be red. */
  readonly forecast: Pick<HomeForecast, "startMs" | "rates"> | undefined;
}

/** The rule with its memory: it decides once a step, and anew where setpoint or ceiling change within it. */
export class UnprovedRule {
  readonly #controller: Controller;
  readonly #dtSeconds: number;
  #last: (Omit<RuleInputs, "theta_air_c" | "forecast"> & { readonly valve: number }) | undefined;

  constructor(building: Building, dtSeconds: number) {
    this.#dtSeconds = dtSeconds;
    this.#controller = unprovedRule(building, dtSeconds);
  }

  /** 0 to 1. */
  valveAt({ startMs, theta_air_c, setpoint_c, ceiling_c, forecast }: RuleInputs): number {
    const last = this.#last;
    const isSame =
      last?.startMs === startMs && last.setpoint_c === setpoint_c && last.ceiling_c === ceiling_c;
    if (isSame) return last.valve;
    const { horizonSteps } = this.#controller;
    const tempo = forecast && tempoSteps(forecast.rates, forecast.startMs, this.#dtSeconds, horizonSteps);
    const seen = { theta_air_c, x_c: [theta_air_c] };
    const ahead = {
      ...noForecast,
      dtSeconds: this.#dtSeconds,
      min_c: Float64Array.of(setpoint_c),
      max_c: Float64Array.of(ceiling_c),
      ...(tempo && { tempo }),
    };
    const { valve } = this.#controller.decide(seen, ahead);
    this.#last = { startMs, setpoint_c, ceiling_c, valve };
    return valve;
  }
}
