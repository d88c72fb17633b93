/** What nobody measures of a home, estimated: the temperatures of its walls, and the heat that its model does not explain. */
import type { Forecast } from "@azru/control";
import type { HouseFilterMemory, MassEstimate, NoiseEvidence } from "@azru/identification";
import type { Disturbances, Standing } from "@azru/simulation";
import type { HeatingDoubt } from "./doubt.ts";
import type { HouseModel } from "./house-model.ts";
import type { Sample } from "./samples.ts";

export interface HomeEstimate extends MassEstimate {
  /** Of air and surfaces together, by the model; absent before the first step. */
  readonly theta_op_c?: number;
  /** What the air's sensor is found to err by, standard deviation. */
  readonly sensor_k: number;
  /** Outdoor temperature measured in the step just past less the one foreseen; absent where nobody measured it. */
  readonly outdoorError_k?: number;
  /** What the measurements say of the noise. */
  readonly evidence: NoiseEvidence;
  /** Absent while the heating does what it is ordered to do. */
  readonly heatingFault?: HeatingDoubt["fault"];
  /** States of the house; absent for one of one state, whose state is the walls' temperature. */
  readonly x_c?: readonly number[];
}

/** Estimates what nobody measures of the home; times are home time. */
export interface HomeEstimator {
  /** The estimate at the last instant; undefined before the first measurement. */
  readonly now: HomeEstimate | undefined;
  /** Whether plans may be made with the model; absent where nothing else is at hand. */
  readonly standing?: Standing;
  /** What is kept over a restart, where the store does not keep it. */
  readonly memory?: HouseFilterMemory | undefined;
  /** Takes a measurement; samples come in order of time. */
  sample(timeMs: number, sample: Sample): void;
  /** Another heat was ordered at an instant. */
  order(timeMs: number, phi_HC_w: number): void;
  /** Goes on to an instant, a multiple of the step, by what was measured and ordered since the last one. */
  advance(instantMs: number, theta_air_c: number | undefined): void;
  /** What the steps from here on are expected to bring; the next `advance` goes by it. */
  foresee(disturbances: Disturbances): void;
  /** Internal gains to expect, one value a step: `phi_int_w` and what is known to add to them, fading. */
  gainsAhead_w(phi_int_w: Float64Array): Float64Array;
  /** The forecast from the last instant on, corrected by what the home shows; as it is before the first measurement. */
  corrected(forecast: Forecast): Forecast;
  /** From here on the house is another model. */
  changeModel(next: HouseModel): void;
  /** Home time was set, by whole steps: the house is as it was, and what was foreseen acts on it still. */
  shiftTime(shift_ms: number): void;
  /** What was measured or ordered in the last `age_ms` was otherwise: the house is estimated anew from before. */
  reconsider(age_ms: number, truth: Truth): void;
}

/** What a time was like in truth: another heat, or no temperature. */
export type Truth = { readonly phi_HC_w: number } | { readonly theta_air_c: undefined };

/** An estimate as it was stored, with what the measurements had shown of the noise by then. */
export interface StoredEstimate extends MassEstimate {
  readonly atMs: number; // home time
  /** Absent where it was not known yet. */
  readonly evidence?: NoiseEvidence;
}
