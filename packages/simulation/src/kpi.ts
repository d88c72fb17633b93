import type { ComfortTemperature } from "./building.ts";
import type { Trajectory } from "./trajectory.ts";

/** Key performance indicators of a run. */
export interface Kpis {
  readonly days: number;
  readonly cost_eur: number;
  readonly energy_kwh: number; // electric
  readonly heat_kwh: number; // thermal
  /** Time integral of the shortfall below the comfort band; BOPTEST's tdis_tot, split in two. Of what comfort is asked of. */
  readonly discomfortBelow_kh: number;
  readonly discomfortAbove_kh: number;
  /** The same of the air and of the operative temperature; absent where that was not computed. */
  readonly deviations?: Readonly<Record<ComfortTemperature, Deviation>>;
  readonly peak_kw: number; // electric, mean of a step
  readonly starts: number; // times that the heater went from off to on
  readonly meanTemperature_c: number; // air
  readonly minTemperature_c: number;
  readonly maxTemperature_c: number;
  readonly theta_m_end_c: number;
  readonly optimisation: {
    readonly count: number;
    readonly mean_ms: number;
    readonly p95_ms: number;
    readonly max_ms: number;
  };
}

/** How far and how long outside of the comfort band. */
interface Deviation {
  readonly below_kh: number;
  readonly above_kh: number;
}

/** Outside of it discomfort counts, degrees C; each may have one value a step. */
export interface ComfortBounds {
  readonly min_c: number | Float64Array;
  readonly max_c: number | Float64Array;
  /** What comfort is asked of; the air when absent. */
  readonly of?: ComfortTemperature | undefined;
}

/**
 * Sums up a run (or as much of it as was simulated).
 *
 * @throws RangeError when the trajectory is empty
 */
export function kpis(t: Trajectory, bounds: ComfortBounds): Kpis {
  if (t.length === 0) throw new RangeError("trajectory.length must be > 0, got 0");
  const hours = t.dtSeconds / 3600;
  let cost_eur = 0;
  let energy_w = 0;
  let heat_w = 0;
  let peak_w = 0;
  let starts = 0;
  let sum_c = 0;
  let min_c = Number.POSITIVE_INFINITY;
  let max_c = Number.NEGATIVE_INFINITY;
  let wasOn = false;
  for (let k = 0; k < t.length; k++) {
    const theta = t.theta_air_c[k];
    cost_eur += t.cost_eur[k];
    energy_w += t.power_w[k];
    heat_w += t.phi_HC_w[k];
    peak_w = Math.max(peak_w, t.power_w[k]);
    sum_c += theta;
    min_c = Math.min(min_c, theta);
    max_c = Math.max(max_c, theta);
    const isOn = t.valve[k] > 1e-6;
    if (isOn && !wasOn) starts++;
    wasOn = isOn;
  }
  const air = deviation(t, t.theta_air_c, bounds);
  const hasOperative = !Number.isNaN(t.theta_op_c[0]);
  const operative = hasOperative ? deviation(t, t.theta_op_c, bounds) : air;
  const asked = bounds.of === "operative" ? operative : air;
  return {
    days: (t.length * hours) / 24,
    cost_eur,
    energy_kwh: (energy_w * hours) / 1000,
    heat_kwh: (heat_w * hours) / 1000,
    discomfortBelow_kh: asked.below_kh,
    discomfortAbove_kh: asked.above_kh,
    ...(hasOperative && { deviations: { air, operative } }),
    peak_kw: peak_w / 1000,
    starts,
    meanTemperature_c: sum_c / t.length,
    minTemperature_c: min_c,
    maxTemperature_c: max_c,
    theta_m_end_c: t.theta_m_c[t.length - 1],
    optimisation: timing(t.optimisation_ms.subarray(0, t.length)),
  };
}

/** Of a temperature from the comfort band, over the steps that were simulated. */
function deviation(
  { length, dtSeconds }: Trajectory,
  theta_c: Float64Array,
  { min_c, max_c }: ComfortBounds,
): Deviation {
  const hours = dtSeconds / 3600;
  let below_k = 0;
  let above_k = 0;
  for (let k = 0; k < length; k++) {
    below_k += Math.max(0, (typeof min_c === "number" ? min_c : min_c[k]) - theta_c[k]);
    above_k += Math.max(0, theta_c[k] - (typeof max_c === "number" ? max_c : max_c[k]));
  }
  return { below_kh: below_k * hours, above_kh: above_k * hours };
}

function timing(ms: Float64Array): Kpis["optimisation"] {
  const sorted = ms.toSorted();
  return {
    count: ms.length,
    mean_ms: ms.reduce((sum, value) => sum + value, 0) / ms.length,
    p95_ms: sorted[Math.ceil(0.95 * sorted.length) - 1],
    max_ms: sorted[sorted.length - 1],
  };
}

/** One run against another on the same weather, prices and start. */
export interface Comparison {
  /** What the candidate pays less, EUR, before the heat left in the walls. */
  readonly saving_eur: number;
  /** What the baseline's walls hold more than the candidate's at the end, valued at what a kWh of heat cost the baseline. */
  readonly heatLeft_eur: number;
  /** `saving_eur - heatLeft_eur`, and as a share of the baseline's cost. */
  readonly fairSaving_eur: number;
  readonly fairSaving: number;
  /** The two parts of `fairSaving_eur`: what the candidate's electricity is cheaper for, a kWh, and what it uses less of. */
  readonly shifted_eur: number;
  readonly lessHeat_eur: number;
}

/**
 * Compares two runs fairly: the heat left in the walls at the end is valued at the baseline's mean price
 * of heat, so that a run cannot win by ending cold. Electricity that the candidate did not use, over-heated rooms being
 * avoided, is valued at what a kWh cost the baseline; what remains of the saving was shifted to cheaper hours.
 *
 * @param C_m_j_k capacitance of the zone, J/K
 */
export function compare(baseline: Kpis, candidate: Kpis, C_m_j_k: number): Comparison {
  const price_eur_kwh = baseline.heat_kwh > 0 ? baseline.cost_eur / baseline.heat_kwh : 0;
  const heatLeft_kwh = (C_m_j_k / 3_600_000) * (baseline.theta_m_end_c - candidate.theta_m_end_c);
  const saving_eur = baseline.cost_eur - candidate.cost_eur;
  const heatLeft_eur = heatLeft_kwh * price_eur_kwh;
  const fairSaving_eur = saving_eur - heatLeft_eur;
  const electricity_eur_kwh = baseline.energy_kwh > 0 ? baseline.cost_eur / baseline.energy_kwh : 0;
  const lessHeat_eur = (baseline.energy_kwh - candidate.energy_kwh) * electricity_eur_kwh - heatLeft_eur;
  return {
    saving_eur,
    heatLeft_eur,
    fairSaving_eur,
    fairSaving: baseline.cost_eur > 0 ? fairSaving_eur / baseline.cost_eur : 0,
    shifted_eur: fairSaving_eur - lessHeat_eur,
    lessHeat_eur,
  };
}
