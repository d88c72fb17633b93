/** The result of a calibration in the terms of a building file. */
import type { BuildingFile } from "@azru/contracts";
import type { CorrectionName, Estimate, Findings } from "@azru/identification";

/** A quantity of the file: as the file has it, and as the history tells, with its 95 % interval. */
export interface ParameterRow {
  readonly name: CorrectionName | "heatLoss";
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
  readonly file: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The quantities that were sought, and the heat loss that walls and air exchange make together. */
export function parameterRows(building: BuildingFile, findings: Findings): ParameterRow[] {
  const { estimates, heatLoss } = findings.identification;
  return [
    ...estimates.map((estimate) => rowOf(building, estimate)),
    {
      name: "heatLoss",
      label: "heat loss of the house",
      unit: "W/K",
      decimals: 1,
      file: findings.fileHeatLoss_w_k,
      ...heatLoss,
    },
  ];
}

function rowOf(building: BuildingFile, estimate: Estimate): ParameterRow {
  const { zone, windows, heating } = building;
  const { name, value, low, high } = estimate;
  const times = (label: string, unit: string, decimals: number, file: number): ParameterRow => ({
    name,
    label,
    unit,
    decimals,
    file,
    value: file * value,
    low: file * low,
    high: file * high,
  });
  switch (name) {
    case "capacitance":
      return times("heat capacity", "kJ/(m² K)", 1, zone.thermalCapacitance_j_m2k / 1000);
    case "envelope":
      return times("U value of the walls", "W/(m² K)", 3, zone.uWalls_w_m2k);
    case "airExchange":
      return times("air exchange", "1/h", 3, zone.ventilation_ach + zone.infiltration_ach);
    case "aperture":
      return times(
        "solar aperture",
        "m²",
        2,
        windows.reduce((sum, { g, area_m2 }) => sum + g * area_m2, 0),
      );
    case "heaterPower":
      return times("heater power", "W", 0, heating.maxPower_w);
    case "internalGains_w":
      return {
        name,
        label: "internal gains",
        unit: "W",
        decimals: 0,
        file: building.internalGains_w,
        value,
        low,
        high,
      };
  }
}
