/** A home's heaters over time: they take turns, and keep within its subscribed power. */
import {
  bankPower_w,
  type HeaterOptions,
  type HeaterState,
  startHeaterBank,
  stepHeaterBank,
} from "./heater-bank.ts";
import { heatersLimit_w, type PowerContract } from "./pilot-wire.ts";

export interface HeaterGroup {
  /** Lives on to a time of the steady clock. @param duties 0 to 1, in the order of the options */
  step(nowMs: number, duties: readonly number[]): readonly HeaterState[];
  /** Takes note of what the whole home draws; counts for ten minutes. */
  measure(home_w: number, nowMs: number): void;
}

const meterAge_ms = 10 * 60_000;

/** @param power absent without a limit */
export function createHeaterGroup(
  options: readonly HeaterOptions[],
  power: PowerContract | undefined,
  startMs: number,
): HeaterGroup {
  let bank = startHeaterBank(options, startMs);
  let meter: { readonly home_w: number; readonly heaters_w: number; readonly atMs: number } | undefined;
  const limitAt = (nowMs: number) => {
    if (!power) return Number.POSITIVE_INFINITY;
    return meter && nowMs - meter.atMs <= meterAge_ms
      ? heatersLimit_w(power, meter.home_w, meter.heaters_w)
      : heatersLimit_w(power);
  };
  return {
    step(nowMs, duties) {
      bank = stepHeaterBank(bank, options, { nowMs, duties, available_w: limitAt(nowMs) });
      return bank.heaters;
    },
    measure(home_w, nowMs) {
      meter = { home_w, heaters_w: bankPower_w(bank, options), atMs: nowMs };
    },
  };
}
