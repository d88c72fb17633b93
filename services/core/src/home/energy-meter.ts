/** What the heating has cost. */

interface MeterReading {
  /** Since the reading before, EUR. */
  readonly step_eur: number;
  /** Since the meter was put in, EUR. */
  readonly total_eur: number;
}

export interface EnergyMeter {
  /**
   * Counts up to an instant, then notes what flows from there on. Time that goes back, or leaps further than
   * `longestGap_ms`, is not counted: nobody knows what flowed.
   */
  read(timeMs: number, power_w: number, price_eur_kwh: number): MeterReading;
}

const longestGap_ms = 3_600_000;

/** A meter that stands at `total_eur`. */
export function createEnergyMeter(total_eur = 0): EnergyMeter {
  let total = total_eur;
  let flowing: { sinceMs: number; eur_h: number } | undefined;
  return {
    read(timeMs, power_w, price_eur_kwh) {
      const gap_ms = flowing ? timeMs - flowing.sinceMs : 0;
      const counts = gap_ms > 0 && gap_ms <= longestGap_ms;
      const step_eur = flowing && counts ? (flowing.eur_h * gap_ms) / 3_600_000 : 0;
      total += step_eur;
      flowing = { sinceMs: timeMs, eur_h: (power_w / 1000) * price_eur_kwh };
      return { step_eur, total_eur: total };
    },
  };
}
