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
  /**
   * Goes on to a time of the steady clock.
   *
   * @param duties 0 to 1, by room and heater as the options
   * @param areCold rooms whose heaters come first where power is short
   * @returns by room and heater
   */
  step(
    nowMs: number,
    duties: readonly (readonly number[])[],
    areCold?: readonly boolean[],
  ): readonly (readonly HeaterState[])[];
  /** Takes note of what the whole home draws; counts for ten minutes. */
  measure(home_w: number, nowMs: number): void;
}

const meterAge_ms = 10 * 60_000;

/**
 * @param rooms the heaters of each room
 * @param power absent without a limit
 */
export function createHeaterGroup(
  rooms: readonly (readonly HeaterOptions[])[],
  power: PowerContract | undefined,
  startMs: number,
): HeaterGroup {
  const options = rooms.flat();
  let bank = startHeaterBank(options, startMs);
  let meter: { readonly home_w: number; readonly heaters_w: number; readonly atMs: number } | undefined;
  const limitAt = (nowMs: number) => {
    if (!power) return Number.POSITIVE_INFINITY;
    return meter && nowMs - meter.atMs <= meterAge_ms
      ? heatersLimit_w(power, meter.home_w, meter.heaters_w)
      : heatersLimit_w(power);
  };
  return {
    step(nowMs, duties, areCold = []) {
      bank = stepHeaterBank(bank, options, {
        nowMs,
        duties: duties.flat(),
        areFirst: rooms.flatMap((own, i) => own.map(() => areCold[i] ?? false)),
        available_w: limitAt(nowMs),
      });
      let next = 0;
      return rooms.map((own) => own.map(() => bank.heaters[next++]));
    },
    measure(home_w, nowMs) {
      meter = { home_w, heaters_w: bankPower_w(bank, options), atMs: nowMs };
    },
  };
}
