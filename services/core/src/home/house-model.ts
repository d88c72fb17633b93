/** The house as it is modelled: the building, and what is computed of it. */
import type { CalibrationParameter, ComfortTemperature } from "@azru/contracts";
import { groundGains_w, heatStore, modelOf, type StateSpace, stateSpaceOf } from "@azru/house";
import { parameterOf } from "@azru/identification";
import { type AffineStep, affineStep, createZone, emissionSystems } from "@azru/physics";
import { type Building, type Disturbances, type KnownHouse, operativeModel } from "@azru/simulation";

/** The 95 % interval of a parameter, in its unit. */
export type ParameterInterval = Pick<CalibrationParameter, "name" | "low" | "high">;

/** A calibration that is in force, or will be. */
export interface CalibratedBuilding {
  readonly calibrated_at: string; // home time, ISO 8601
  /** The building file that it corrects, see `identityOf`. */
  readonly corrects: string;
  readonly rmse_before_k: number;
  readonly rmse_after_k: number;
  /** As far as the history determines them. */
  readonly intervals: readonly ParameterInterval[];
  readonly building: Building;
  /** The house of several states that was learnt; absent where the 5R1C zone was corrected. */
  readonly known?: KnownHouse | undefined;
}

export interface HouseModel {
  readonly building: Building;
  /** Where the building comes from; absent where it is the building file. */
  readonly calibrated?: CalibratedBuilding;
  /** The house of several states that plans are made with; absent where they are made with the 5R1C zone. */
  readonly known?: KnownHouse;
  /** What plans are made with, at the controller's step: its output is the temperature that comfort is asked of. */
  readonly planModels: Readonly<Record<ComfortTemperature, StateSpace>>;
  /** The 5R1C zone of the building, at the controller's step. */
  readonly step: AffineStep;
  /** For a step of any length. */
  stepOf(dtSeconds: number): AffineStep;
  readonly maxPower_w: number; // thermal, valve fully open
  /** Heat that lifts the heat store (the 5R1C zone's: its walls) by a kelvin, kWh. */
  readonly capacity_kwh_k: number;
  /** Of each state in the temperature of the heat store. */
  readonly storeWeights: readonly number[];
}

/**
 * @param dtSeconds the controller's step
 * @param calibrated where the building comes from, where it is not the building file
 * @param known the house of several states to plan with; the 5R1C zone when absent
 * @throws RangeError where the building makes no zone
 */
export function houseModel(
  building: Building,
  dtSeconds: number,
  calibrated?: CalibratedBuilding,
  known?: KnownHouse,
): HouseModel {
  const zone = createZone(building.zone);
  const steps = new Map<number, AffineStep>();
  const stepOf = (seconds: number) => {
    const known = steps.get(seconds);
    if (known) return known;
    const step = affineStep(zone, emissionSystems[building.heating.emission], seconds);
    steps.set(seconds, step);
    return step;
  };
  const store = known && heatStore(modelOf(known.house, dtSeconds));
  return {
    building,
    ...(calibrated && { calibrated }),
    step: stepOf(dtSeconds),
    stepOf,
    // A step that ends warm enough, and began so, is warm enough throughout; its mean hides a cold end.
    planModels: {
      air: known ? modelOf(known.house, dtSeconds, "airAtEnd") : stateSpaceOf(stepOf(dtSeconds)),
      operative: known ? modelOf(known.house, dtSeconds, "operative") : operativeModel(building, dtSeconds),
    },
    ...(known && { known }),
    maxPower_w: known ? known.house.heaterPower_w : building.heating.maxPower_w,
    capacity_kwh_k: store ? store.heat_kwh_k : zone.C_m / 3.6e6,
    storeWeights: store ? store.weights : [1],
  };
}

/** Gains as one model of a house has them. */
interface Gains {
  readonly phi_sol_w: number;
  readonly phi_int_w: number;
}

/** Gains as another model has them. */
export type GainsTranslation = (gains: Gains) => Gains;

/**
 * What acts on a house by one model, by another that differs from it as calibrations do: all windows let in more
 * or less sun, people (and the ground, in a house of several states) give more or less heat.
 */
export function gainsTranslation(from: HouseModel, to: HouseModel): GainsTranslation {
  if (from.known && to.known) {
    const [before, after] = [from.known.house, to.known.house];
    const sun = before.aperture > 0 ? after.aperture / before.aperture : 1;
    const meanGains_w = (house: typeof before) => house.gains_w + groundGains_w(house.physics);
    return translation(sun, meanGains_w(after) - meanGains_w(before));
  }
  const before_m2 = parameterOf(from.building, "aperture");
  const sun = before_m2 > 0 ? parameterOf(to.building, "aperture") / before_m2 : 1;
  return translation(sun, to.building.internalGains_w - from.building.internalGains_w);
}

function translation(sun: number, more_w: number): GainsTranslation {
  return ({ phi_sol_w, phi_int_w }) => ({ phi_sol_w: phi_sol_w * sun, phi_int_w: phi_int_w + more_w });
}

/** Disturbances with their gains as another model has them. */
export function translatedGains(disturbances: Disturbances, translate: GainsTranslation): Disturbances {
  const { phi_int_w } = disturbances;
  const gains = Array.from(disturbances.phi_sol_w, (phi_sol_w, k) =>
    translate({ phi_sol_w, phi_int_w: phi_int_w[k] }),
  );
  return {
    ...disturbances,
    phi_sol_w: Float64Array.from(gains, ({ phi_sol_w }) => phi_sol_w),
    phi_int_w: Float64Array.from(gains, ({ phi_int_w }) => phi_int_w),
  };
}
