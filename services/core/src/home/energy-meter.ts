/** What the heating has used and cost. */
import type { SensorMetrics } from "@azru/contracts";

/** What a reading cost, where the sensor does not measure it. */
export type Cost = Pick<SensorMetrics, "electricity_price" | "heating_cost_step" | "heating_cost_cumulative">;

interface MeterReading {
  /** Since the reading before, EUR. */
  readonly step_eur: number;
  /** Since the meter was put in, EUR. */
  readonly total_eur: number;
  /** Electricity since this meter was created, kWh. */
  readonly energy_kwh: number;
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
  let energy_kwh = 0;
  let flowing: { sinceMs: number; power_kw: number; price_eur_kwh: number } | undefined;
  return {
    read(timeMs, power_w, price_eur_kwh) {
      const gap_ms = flowing ? timeMs - flowing.sinceMs : 0;
      const counts = gap_ms > 0 && gap_ms <= longestGap_ms;
      const step_kwh = flowing && counts ? (flowing.power_kw * gap_ms) / 3_600_000 : 0;
      const step_eur = step_kwh * (flowing?.price_eur_kwh ?? 0);
      energy_kwh += step_kwh;
      total += step_eur;
      flowing = { sinceMs: timeMs, power_kw: power_w / 1000, price_eur_kwh };
      return { step_eur, total_eur: total, energy_kwh };
    },
  };
}
