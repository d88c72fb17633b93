/**
 * How heating and cooling systems hand their heat to the 5R1C zone, which has no capacity between heater and room.
 *
 * Nodes and supply temperatures of the first six are those of RC_BuildingSimulator, which took them from the City
 * Energy Analyst's database; of the others the radiant share is makers' (EN 60675, EN 442).
 */

export interface EmissionSystem {
  /** Shares of the heat that enter at the air, surface and mass node; they sum to 1. */
  readonly air: number;
  readonly surface: number;
  readonly mass: number;
  readonly heatingSupplyTemperature_c: number;
  readonly coolingSupplyTemperature_c: number;
}

export const emissionSystems = {
  oldRadiators: {
    air: 1,
    surface: 0,
    mass: 0,
    heatingSupplyTemperature_c: 65,
    coolingSupplyTemperature_c: 12,
  },
  newRadiators: {
    air: 1,
    surface: 0,
    mass: 0,
    heatingSupplyTemperature_c: 50,
    coolingSupplyTemperature_c: 12,
  },
  chilledBeams: {
    air: 1,
    surface: 0,
    mass: 0,
    heatingSupplyTemperature_c: 50,
    coolingSupplyTemperature_c: 18,
  },
  airConditioning: {
    air: 1,
    surface: 0,
    mass: 0,
    heatingSupplyTemperature_c: 40,
    coolingSupplyTemperature_c: 6,
  },
  floorHeating: {
    air: 0,
    surface: 1,
    mass: 0,
    heatingSupplyTemperature_c: 40,
    coolingSupplyTemperature_c: 12,
  },
  tabs: { air: 0, surface: 0, mass: 1, heatingSupplyTemperature_c: 50, coolingSupplyTemperature_c: 12 },
  convector: {
    air: 0.95,
    surface: 0.05,
    mass: 0,
    heatingSupplyTemperature_c: 50,
    coolingSupplyTemperature_c: 12,
  },
  panel: { air: 0.6, surface: 0.4, mass: 0, heatingSupplyTemperature_c: 50, coolingSupplyTemperature_c: 12 },
  oilRadiator: {
    air: 0.7,
    surface: 0.3,
    mass: 0,
    heatingSupplyTemperature_c: 50,
    coolingSupplyTemperature_c: 12,
  },
  waterRadiator: {
    air: 0.7,
    surface: 0.3,
    mass: 0,
    heatingSupplyTemperature_c: 50,
    coolingSupplyTemperature_c: 12,
  },
} as const satisfies Record<string, EmissionSystem>;

export type EmissionSystemName = keyof typeof emissionSystems;
