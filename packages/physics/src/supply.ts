/** How a supply system makes heat or cold out of electricity and fuel. */

/** What a supply system is asked for. */
export type SupplyMode = "heating" | "cooling";

/** Electricity becomes as much heat or cold. */
interface DirectSupply {
  readonly kind: "direct";
}

/** Fuel becomes heat and, in cogeneration, electricity; shares of the fuel's energy. */
interface FuelSupply {
  readonly kind: "fuel";
  readonly heatEfficiency: number;
  readonly electricityEfficiency: number;
}

/** COP = c0 + c1 dT + c2 dT^2, dT the lift between reservoir and supply temperature, K. */
interface HeatPumpSupply {
  readonly kind: "heatPump";
  readonly cop: readonly [c0: number, c1: number, c2: number];
  /** Temperature of the reservoir, degrees C, or outdoor air. */
  readonly heatingSource_c: number | "outdoorAir";
  readonly coolingSink_c: number | "outdoorAir";
}

export type SupplySystem = DirectSupply | FuelSupply | HeatPumpSupply;

/**
 * The supply systems of RC_BuildingSimulator. Boilers: measured fuel efficiencies, old without to new with
 * condensation. Heat pumps: regression of manufacturers' data, valid for a lift of about 15 to 60 K, Staffell
 * et al., "A review of domestic heat pumps" (2012), eq. 4.
 */
export const supplySystems = {
  oilBoilerOld: { kind: "fuel", heatEfficiency: 0.63, electricityEfficiency: 0 },
  oilBoilerMedium: { kind: "fuel", heatEfficiency: 0.82, electricityEfficiency: 0 },
  oilBoilerNew: { kind: "fuel", heatEfficiency: 0.98, electricityEfficiency: 0 },
  chp: { kind: "fuel", heatEfficiency: 0.6, electricityEfficiency: 0.33 },
  heatPumpAir: {
    kind: "heatPump",
    cop: [6.81, -0.121, 0.00063],
    heatingSource_c: "outdoorAir",
    coolingSink_c: "outdoorAir",
  },
  heatPumpWater: {
    kind: "heatPump",
    cop: [8.77, -0.15, 0.000734],
    heatingSource_c: 7,
    coolingSink_c: 12,
  },
  electricHeating: { kind: "direct" },
  directHeater: { kind: "direct" },
  directCooler: { kind: "direct" },
} as const satisfies Record<string, SupplySystem>;

/** What a load costs in energy. */
export interface SupplyEnergy {
  readonly electricity_w: number;
  readonly fuel_w: number;
  /** Electricity that the system makes (cogeneration). */
  readonly electricityOut_w: number;
}

/** No load, no energy. */
export const noSupplyEnergy: SupplyEnergy = { electricity_w: 0, fuel_w: 0, electricityOut_w: 0 };

/**
 * Heat (or cold) per electricity: a heat pump's coefficient of performance, 1 where electricity is used
 * directly, NaN for a system that burns fuel.
 *
 * @param theta_e_c outdoor air, degrees C
 * @param supplyTemperature_c what the emission system asks for, degrees C
 */
export function supplyCop(
  system: SupplySystem,
  mode: SupplyMode,
  theta_e_c: number,
  supplyTemperature_c: number,
): number {
  if (system.kind === "direct") return 1;
  if (system.kind === "fuel") return Number.NaN;
  const reservoir = mode === "heating" ? system.heatingSource_c : system.coolingSink_c;
  const reservoir_c = reservoir === "outdoorAir" ? theta_e_c : reservoir;
  const lift_k = mode === "heating" ? supplyTemperature_c - reservoir_c : reservoir_c - supplyTemperature_c;
  const dT = Math.max(lift_k, 0);
  const [c0, c1, c2] = system.cop;
  return c0 + c1 * dT + c2 * dT * dT;
}

/** Electricity that a load of 1 W of heat (or cold) takes, W. */
export function electricityPerLoad(
  system: SupplySystem,
  mode: SupplyMode,
  theta_e_c: number,
  supplyTemperature_c: number,
): number {
  return system.kind === "fuel" ? 0 : 1 / supplyCop(system, mode, theta_e_c, supplyTemperature_c);
}

/** Fuel that a load of 1 W takes, W. */
export function fuelPerLoad(system: SupplySystem): number {
  return system.kind === "fuel" ? 1 / system.heatEfficiency : 0;
}

/** Electricity that a load of 1 W yields, W. */
export function electricityOutPerLoad(system: SupplySystem): number {
  return system.kind === "fuel" ? system.electricityEfficiency / system.heatEfficiency : 0;
}

/**
 * Electricity and fuel for a load of heat (or cold).
 *
 * @param load_w heat or cold to deliver, W, not negative in either mode
 * @param theta_e_c outdoor air, degrees C
 * @param supplyTemperature_c what the emission system asks for, degrees C
 */
export function supplyEnergy(
  system: SupplySystem,
  mode: SupplyMode,
  load_w: number,
  theta_e_c: number,
  supplyTemperature_c: number,
): SupplyEnergy {
  return {
    electricity_w: load_w * electricityPerLoad(system, mode, theta_e_c, supplyTemperature_c),
    fuel_w: load_w * fuelPerLoad(system),
    electricityOut_w: load_w * electricityOutPerLoad(system),
  };
}
