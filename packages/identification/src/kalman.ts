/**
 * The Kalman filter of a zone's mass temperature, measured through the air's.
 *
 * State: the mass temperature theta_m (degrees C) and a heat flow phi_u (W) that the model does not know:
 * people, a stove, sun through a window that the file forgot, or losses that it has wrong. phi_u acts as
 * internal gains do and is a first-order Gauss-Markov process. With the coefficients of `AffineStep`:
 *
 *     theta_air[k]  = c theta_m[k] + di phi_u[k] + dq Q + do theta_e + ds phi_sol + di phi_int  + v,  v ~ N(0, r^2)
 *     theta_m[k+1]  = a theta_m[k] + bi phi_u[k] + bq Q + bo theta_e + bs phi_sol + bi phi_int  + w,  w ~ N(0, q^2 dt)
 *     phi_u[k+1]    = f phi_u[k] + e,   f = exp(-dt / tau),   e ~ N(0, (1 - f^2) g^2)
 *
 * Where the sun is foreseen badly, its error adds to v and w, as if it were new in each step and as if what it
 * does to the air showed nothing of what it does to the mass: both make the filter more careful than it need be.
 *
 * theta_air[k] is a mean over the step that starts with theta_m[k]: a step is corrected, then predicted.
 *
 * @see Kalman, R. E. (1960), J. Basic Eng. 82; Gelb, A. (1974), Applied Optimal Estimation, 4.2 and 3.6
 */
import { type AffineStep, airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { beyondWidth_k, widthVariance_k2 } from "./coarse-reading.ts";

/** How wrong sensor, model and knowledge of the gains are taken to be; standard deviations. */
export interface FilterNoise {
  /** r: of a measured air temperature, K. */
  readonly sensor_k: number;
  /** q: of the mass temperature after an hour of prediction, K per root hour. */
  readonly mass_k_sqrth: number;
  /** g: of the gains that the model does not know, W. */
  readonly gains_w: number;
  /** tau: how long those last, h. */
  readonly gainsLast_h: number;
  /** Of the solar gains, as a share of those foreseen, anew in each step; 0 by default. */
  readonly sunShare?: number;
}

/** Mean and covariance of the state. Changed in place, so that a year of steps allocates nothing. */
export interface FilterState {
  theta_m_c: number;
  phi_u_w: number;
  mm_k2: number; // variance of theta_m
  mu_kw: number; // covariance
  uu_w2: number; // variance of phi_u
}

/** What acts on the zone during a step; means over it. */
export interface StepForces {
  readonly phi_HC_w: number;
  readonly theta_e_c: number;
  readonly phi_sol_w: number;
  readonly phi_int_w: number;
}

/** A measurement less what was expected of it, K, and the variance that it was expected to have, K2. */
export interface Innovation {
  value_k: number;
  variance_k2: number;
}

/**
 * What a measured air temperature has that the filter did not expect; written into `into`.
 *
 * @param within_k what the temperature is known within: 0 where it says nothing beyond that
 */
export function innovate(
  state: FilterState,
  model: AffineStep,
  forces: StepForces,
  theta_air_c: number,
  noise: FilterNoise,
  into: Innovation,
  within_k = 0,
): void {
  const { c, di, ds } = model;
  const sun_k = ds * forces.phi_sol_w * (noise.sunShare ?? 0);
  const difference_k =
    theta_air_c -
    airTemperature_c(
      model,
      state.theta_m_c,
      forces.phi_HC_w,
      forces.theta_e_c,
      forces.phi_sol_w,
      forces.phi_int_w + state.phi_u_w,
    );
  into.value_k = beyondWidth_k(difference_k, within_k);
  into.variance_k2 =
    c * c * state.mm_k2 +
    2 * c * di * state.mu_kw +
    di * di * state.uu_w2 +
    sun_k ** 2 +
    noise.sensor_k ** 2 +
    widthVariance_k2(within_k);
}

/** Takes an innovation into the state. */
export function correct(state: FilterState, { c, di }: AffineStep, innovation: Innovation): void {
  const S = innovation.variance_k2;
  const Km = (c * state.mm_k2 + di * state.mu_kw) / S;
  const Ku = (c * state.mu_kw + di * state.uu_w2) / S;
  state.theta_m_c += Km * innovation.value_k;
  state.phi_u_w += Ku * innovation.value_k;
  state.mm_k2 -= Km * Km * S;
  state.mu_kw -= Km * Ku * S;
  state.uu_w2 -= Ku * Ku * S;
}

/** Goes on to the end of the step. */
export function predict(
  state: FilterState,
  model: AffineStep,
  { phi_HC_w, theta_e_c, phi_sol_w, phi_int_w }: StepForces,
  { mass_k_sqrth, gains_w, gainsLast_h, sunShare = 0 }: FilterNoise,
): void {
  const { a, bi, bs } = model;
  const hours = model.dtSeconds / 3600;
  const f = Math.exp(-hours / gainsLast_h);
  const { mm_k2, mu_kw, uu_w2 } = state;
  state.theta_m_c = nextMassTemperature_c(
    model,
    state.theta_m_c,
    phi_HC_w,
    theta_e_c,
    phi_sol_w,
    phi_int_w + state.phi_u_w,
  );
  state.phi_u_w *= f;
  state.mm_k2 =
    a * a * mm_k2 +
    2 * a * bi * mu_kw +
    bi * bi * uu_w2 +
    (bs * phi_sol_w * sunShare) ** 2 +
    mass_k_sqrth ** 2 * hours;
  state.mu_kw = f * (a * mu_kw + bi * uu_w2);
  state.uu_w2 = f * f * uu_w2 + (1 - f * f) * gains_w ** 2;
}
