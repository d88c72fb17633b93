/** The step of a zone as a linear map, for controllers and fast simulation. */
import type { EmissionSystem } from "./emission.ts";
import { type StepInputs, stepZone, type Zone } from "./zone.ts";

/**
 * Coefficients of one step with a fixed length and emission system:
 *
 *     theta_m[k+1] = a theta_m[k] + bq Q[k] + bo theta_e[k] + bs phi_sol[k] + bi phi_int[k]
 *     theta_air[k] = c theta_m[k] + dq Q[k] + do theta_e[k] + ds phi_sol[k] + di phi_int[k]
 *
 * `theta_air[k]` is the step's mean. Temperatures in degrees C, heat flows in W.
 */
export interface AffineStep {
  readonly dtSeconds: number;
  readonly a: number; // K/K
  readonly bq: number; // K/W
  readonly bo: number; // K/K
  readonly bs: number; // K/W
  readonly bi: number; // K/W
  readonly c: number; // K/K
  readonly dq: number; // K/W
  readonly do: number; // K/K
  readonly ds: number; // K/W
  readonly di: number; // K/W
}

const rest: StepInputs = { theta_m_prev_c: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0, phi_HC_w: 0 };

/**
 * Linearises a step; exact, because the step is linear in its inputs.
 *
 * @throws RangeError when `dtSeconds` is not positive and finite
 * @see ISO 13790 C.1 to C.11
 */
export function affineStep(zone: Zone, emission: EmissionSystem, dtSeconds: number): AffineStep {
  const unit = (input: Partial<StepInputs>) => stepZone(zone, emission, dtSeconds, { ...rest, ...input });
  const mass = unit({ theta_m_prev_c: 1 });
  const heat = unit({ phi_HC_w: 1 });
  const outdoor = unit({ theta_e_c: 1 });
  const solar = unit({ phi_sol_w: 1 });
  const internal = unit({ phi_int_w: 1 });
  return {
    dtSeconds,
    a: mass.theta_m_next_c,
    bq: heat.theta_m_next_c,
    bo: outdoor.theta_m_next_c,
    bs: solar.theta_m_next_c,
    bi: internal.theta_m_next_c,
    c: mass.theta_air_c,
    dq: heat.theta_air_c,
    do: outdoor.theta_air_c,
    ds: solar.theta_air_c,
    di: internal.theta_air_c,
  };
}

/** The mass temperature at the end of a step, degrees C. */
export function nextMassTemperature_c(
  step: AffineStep,
  theta_m_c: number,
  phi_HC_w: number,
  theta_e_c: number,
  phi_sol_w: number,
  phi_int_w: number,
): number {
  return (
    step.a * theta_m_c + step.bq * phi_HC_w + step.bo * theta_e_c + step.bs * phi_sol_w + step.bi * phi_int_w
  );
}

/** The air temperature of a step (its mean), degrees C. */
export function airTemperature_c(
  step: AffineStep,
  theta_m_c: number,
  phi_HC_w: number,
  theta_e_c: number,
  phi_sol_w: number,
  phi_int_w: number,
): number {
  return (
    step.c * theta_m_c + step.dq * phi_HC_w + step.do * theta_e_c + step.ds * phi_sol_w + step.di * phi_int_w
  );
}
