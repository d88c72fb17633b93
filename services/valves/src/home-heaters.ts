/** The heaters of all rooms: they take turns, and keep within the subscribed power. */
import {
  bankPower_w,
  type HeaterState,
  heatersLimit_w,
  startHeaterBank,
  stepHeaterBank,
} from "@azru/actuators";
import type { Log } from "@azru/messaging";
import type { Room } from "./room.ts";
import type { ValvesFile } from "./valves-file.ts";

export interface HomeHeaters {
  /** Lives on to a time of the steady clock. @returns each room's heaters */
  step(
    nowMs: number,
    duties: ReadonlyMap<Room, readonly number[]>,
  ): ReadonlyMap<Room, readonly HeaterState[]>;
  /** Takes note of what the whole home draws. */
  measure(home_w: number, nowMs: number): void;
}

/** A meter's reading does not count for longer. */
const maxAge_ms = 10 * 60_000;

export function createHomeHeaters(
  rooms: readonly Room[],
  power: ValvesFile["power"],
  startMs: number,
  log: Log,
): HomeHeaters {
  const options = rooms.flatMap(({ heaters }) => heaters);
  let bank = startHeaterBank(options, startMs);
  let meter: { readonly home_w: number; readonly heaters_w: number; readonly atMs: number } | undefined;
  let isShort = false;

  const available_w = (nowMs: number) => {
    if (!power) return Number.POSITIVE_INFINITY;
    return meter && nowMs - meter.atMs <= maxAge_ms
      ? heatersLimit_w(power, meter.home_w, meter.heaters_w)
      : heatersLimit_w(power);
  };
  return {
    step(nowMs, duties) {
      const limit_w = available_w(nowMs);
      bank = stepHeaterBank(bank, options, {
        nowMs,
        duties: rooms.flatMap((room) => duties.get(room)!),
        available_w: limit_w,
      });
      const wasShort = isShort;
      isShort = bank.heaters.some(({ isHeldBack }) => isHeldBack);
      if (isShort && !wasShort)
        log.info(
          { available_w: Math.round(limit_w), heaters_w: bankPower_w(bank, options) },
          "heaters share the subscribed power",
        );
      let first = 0;
      return new Map(
        rooms.map((room) => {
          const own = bank.heaters.slice(first, first + room.heaters.length);
          first += room.heaters.length;
          return [room, own];
        }),
      );
    },
    measure(home_w, nowMs) {
      meter = { home_w, heaters_w: bankPower_w(bank, options), atMs: nowMs };
    },
  };
}
