/** How much heat a house may gain or lose beyond its model before something must be wrong. */

/** A house that is watched, as far as its heat flows are concerned. */
export interface WatchedPhysics {
  /** Heat that keeps the air 1 K above outdoors for good, W/K. */
  readonly loss_w_k: number;
  readonly floorArea_m2: number;
}

/** What flows by the model; means over hours. */
export interface HeatFlows {
  readonly theta_air_c: number;
  readonly theta_e_c: number;
  readonly phi_HC_w: number;
  /** The same over half a day: heat of a screed or of walls is felt later than the model has it. */
  readonly lately_w: number;
  readonly phi_sol_w: number;
  readonly phi_int_w: number;
}

/** A model of a home that nobody has watched yet may be so wrong in all that flows by it; shutters keep out the sun. */
const unknown = { loss: 0.8, heater: 0.5 };
/** So much of it remains when a home was watched for weeks, if its own scatter is no larger. */
const known = { loss: 0.25, heater: 0.15 };
const share = { sunAbove: 0.5, sunBelow: 1, delayed: 0.7 };
/** People, cooking and lamps beyond the model: about what ISO 13790, table G.8 has for a living room in use. */
const occupants_w_m2 = 10;
/** Losses are taken for no smaller than at this difference: wind and neighbours act in mild weather too. */
const leastDifference_k = 5;

/** Unknown heat of a home as a share of its losses, as it has shown in so many days: mean and mean square. */
export interface UsualShare {
  readonly share: number;
  readonly square: number;
  readonly days: number;
}

/** A model that is wrong by 30 % leaves no more than this unexplained for good. */
const usualAtMost = 0.45;
/** Days after which half of what a home could show of its model is known. */
const halfKnown_days = 5;

/** What a home of such flows loses, W. */
export function loss_w(
  { loss_w_k }: WatchedPhysics,
  { theta_air_c, theta_e_c }: Pick<HeatFlows, "theta_air_c" | "theta_e_c">,
): number {
  return loss_w_k * Math.max(Math.abs(theta_air_c - theta_e_c), leastDifference_k);
}

/** Unknown heat that is to be expected of a home, W. */
export function usualHeat_w(house: WatchedPhysics, flows: HeatFlows, usual: UsualShare): number {
  const knowledge = usual.days / (halfKnown_days + usual.days);
  return Math.max(-usualAtMost, Math.min(usualAtMost, usual.share)) * knowledge * loss_w(house, flows);
}

/**
 * Bounds of the unknown heat that a house of a rough model can have, W: no greater than `most_w`, no less than
 * `least_w`. They draw together around what the home has usually shown.
 */
export function toleratedHeat(house: WatchedPhysics, flows: HeatFlows, usual: UsualShare) {
  const { phi_HC_w, lately_w, phi_sol_w, phi_int_w } = flows;
  const lost_w = loss_w(house, flows);
  const ignorance = halfKnown_days / (halfKnown_days + usual.days);
  const between = (least: number, most: number) => least + (most - least) * ignorance;
  const middle_w = usualHeat_w(house, flows, usual);
  const scatter = Math.sqrt(Math.max(0, usual.square - usual.share ** 2));
  const rough_w =
    between(known.loss, unknown.loss) * (lost_w + Math.abs(phi_int_w)) +
    between(known.heater, unknown.heater) * phi_HC_w;
  const wide_w = Math.max(rough_w, 3 * scatter * (1 - ignorance) * lost_w);
  const later_w = share.delayed * (phi_HC_w - lately_w);
  return {
    most_w:
      middle_w +
      wide_w +
      Math.max(0, -later_w) +
      share.sunAbove * phi_sol_w +
      occupants_w_m2 * house.floorArea_m2,
    least_w: middle_w - wide_w - Math.max(0, later_w) - share.sunBelow * phi_sol_w,
  };
}
