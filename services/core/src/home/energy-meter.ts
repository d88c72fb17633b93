/** What the heating has used and cost. */
import type { SensorMetrics } from "@azru/contracts";
import { hourMs } from "@azru/runtime";
import type { Rate } from "@azru/tariff";
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

/** The rates of a time, in order, without gap. */
export type RatesIn = (
  startMs: number,
  endMs: number,
) => readonly Pick<Rate, "startMs" | "endMs" | "price_eur_kwh">[];

export interface EnergyMeter {
  /**
   * Counts up to an instant, then notes the electric power that flows from there on. Time that goes back, or leaps
   * further than an hour, is not counted: nobody knows what flowed.
   */
  read(timeMs: number, power_w: number): MeterReading;
  /** Home time was set: what was read lies as far back as before. */
  shiftTime(shift_ms: number): void;
  /** Another power flows from an instant on, between two readings. */
  change(timeMs: number, power_w: number): void;
}

/** Time without a reading that counts at most. */
const longestGap_ms = hourMs;

const nothing = { kwh: 0, eur: 0 };

/** A meter that stands at `total_eur`. What flows is paid at the rate of each moment, also where it changes between two readings. */
export function createEnergyMeter(ratesIn: RatesIn, total_eur = 0): EnergyMeter {
  let total = total_eur;
  let energy_kwh = 0;
  let lastReadMs: number | undefined;
  let flowing: { readonly power_w: number; readonly sinceMs: number } | undefined;
  let open = nothing; // since the last reading

  function bought(power_w: number, startMs: number, endMs: number): typeof nothing {
    if (!(endMs > startMs && endMs - startMs <= longestGap_ms)) return nothing;
    const kwhIn = (length_ms: number) => ((power_w / 1000) * length_ms) / hourMs;
    const eur = ratesIn(startMs, endMs).reduce(
      (sum, rate) => sum + kwhIn(rate.endMs - rate.startMs) * rate.price_eur_kwh,
      0,
    );
    return { kwh: kwhIn(endMs - startMs), eur };
  }

  function change(timeMs: number, power_w: number): void {
    const { kwh, eur } = flowing ? bought(flowing.power_w, flowing.sinceMs, timeMs) : nothing;
    open = { kwh: open.kwh + kwh, eur: open.eur + eur };
    flowing = { power_w, sinceMs: timeMs };
  }

  return {
    change,
    shiftTime(shift_ms) {
      if (flowing) flowing = { ...flowing, sinceMs: flowing.sinceMs + shift_ms };
      if (lastReadMs !== undefined) lastReadMs += shift_ms;
    },
    read(timeMs, power_w) {
      change(timeMs, power_w);
      const startMs = lastReadMs ?? timeMs;
      const counts = timeMs > startMs && timeMs - startMs <= longestGap_ms;
      const step = counts ? open : nothing;
      energy_kwh += step.kwh;
      total += step.eur;
      open = nothing;
      lastReadMs = timeMs;
      const known = counts ? { startMs, endMs: timeMs, cost_eur: step.eur } : undefined;
      return { step_eur: step.eur, total_eur: total, energy_kwh, known };
    },
  };
}
