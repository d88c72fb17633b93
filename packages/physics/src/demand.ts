/** The heating and cooling that keep a zone between two setpoints, ISO 13790 C.4.2. */
import type { EmissionSystem } from "./emission.ts";
import { noSupplyEnergy, type SupplyEnergy, type SupplySystem, supplyCop, supplyEnergy } from "./supply.ts";
import { type StepInputs, type StepResult, stepZone, type Zone } from "./zone.ts";

/** What heats and cools a zone, and to which air temperature. */
export interface Conditioning {
  readonly heatingSetpoint_c: number;
  readonly coolingSetpoint_c: number;
  /** Heat that can be delivered at most, W; Infinity for no limit. */
  readonly maxHeating_w: number;
  /** Heat that can be removed at most, W, not negative; Infinity for no limit. */
  readonly maxCooling_w: number;
  readonly heatingEmission: EmissionSystem;
  readonly coolingEmission: EmissionSystem;
  readonly heatingSupply: SupplySystem;
  readonly coolingSupply: SupplySystem;
  /**
   * The emission system whose effect on the air sizes the cooling load. `heating` (the default) is what
   * RC_BuildingSimulator does, which tries 10 W/m2 of heat also when it is too warm: cooling that enters at
   * another node than the heat then misses its setpoint. `cooling` reaches it.
   */
  readonly coolingSizedBy?: "heating" | "cooling";
}

/** The forces on a zone during a step, without its heating and cooling. */
export type FreeInputs = Omit<StepInputs, "phi_HC_w">;

/** One step with the heating or cooling that it needed. */
export interface DemandResult {
  readonly step: StepResult;
  readonly mode: "heating" | "cooling" | "free";
  /** Load without limit, phi_HC,nd,un; negative for cooling. */
  readonly phi_HC_unlimited_w: number;
  /** Load within the limits, phi_HC,nd,ac; negative for cooling. */
  readonly phi_HC_w: number;
  readonly supply: SupplyEnergy;
  /** Of the heat pump at work, NaN without one. */
  readonly cop: number;
}

const trialLoad_w_m2 = 10; // C.4.2 step 2

/**
 * Advances a zone by one step with the heating or cooling that its setpoints ask for and its limits allow.
 *
 * @throws RangeError naming the field when the setpoints are crossed or a limit is negative
 * @see ISO 13790 C.4.2, C.13
 */
export function stepToSetpoint(
  zone: Zone,
  conditioning: Conditioning,
  dtSeconds: number,
  input: FreeInputs,
): DemandResult {
  checkConditioning(conditioning);
  const { heatingEmission, coolingEmission, heatingSetpoint_c, coolingSetpoint_c } = conditioning;
  const { theta_m_prev_c, theta_e_c, phi_sol_w, phi_int_w } = input;
  const stepWith = (emission: EmissionSystem, phi_HC_w: number) =>
    stepZone(zone, emission, dtSeconds, { theta_m_prev_c, theta_e_c, phi_sol_w, phi_int_w, phi_HC_w });

  const free = stepWith(heatingEmission, 0); // step 1
  const mode =
    free.theta_air_c < heatingSetpoint_c
      ? "heating"
      : free.theta_air_c > coolingSetpoint_c
        ? "cooling"
        : "free";
  if (mode === "free") {
    return { step: free, mode, phi_HC_unlimited_w: 0, phi_HC_w: 0, supply: noSupplyEnergy, cop: Number.NaN };
  }

  const heats = mode === "heating";
  const sizedByHeating = heats || conditioning.coolingSizedBy !== "cooling";
  const trial_w = trialLoad_w_m2 * zone.A_f;
  const trial = stepWith(sizedByHeating ? heatingEmission : coolingEmission, trial_w); // step 2
  const setpoint_c = heats ? heatingSetpoint_c : coolingSetpoint_c;
  const phi_HC_unlimited_w =
    (trial_w * (setpoint_c - free.theta_air_c)) / (trial.theta_air_c - free.theta_air_c); // C.13
  const phi_HC_w = heats
    ? Math.min(phi_HC_unlimited_w, conditioning.maxHeating_w) // steps 3 and 4
    : Math.max(phi_HC_unlimited_w, -conditioning.maxCooling_w);

  const emission = heats ? heatingEmission : coolingEmission;
  const system = heats ? conditioning.heatingSupply : conditioning.coolingSupply;
  const supply_c = heats ? emission.heatingSupplyTemperature_c : emission.coolingSupplyTemperature_c;
  return {
    step: stepWith(emission, phi_HC_w),
    mode,
    phi_HC_unlimited_w,
    phi_HC_w,
    supply: supplyEnergy(system, mode, Math.abs(phi_HC_w), theta_e_c, supply_c),
    cop: system.kind === "heatPump" ? supplyCop(system, mode, theta_e_c, supply_c) : Number.NaN,
  };
}

/** @throws RangeError naming the field when the setpoints are crossed or a limit is negative */
export function checkConditioning(conditioning: Conditioning): void {
  const { heatingSetpoint_c, coolingSetpoint_c, maxHeating_w, maxCooling_w } = conditioning;
  if (!(heatingSetpoint_c <= coolingSetpoint_c)) {
    throw new RangeError(
      `conditioning.heatingSetpoint_c must be <= coolingSetpoint_c, got ${heatingSetpoint_c} and ${coolingSetpoint_c}`,
    );
  }
  if (!(maxHeating_w >= 0)) {
    throw new RangeError(`conditioning.maxHeating_w must be >= 0, got ${maxHeating_w}`);
  }
  if (!(maxCooling_w >= 0)) {
    throw new RangeError(`conditioning.maxCooling_w must be >= 0, got ${maxCooling_w}`);
  }
}
