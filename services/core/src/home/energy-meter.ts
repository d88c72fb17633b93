/** What the heating has used and cost. */
import type { SensorMetrics } from "@azru/contracts";
import type { CostInterval } from "./cost-ledger.ts";

/** What a reading cost, where the sensor does not measure it. */
export type Cost = Pick<SensorMetrics, "electricity_price" | "heating_cost_step" | "heating_cost_cumulative">;

interface MeterReading {
  /** Since the reading before, EUR. */
  readonly step_eur: number;
  /** Since the meter was put in, EUR. */
  readonly total_eur: number;
  /** Electricity since this meter was created, kWh. */
  readonly energy_kwh: number;
  /** The time since the reading before; undefined where nobody knows what flowed in it. */
  readonly known: CostInterval | undefined;
}

/** What flows from an instant on. */
export interface Flow {
  readonly power_w: number; // electric
  readonly price_eur_kwh: number;
}

export interface EnergyMeter {
  /**
   * Counts up to an instant, then notes what flows from there on. Time that goes back, or leaps further than
   * `longestGap_ms`, is not counted: nobody knows what flowed.
   */
  read(timeMs: number, flow: Flow, longestGap_ms?: number): MeterReading;
  /** Home time was set: what was read lies as far back as before. */
  shiftTime(shift_ms: number): void;
  /** Another power flows from an instant on, between two readings. */
  change(timeMs: number, flow: Flow): void;
}

/** Time without a reading that counts at most. */
const longestGap_ms = 3_600_000;

/** A meter that stands at `total_eur`. */
export function createEnergyMeter(total_eur = 0): EnergyMeter {
  let total = total_eur;
  let energy_kwh = 0;
  let lastReadMs: number | undefined;
  let flowing: (Flow & { readonly sinceMs: number }) | undefined;
  /** Since the last reading. */
  let open = { kwh: 0, eur: 0 };

  function change(timeMs: number, flow: Flow): void {
    const kwh = flowing ? ((flowing.power_w / 1000) * Math.max(0, timeMs - flowing.sinceMs)) / 3_600_000 : 0;
    open = { kwh: open.kwh + kwh, eur: open.eur + kwh * (flowing?.price_eur_kwh ?? 0) };
    flowing = { ...flow, sinceMs: timeMs };
  }

  return {
    change,
    shiftTime(shift_ms) {
      if (flowing) flowing = { ...flowing, sinceMs: flowing.sinceMs + shift_ms };
      if (lastReadMs !== undefined) lastReadMs += shift_ms;
    },
    read(timeMs, flow, gap_ms = longestGap_ms) {
      change(timeMs, flow);
      const startMs = lastReadMs ?? timeMs;
      const counts = timeMs > startMs && timeMs - startMs <= gap_ms;
      const step = counts ? open : { kwh: 0, eur: 0 };
      energy_kwh += step.kwh;
      total += step.eur;
      open = { kwh: 0, eur: 0 };
      lastReadMs = timeMs;
      const known = counts ? { startMs, endMs: timeMs, cost_eur: step.eur } : undefined;
      return { step_eur: step.eur, total_eur: total, energy_kwh, known };
    },
  };
}
