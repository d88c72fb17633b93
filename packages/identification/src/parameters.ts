/** The result of a calibration in the terms of a building file. */
import { createZone } from "@azru/physics";
import type { Findings } from "./calibrate.ts";
import { type CalibratableBuilding, heatLoss_w_k } from "./house.ts";
import type { CorrectionName, Estimate } from "./identification.ts";

/** A quantity of the file: as the file has it, and as the history shows it, with its 95 % interval. */
export interface ParameterRow extends Quantity {
  readonly name: CorrectionName | "heatLoss";
  readonly file: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface Quantity {
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
}

/** The quantities that were sought, and the heat loss that walls and air exchange make together. */
export function parameterRows(building: CalibratableBuilding, findings: Findings): ParameterRow[] {
  const { estimates, heatLoss } = findings.identification;
  return [
    ...estimates.map((estimate) => rowOf(building, estimate)),
    { name: "heatLoss", ...termsOf("heatLoss"), file: findings.fileHeatLoss_w_k, ...heatLoss },
  ];
}

/** A quantity as a building file has it, in the unit of its row. */
export function parameterOf(building: CalibratableBuilding, name: ParameterRow["name"]): number {
  return quantities[name].of(building);
}

function rowOf(building: CalibratableBuilding, { name, value, low, high }: Estimate): ParameterRow {
  const file = parameterOf(building, name);
  const times = name === "internalGains_w" ? 1 : file;
  return { name, ...termsOf(name), file, value: times * value, low: times * low, high: times * high };
}

/** What a quantity is called, and how it is written. */
export function termsOf(name: ParameterRow["name"]): Quantity {
  const { label, unit, decimals } = quantities[name];
  return { label, unit, decimals };
}

const quantities: Readonly<
  Record<ParameterRow["name"], Quantity & { of(building: CalibratableBuilding): number }>
> = {
  capacitance: {
    label: "heat capacity",
    unit: "kJ/(m² K)",
    decimals: 1,
    of: ({ zone }) => zone.thermalCapacitance_j_m2k / 1000,
  },
  envelope: {
    label: "U value of the walls",
    unit: "W/(m² K)",
    decimals: 3,
    of: ({ zone }) => zone.uWalls_w_m2k,
  },
  airExchange: {
    label: "air exchange",
    unit: "1/h",
    decimals: 3,
    of: ({ zone }) => zone.ventilation_ach + zone.infiltration_ach,
  },
  aperture: {
    label: "solar aperture",
    unit: "m²",
    decimals: 2,
    of: ({ windows }) => windows.reduce((sum, { g, area_m2 }) => sum + g * area_m2, 0),
  },
  heaterPower: {
    label: "heater power",
    unit: "W",
    decimals: 0,
    of: ({ heating }) => heating.maxPower_w,
  },
  internalGains_w: {
    label: "internal gains",
    unit: "W",
    decimals: 0,
    of: ({ internalGains_w }) => internalGains_w,
  },
  heatLoss: {
    label: "heat loss of the house",
    unit: "W/K",
    decimals: 1,
    of: ({ zone }) => heatLoss_w_k(createZone(zone)),
  },
};
