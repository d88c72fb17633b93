/** A year of heating and cooling demand at once, over typed arrays. */
import { affineStep, airTemperature_c, nextMassTemperature_c } from "./affine.ts";
import { type Conditioning, checkConditioning } from "./demand.ts";
import { electricityOutPerLoad, electricityPerLoad, fuelPerLoad } from "./supply.ts";
import type { Zone } from "./zone.ts";

/** What acts on a zone, one mean per step; arrays of one length. */
export interface FreeSeries {
  readonly theta_e_c: Float64Array; // outdoor air
  readonly phi_sol_w: Float64Array; // solar gains
  readonly phi_int_w: Float64Array; // internal gains
}

/** What became of the zone, one value per step. */
export interface DemandSeries {
  readonly phi_HC_w: Float64Array; // heating, negative for cooling
  readonly theta_m_next_c: Float64Array; // mass at the end of the step
  readonly theta_air_c: Float64Array; // air, mean of the step
  readonly electricity_w: Float64Array;
  readonly fuel_w: Float64Array;
  readonly electricityOut_w: Float64Array; // of cogeneration
}

/** Room for the results of `count` steps. */
export function createDemandSeries(count: number): DemandSeries {
  return {
    phi_HC_w: new Float64Array(count),
    theta_m_next_c: new Float64Array(count),
    theta_air_c: new Float64Array(count),
    electricity_w: new Float64Array(count),
    fuel_w: new Float64Array(count),
    electricityOut_w: new Float64Array(count),
  };
}

/**
 * Chains `stepToSetpoint` over a series, by the affine form of the step: same figures, no allocation per step.
 *
 * @param theta_m_c mass temperature at the start
 * @param out written and returned; by default a new one
 * @throws RangeError naming the field when lengths differ, an input is not finite, the setpoints are crossed,
 *   or a limit is negative
 */
export function simulateDemand(
  zone: Zone,
  conditioning: Conditioning,
  dtSeconds: number,
  theta_m_c: number,
  series: FreeSeries,
  out: DemandSeries = createDemandSeries(series.theta_e_c.length),
): DemandSeries {
  checkConditioning(conditioning);
  checkSeries(theta_m_c, series, out);
  const { heatingSetpoint_c, coolingSetpoint_c, maxHeating_w, maxCooling_w } = conditioning;
  const { theta_e_c, phi_sol_w, phi_int_w } = series;
  const { heatingEmission, coolingEmission, heatingSupply, coolingSupply } = conditioning;
  const heating = affineStep(zone, heatingEmission, dtSeconds);
  const cooling = affineStep(zone, coolingEmission, dtSeconds);
  const trial = conditioning.coolingSizedBy === "cooling" ? cooling : heating;
  const warm_c = heatingEmission.heatingSupplyTemperature_c;
  const cold_c = coolingEmission.coolingSupplyTemperature_c;
  const heatingFuel = fuelPerLoad(heatingSupply);
  const coolingFuel = fuelPerLoad(coolingSupply);
  const heatingOut = electricityOutPerLoad(heatingSupply);
  const coolingOut = electricityOutPerLoad(coolingSupply);

  let mass_c = theta_m_c;
  for (let k = 0; k < theta_e_c.length; k++) {
    const outdoor_c = theta_e_c[k];
    const free_c = airTemperature_c(heating, mass_c, 0, outdoor_c, phi_sol_w[k], phi_int_w[k]);
    let step = heating;
    let phi_w = 0;
    let electricity = 0;
    let fuel = 0;
    let electricityOut = 0;
    if (free_c < heatingSetpoint_c) {
      phi_w = Math.min((heatingSetpoint_c - free_c) / heating.dq, maxHeating_w); // C.13
      electricity = electricityPerLoad(heatingSupply, "heating", outdoor_c, warm_c);
      fuel = heatingFuel;
      electricityOut = heatingOut;
    } else if (free_c > coolingSetpoint_c) {
      step = cooling;
      phi_w = Math.max((coolingSetpoint_c - free_c) / trial.dq, -maxCooling_w);
      electricity = electricityPerLoad(coolingSupply, "cooling", outdoor_c, cold_c);
      fuel = coolingFuel;
      electricityOut = coolingOut;
    }
    const load_w = Math.abs(phi_w);
    out.phi_HC_w[k] = phi_w;
    out.electricity_w[k] = load_w * electricity;
    out.fuel_w[k] = load_w * fuel;
    out.electricityOut_w[k] = load_w * electricityOut;
    out.theta_air_c[k] = free_c + step.dq * phi_w;
    mass_c = nextMassTemperature_c(step, mass_c, phi_w, outdoor_c, phi_sol_w[k], phi_int_w[k]);
    out.theta_m_next_c[k] = mass_c;
  }
  return out;
}

function checkSeries(theta_m_c: number, series: FreeSeries, out: DemandSeries): void {
  if (!Number.isFinite(theta_m_c)) throw new RangeError(`theta_m_c must be finite, got ${theta_m_c}`);
  const count = series.theta_e_c.length;
  for (const [field, values] of [...Object.entries(series), ...Object.entries(out)]) {
    if (values.length !== count)
      throw new RangeError(`${field} must have ${count} values, got ${values.length}`);
  }
  for (const [field, values] of Object.entries(series) as [string, Float64Array][]) {
    const k = values.findIndex((value) => !Number.isFinite(value));
    if (k >= 0) throw new RangeError(`${field}[${k}] must be finite, got ${values[k]}`);
  }
}
