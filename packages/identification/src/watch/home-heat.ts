/** The heat that flows in a watched home, and what unknown heat is usual there. */
import type { WatchedStep } from "./follower.ts";
import {
  type HeatFlows,
  loss_w,
  toleratedHeat,
  type UsualShare,
  usualHeat_w,
  type WatchedPhysics,
} from "./tolerated-heat.ts";

/** Flows are taken as means over the last hours. */
const smooth_h = 3;
const late_h = 12;
/** What is usual is learnt freely in the first days; later one day cannot change it much, so that no drift is learnt. */
const firstDays = 5;
const leastScatter = 0.05;
const remembered_days = 60;
/** Less heat says nothing of how much of it is felt, as a share of the full heat. */
const leastOrdered = 0.1;

export class HomeHeat {
  /** Undefined before the first measured step. */
  flows: HeatFlows | undefined;
  readonly #house: WatchedPhysics & { readonly maxPower_w: number };
  readonly #dtSeconds: number;
  #usual: UsualShare;

  constructor(
    house: WatchedPhysics & { readonly maxPower_w: number },
    dtSeconds: number,
    usual?: UsualShare,
  ) {
    this.#house = house;
    this.#dtSeconds = dtSeconds;
    this.#usual = usual ?? { share: 0, square: 0, days: 0 };
  }

  /** The unknown heat of the home as a share of its losses: over all days at first, then over the last month. */
  get usual(): UsualShare {
    return this.#usual;
  }

  /** Takes the flows of a measured step into the means. */
  update({ theta_air_c, phi_HC_w, theta_e_c, phi_sol_w, phi_int_w }: WatchedStep & MeasuredAir): void {
    const now = { theta_air_c, phi_HC_w, lately_w: phi_HC_w, theta_e_c, phi_sol_w, phi_int_w };
    const before = this.flows ?? now;
    const mean = (name: keyof HeatFlows, over_h = smooth_h) => {
      const kept = Math.exp(-this.#dtSeconds / 3600 / over_h);
      return kept * before[name] + (1 - kept) * now[name];
    };
    this.flows = {
      theta_air_c: mean("theta_air_c"),
      phi_HC_w: mean("phi_HC_w"),
      lately_w: mean("lately_w", late_h),
      theta_e_c: mean("theta_e_c"),
      phi_sol_w: mean("phi_sol_w"),
      phi_int_w: mean("phi_int_w"),
    };
  }

  /** Learns from shares of unknown heat, one a step. */
  learn(shares: readonly number[]): void {
    for (const share of shares) {
      const usual = this.#usual;
      const days = Math.min(usual.days + this.#dtSeconds / 86_400, remembered_days);
      const weight = this.#dtSeconds / 86_400 / Math.max(1, days);
      const scatter = Math.sqrt(Math.max(0, usual.square - usual.share ** 2));
      const reach = days < firstDays ? Number.POSITIVE_INFINITY : 2 * Math.max(scatter, leastScatter);
      const now = Math.max(usual.share - reach, Math.min(usual.share + reach, share));
      this.#usual = {
        days,
        share: usual.share + (now - usual.share) * weight,
        square: usual.square + (now ** 2 - usual.square) * weight,
      };
    }
  }

  /** Unknown heat as a share of what the home loses. */
  shareOf(unknown_w: number): number {
    return unknown_w / loss_w(this.#house, this.flows!);
  }

  /** Unknown heat that is to be expected now, W. */
  get usual_w(): number {
    return usualHeat_w(this.#house, this.flows!, this.#usual);
  }

  /** Bounds of the unknown heat that a rough model explains, W. */
  get tolerated() {
    return toleratedHeat(this.#house, this.flows!, this.#usual);
  }

  /** Unknown heat beyond what is tolerated, W; 0 where it is not. */
  excess_w(unknown_w: number, spread_w: number): number {
    const { most_w, least_w } = this.tolerated;
    if (unknown_w > most_w + 2 * spread_w) return unknown_w - most_w;
    if (unknown_w < least_w - 2 * spread_w) return unknown_w - least_w;
    return 0;
  }

  /** Share of the heat ordered that is felt, over hours: what is missing is not known to the model. */
  felt(unknown_w: number): number | undefined {
    if (!this.flows || this.flows.phi_HC_w < leastOrdered * this.#house.maxPower_w) return undefined;
    const missing_w = unknown_w - this.usual_w;
    return Math.max(0, Math.min(1, 1 + missing_w / this.flows.phi_HC_w));
  }
}

interface MeasuredAir {
  readonly theta_air_c: number;
}
