import { type House, heatStore, houseOf, modelOf, type StateSpace, stateSpaceOf } from "@azru/house";
import type { LearntHouse } from "@azru/identification";
import {
  type AffineStep,
  affineStep,
  createZone,
  type EmissionSystemName,
  emissionSystems,
  stepZone,
  supplyCop,
  supplySystems,
  type Window,
  type ZoneParameters,
} from "@azru/physics";
import type { Location } from "@azru/weather";

/** What makes the heat out of electricity. */
type HeatingSupply = "electric" | "heatPumpAir" | "heatPumpWater";

/** The temperature that comfort is asked of: the air's, or the operative one (ISO 13790 C.12), which surfaces are part of. */
export type ComfortTemperature = "air" | "operative";

/** A home: one zone, its windows, its heating and what its people want. */
export interface Building {
  readonly name: string;
  readonly location: Location;
  readonly zone: ZoneParameters;
  readonly windows: readonly Window[];
  readonly internalGains_w: number;
  readonly heating: {
    readonly emission: EmissionSystemName;
    readonly supply: HeatingSupply;
    readonly maxPower_w: number; // thermal
  };
  readonly comfort: {
    readonly min_c: number;
    readonly max_c: number;
    /** What is to be as warm; the air when absent. */
    readonly of?: ComfortTemperature | undefined;
  };
  readonly thermostat: {
    readonly on_c: number;
    readonly off_c: number;
    /** Before Azru; on/off and lower at night when absent. */
    readonly kind?: "constant" | "night_setback" | "electronic" | undefined;
  };
  /** The house as `calibrate` learnt it; what is above stays the owner's knowledge. */
  readonly learnt?: Pick<LearntHouse, "house" | "noise" | "record"> | undefined;
}

const supplies = {
  electric: supplySystems.electricHeating,
  heatPumpAir: supplySystems.heatPumpAir,
  heatPumpWater: supplySystems.heatPumpWater,
};

/**
 * Heat per electricity of a building's heating at an outdoor temperature, at the supply temperature of its
 * emission system.
 */
export function heatingCop({ heating }: Building, theta_e_c: number): number {
  const { heatingSupplyTemperature_c } = emissionSystems[heating.emission];
  return supplyCop(supplies[heating.supply], "heating", theta_e_c, heatingSupplyTemperature_c);
}

/** The form of a twin: the zone of ISO 13790, or a house whose air and emitter hold heat. */
export type TwinForm = "5r1c" | "states";

/** The house of several states: as it was learnt, where it was, else as the standard has it. */
function statesOf(building: Building): House {
  return building.learnt?.house ?? houseOf(building);
}

/**
 * The form that a replay takes by itself: states where the house was learnt. Where the heater's heat enters the air, the zone's air, which holds no heat,
 * follows each quarter of an hour of it by several kelvins, and a thermostat overshoots: such a home is simulated in states.
 */
export function usualTwin({ heating, learnt }: Building): TwinForm {
  return learnt || emissionSystems[heating.emission].air > 0 ? "states" : "5r1c";
}

/** A building's step in a form. Its output is the mean air temperature of the step. */
export function twinModel(building: Building, dtSeconds: number, form: TwinForm = "5r1c"): StateSpace {
  return form === "5r1c"
    ? stateSpaceOf(stepOf(building, dtSeconds))
    : modelOf(statesOf(building), dtSeconds, "air");
}

/** The same step with the mean operative temperature as its output. */
export function operativeModel(building: Building, dtSeconds: number, form: TwinForm = "5r1c"): StateSpace {
  if (form === "states") return modelOf(statesOf(building), dtSeconds, "operative");
  const zone = createZone(building.zone);
  const emission = emissionSystems[building.heating.emission];
  const none = { theta_m_prev_c: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0, phi_HC_w: 0 };
  const by = (unit: Partial<typeof none>) =>
    stepZone(zone, emission, dtSeconds, { ...none, ...unit }).theta_op_c; // the step is linear
  return {
    ...twinModel(building, dtSeconds, form),
    c: [by({ theta_m_prev_c: 1 })],
    D: by({ phi_HC_w: 1 }),
    F: [by({ theta_e_c: 1 }), by({ phi_sol_w: 1 }), by({ phi_int_w: 1 })],
  };
}

/** The model to plan with: its output is the temperature that comfort is asked of. */
export function comfortModel(building: Building, dtSeconds: number, form?: TwinForm): StateSpace {
  return building.comfort.of === "operative"
    ? operativeModel(building, dtSeconds, form)
    : twinModel(building, dtSeconds, form);
}

/** Heat of a twin's heater with the valve open, W. */
export function heaterPower_w(building: Building, form: TwinForm = "5r1c"): number {
  return form === "5r1c" ? building.heating.maxPower_w : statesOf(building).heaterPower_w;
}

/** Heat that a kelvin of a twin's heat store holds, J/K. */
export function storedHeat_j_k(building: Building, form: TwinForm = "5r1c"): number {
  const quarterHour = 900;
  return form === "5r1c"
    ? createZone(building.zone).C_m
    : heatStore(twinModel(building, quarterHour, form)).heat_kwh_k * 3.6e6;
}

/** A building's step of a given length: the model that the twin follows and a controller plans with. */
export function stepOf({ zone, heating }: Building, dtSeconds: number): AffineStep {
  return affineStep(createZone(zone), emissionSystems[heating.emission], dtSeconds);
}
