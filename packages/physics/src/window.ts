/** Windows as the sun sees them. */

/** A window and what it lets through. */
export interface Window {
  /** Direction of the outward normal, degrees from south, east positive (-90 west, 180 north). */
  readonly azimuth_deg: number;
  /** Angle between the pane and the horizontal, degrees: 90 a wall's window, 0 a skylight. */
  readonly tilt_deg: number;
  readonly area_m2: number;
  /** Solar transmittance: share of the incident radiation that becomes heat inside, 0 to 1. */
  readonly g: number;
  /** Share of the incident daylight that gets inside, 0 to 1. */
  readonly lightTransmittance: number;
}
