/** What was learnt of a house, as it is published. */
import type { CalibrationParameter } from "@azru/contracts";
import { type ParameterRow, parameterOf, termsOf } from "@azru/identification";
import type { Building } from "@azru/simulation";
import type { ParameterInterval } from "../home/house-model.ts";

const publishedNames: Readonly<Record<ParameterRow["name"], CalibrationParameter["name"]>> = {
  capacitance: "thermal_capacitance",
  envelope: "walls_u_value",
  airExchange: "air_exchange",
  aperture: "solar_aperture",
  heaterPower: "heater_power",
  internalGains_w: "internal_gains",
  heatLoss: "heat_loss",
};

/** What was found in a history: before, the model in use then. */
export function foundParameters(rows: readonly ParameterRow[]): CalibrationParameter[] {
  return rows.map(({ name, unit, file, value, low, high }) => ({
    name: publishedNames[name],
    unit,
    before: file,
    after: value,
    low,
    high,
  }));
}

/** Two models of a house beside each other, with the intervals that are known of the second. */
export function comparedParameters(
  before: Building,
  after: Building,
  intervals: readonly ParameterInterval[],
): CalibrationParameter[] {
  const names = Object.keys(publishedNames) as ParameterRow["name"][];
  return names.map((name) => ({
    ...intervals.find((interval) => interval.name === publishedNames[name]),
    name: publishedNames[name],
    unit: termsOf(name).unit,
    before: parameterOf(before, name),
    after: parameterOf(after, name),
  }));
}
