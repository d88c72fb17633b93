/**
 * The pilot wire (fil pilote) of French electric radiators: six orders on a fourth conductor.
 * Source: GIFAM's common specification of 1997, as reprinted in radiators' manuals: no signal is comfort, the full
 * wave eco, its negative half frost protection, its positive half off, 3 s of it in 5 minutes comfort - 1 K and 7 s
 * comfort - 2 K.
 */

/** Named as zigbee2mqtt names them. */
export const pilotModes = ["comfort", "comfort_-1", "comfort_-2", "eco", "frost_protection", "off"] as const;
export type PilotMode = (typeof pilotModes)[number];

/** What a home may draw for its heaters. */
export interface PowerContract {
  /** Subscribed power, kVA. Its limit in W supposes a power factor of 1, as heaters have. */
  readonly subscribed_kva: number;
  /** What the rest of the home draws at least, W. */
  readonly base_load_w: number;
}

/**
 * Power that is left for the heaters, W.
 *
 * The rest of the home counts as what the meter shows beyond the heaters that are on, and never as less than the
 * base load of the contract: a heater that its own thermostat has just stopped may start at any moment.
 *
 * @param metered_w what the whole home draws, where a meter says so
 * @param heaters_w what the heaters that are on may draw, at the time of the meter's reading
 */
export function heatersLimit_w(
  { subscribed_kva, base_load_w }: PowerContract,
  metered_w?: number,
  heaters_w = 0,
): number {
  const rest_w = metered_w === undefined ? base_load_w : Math.max(base_load_w, metered_w - heaters_w);
  return Math.max(0, subscribed_kva * 1000 - rest_w);
}
