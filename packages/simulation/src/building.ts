import {
  type AffineStep,
  affineStep,
  createZone,
  type EmissionSystemName,
  emissionSystems,
  supplyCop,
  supplySystems,
  type Window,
  type ZoneParameters,
} from "@azru/physics";
import type { Location } from "@azru/weather";

/** What makes the heat out of electricity. */
export type HeatingSupply = "electric" | "heatPumpAir" | "heatPumpWater";

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
  readonly comfort: { readonly min_c: number; readonly max_c: number };
  readonly thermostat: { readonly on_c: number; readonly off_c: number };
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

/** A building's step of a given length: the model that the twin lives by and a controller plans with. */
export function stepOf({ zone, heating }: Building, dtSeconds: number): AffineStep {
  return affineStep(createZone(zone), emissionSystems[heating.emission], dtSeconds);
}
