/** The filter that a watched house is followed by: what it does not explain shows as an unknown gain. */
import { outputOf, type StateSpace, type StepDisturbances } from "@azru/house";
import { filterStep, type HouseFilterState, type HouseNoise, initialState } from "../learning/filter-step.ts";

/** What happened in a step; means over it. */
export interface WatchedStep extends StepDisturbances {
  readonly phi_HC_w: number; // heat ordered of the heater
  /** The model's output as it was measured; absent where it was not. */
  readonly theta_air_c?: number | undefined;
  /** What that is known within, K: 0 for a fine sensor. */
  readonly within_k?: number | undefined;
}

/** How a step went. */
interface Followed {
  readonly state: HouseFilterState;
  /** Of the model's output, before it was measured. */
  readonly expected_c: number;
  /** Measured less expected, K; NaN where nothing was measured, or a coarse reading says no more. */
  readonly innovation_k: number;
  /** Standard deviation that it was expected to have. */
  readonly spread_k: number;
}

const gate = 5; // standard deviations beyond which a measurement is an outlier, unless the next one is as well
const massShare = 0.1; // of a sudden change of the air that may have reached the rest of the house

export interface Follower {
  state: HouseFilterState | undefined;
  follow(step: WatchedStep): Followed | undefined;
}

/**
 * A measurement far from what was expected is left out, unless the one before was as far off: then the unknown gain is
 * freed to explain it at once.
 */
export function createFollower(model: StateSpace, noise: HouseNoise): Follower {
  let suspected_k = Number.NaN;

  function freed({ P, ...rest }: HouseFilterState, off_k: number): HouseFilterState {
    const m = model.b.length + 1;
    const wider = [...P];
    for (let i = 0; i < m - 1; i++) wider[i * (m + 1)] += (massShare * off_k) ** 2;
    const isAirStored = m > 2; // then a state of its own may have jumped
    if (isAirStored) wider[0] += off_k ** 2;
    wider[m * m - 1] += (off_k / (isAirStored ? steady_k_w(model) : model.F[2])) ** 2;
    return { ...rest, P: wider };
  }

  return {
    state: undefined,
    follow({ phi_HC_w, theta_air_c = Number.NaN, within_k = 0, ...disturbances }) {
      if (!this.state && Number.isNaN(theta_air_c)) return undefined;
      this.state ??= initialState(model, theta_air_c, noise);
      const step = (from: HouseFilterState, measured_c?: number) =>
        filterStep(from, model, phi_HC_w, disturbances, noise, measured_c, within_k);
      const { x_c, g_w } = this.state;
      const expected_c = outputOf(model, x_c, phi_HC_w, {
        ...disturbances,
        phi_int_w: disturbances.phi_int_w + g_w,
      });
      const next = step(this.state, theta_air_c);
      const { value_k: innovation_k, variance_k2 } = next.innovation;
      const limit_k = gate * Math.sqrt(variance_k2);
      if (!(Math.abs(innovation_k) > limit_k)) {
        suspected_k = Number.NaN;
        this.state = next.state;
      } else if (Math.abs(innovation_k - suspected_k) <= Math.max(limit_k, Math.abs(innovation_k) / 2)) {
        suspected_k = Number.NaN;
        this.state = step(freed(this.state, innovation_k), theta_air_c).state;
      } else {
        suspected_k = innovation_k;
        this.state = step(this.state).state;
      }
      return { state: this.state, expected_c, innovation_k, spread_k: Math.sqrt(variance_k2) };
    },
  };
}

/** How far a watt of internal gains lifts the output in the first hours, K/W: a step's worth of the air's own answer. */
function steady_k_w({ A, E, c, F, b }: StateSpace): number {
  const n = b.length;
  let x = new Float64Array(n);
  for (let k = 0; k < 4; k++)
    x = x.map((_, i) => x.reduce((sum, xj, j) => sum + A[n * i + j] * xj, E[3 * i + 2]));
  return c.reduce((sum, ci, i) => sum + ci * x[i], F[2]);
}
