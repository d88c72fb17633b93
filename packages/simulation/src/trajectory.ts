/** What happened in a run, one value a step in every column. */
export interface Trajectory {
  readonly startMs: number; // Unix time
  readonly dtSeconds: number;
  /** Steps simulated so far; columns are meaningful below this index. */
  length: number;
  readonly valve: Float64Array; // 0 to 1
  readonly phi_HC_w: Float64Array; // heating power, thermal
  readonly power_w: Float64Array; // heating power, electric
  readonly theta_air_c: Float64Array; // mean over the step
  readonly theta_op_c: Float64Array; // operative, mean over the step; NaN where nobody computed it
  readonly theta_m_c: Float64Array; // of the heat store (the mass of a 5R1C zone) at the end of the step
  readonly theta_e_c: Float64Array;
  readonly phi_sol_w: Float64Array;
  readonly price_eur_kwh: Float64Array;
  readonly cost_eur: Float64Array; // of the step
  readonly optimisation_ms: Float64Array; // time to decide
}

/** An empty trajectory with room for `steps`. */
export function createTrajectory(startMs: number, dtSeconds: number, steps: number): Trajectory {
  const column = () => new Float64Array(steps);
  return {
    startMs,
    dtSeconds,
    length: 0,
    valve: column(),
    phi_HC_w: column(),
    power_w: column(),
    theta_air_c: column(),
    theta_op_c: column().fill(Number.NaN),
    theta_m_c: column(),
    theta_e_c: column(),
    phi_sol_w: column(),
    price_eur_kwh: column(),
    cost_eur: column(),
    optimisation_ms: column(),
  };
}
