/** The heaters of all rooms: they take turns, and keep within the subscribed power. */
import { createHeaterGroup, type HeaterState } from "@azru/actuators";
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

export function createHomeHeaters(
  rooms: readonly Room[],
  power: ValvesFile["power"],
  startMs: number,
  log: Log,
): HomeHeaters {
  const options = rooms.flatMap(({ heaters }) => heaters);
  const group = createHeaterGroup(options, power, startMs);
  let isShort = false;
  return {
    step(nowMs, duties) {
      const states = group.step(
        nowMs,
        rooms.flatMap((room) => duties.get(room)!),
      );
      const wasShort = isShort;
      isShort = states.some(({ isHeldBack }) => isHeldBack);
      if (isShort && !wasShort) log.info({}, "heaters share the subscribed power");
      let first = 0;
      return new Map(
        rooms.map((room) => {
          const own = states.slice(first, first + room.heaters.length);
          first += room.heaters.length;
          return [room, own];
        }),
      );
    },
    measure: group.measure,
  };
}
