/** What drives a house of the bench: any object of this form. */
import type { Building } from "@azru/simulation";
import type { WeatherSteps } from "@azru/weather";
import type { ControlAccount } from "./control-account.ts";
import type { HomeForecast } from "./season.ts";

/** What a home measures: means of the step just past, sensors' errors included. */
export interface HomeObservation {
  readonly timeMs: number; // Unix time, now
  readonly theta_air_c: number;
  readonly theta_e_c: number;
  /** Electric power of the heating. */
  readonly power_w: number;
}

/** What a home has recorded, a value a step: what was measured in it, and the weather as it was. */
export interface HomeHistory {
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  readonly theta_air_c: Float64Array; // mean of the step
  readonly theta_e_c: Float64Array;
  readonly power_w: Float64Array;
  readonly valve: Float64Array; // 0 to 1
  readonly weather: WeatherSteps;
}

export interface HomeController {
  readonly name: string;
  /** Steps of forecast that `decide` is to get. */
  readonly horizonSteps: number;
  /** Called once, before the first decision, where the home has a history. */
  learn?(history: HomeHistory): void | Promise<void>;
  /** The valve, 0 to 1, of the step that begins now; what the home observes is noisy, and nothing else is known. */
  decide(observation: HomeObservation, forecast: HomeForecast): number | Promise<number>;
  /** What it used, where it decides in a process of its own. */
  usage?(): Usage;
  /** What became of the control that it has to earn, where it has to. */
  account?(): ControlAccount;
  /** Called after the last decision. */
  close?(): void;
}

/** What a controller in a process of its own used. */
export interface Usage {
  /** Processor time of the last decision; NaN where it followed an earlier plan. */
  readonly decision_ms: number;
  readonly memory_mb: number; // largest resident set so far
  /** Decisions for which it found no plan. */
  readonly unplanned: number;
}

/** What a controller is made for. */
export interface HomeSetting {
  /** The building file, as its owner wrote it. */
  readonly building: Building;
  readonly dtSeconds: number;
  /** Whether forecasts of the weather err. */
  readonly isForecastUncertain: boolean;
}

export type MakeController = (setting: HomeSetting) => HomeController;
