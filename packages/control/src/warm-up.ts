/** How long before its time a higher setpoint has to count, so that the rooms are warm when it comes. */
import { type StateSpace, steadyGain_k_w } from "@azru/house";

export interface WarmUp {
  /** Of the home; a room whose heaters have the same part of its power as of its heat loss behaves as the home does. */
  readonly model: StateSpace;
  /** Most heat that the heaters may give together, W. */
  readonly heat_w: number;
  readonly theta_e_c: number;
  readonly from_c: number;
  readonly to_c: number;
}

/**
 * Steps at full heat until the air has risen from one held temperature to another; `longest` where it takes longer, or
 * the heaters cannot do it. From a steady state, heat beyond what holds it adds the model's step response:
 *
 *     rise = S(k) (Q_full - Q_hold),    Q_hold = (theta_from - theta_e) / S(inf)
 *
 * Without sun and people: at night, when rooms are warmed for the morning, there are few of them.
 */
export function warmUpSteps({ model, heat_w, theta_e_c, from_c, to_c }: WarmUp, longest: number): number {
  const holding_w = Math.max(0, from_c - theta_e_c) / steadyGain_k_w(model);
  const surplus_w = heat_w - holding_w;
  if (surplus_w <= 0) return longest;
  const { A, b, c, D } = model;
  const n = b.length;
  let x = new Float64Array(n); // rise of the states, K
  for (let k = 1; k < longest; k++) {
    const rise_k = c.reduce((sum, ci, i) => sum + ci * x[i], D * surplus_w);
    if (rise_k >= to_c - from_c) return k;
    const before = x;
    x = before.map((_, i) => before.reduce((sum, xj, j) => sum + A[n * i + j] * xj, b[i] * surplus_w));
  }
  return longest;
}

/** A room before a higher setpoint. */
export interface Anticipation {
  /** Of the steps from now on. */
  readonly setpoints_c: ArrayLike<number>;
  /** As it is now; where nobody knows it, the room is taken to be where it is held. */
  readonly theta_air_c: number | undefined;
  /** So far above a setpoint the room is held, K: it is warm when it is there. */
  readonly above_k: number;
  /** Steps at full heat from one temperature to another. */
  readonly stepsTo: (from_c: number, to_c: number) => number;
}

/**
 * What a room is to be kept above now, so that it is as warm as asked for when a step comes: of the steps ahead the highest
 * setpoint that the room has to be warmed for already. One step more than it takes, since decisions are a step apart.
 */
export function anticipated_c({ setpoints_c, theta_air_c, above_k, stepsTo }: Anticipation): number {
  let kept_c = setpoints_c[0];
  const from_c = theta_air_c ?? kept_c + above_k;
  for (let k = 1; k < setpoints_c.length; k++)
    if (setpoints_c[k] > kept_c && k <= stepsTo(from_c, setpoints_c[k] + above_k) + 1)
      kept_c = setpoints_c[k];
  return kept_c;
}
