/** What is asked for in a home whose rooms are heated each by itself, room by room and together. */
import { ceilingAt_c, isOff, off_c, roomRequests, roomSetpoints_c, stepCeilings_c } from "@azru/comfort";
import type { ComfortInForce, ComfortTemperature, HeatedRoom } from "@azru/contracts";
import type { ComfortKeeper } from "./comfort-keeper.ts";

/** What decisions ask of the comfort of a home. */
export type HomeComfort = Pick<
  ComfortKeeper,
  "inForce" | "changedMs" | "setpoints_c" | "ceilings_c" | "ceilingAt_c" | "of"
>;

/** What one room is to be like at a moment, degrees C. */
export interface RoomAsked {
  readonly setpoint_c: number;
  readonly max_c: number;
  readonly isOff: boolean;
}

/** A room is warm when its hour comes: its setpoint counts from so long before, home time. */
const anticipation_ms = 2 * 3_600_000;

interface RoomsComfortOptions {
  readonly rooms: ReadonlyMap<string, HeatedRoom>;
  readonly comfort: Pick<ComfortKeeper, keyof HomeComfort | "requests" | "max_c">;
  readonly step_ms: number;
  readonly now: () => number;
  /** Of a room, where it can be trusted, degrees C. */
  readonly temperatureOf: (room: string) => number | undefined;
}

/**
 * The comfort of the home as one zone: setpoints and ceilings are the rooms' means by the power of their heaters, as its
 * temperature is. A room that is off counts with the temperature that it has, so that it asks for no heat and gives none.
 */
export class RoomsComfort implements HomeComfort {
  readonly #options: RoomsComfortOptions;
  readonly #total_w: number;

  constructor(options: RoomsComfortOptions) {
    this.#options = options;
    this.#total_w = [...options.rooms.values()].reduce((sum, { power_w }) => sum + power_w, 0);
  }

  get inForce(): ComfortInForce {
    const { comfort, now } = this.#options;
    return { ...comfort.inForce, setpoint_c: this.setpoints_c(now(), 1, 1, now())[0] };
  }

  get changedMs(): number {
    return this.#options.comfort.changedMs;
  }

  get of(): ComfortTemperature {
    return this.#options.comfort.of;
  }

  ceilingAt_c(timeMs: number): number {
    return this.#mean((_, room) => Float64Array.of(this.#ceilingAt_c(room, timeMs)), 1)[0];
  }

  /** See `stepSetpoints_c`. */
  setpoints_c(startMs: number, step_ms: number, count: number, fromMs: number): Float64Array {
    const { comfort, temperatureOf } = this.#options;
    return this.#mean((name, room) => {
      const asked = roomSetpoints_c(comfort.requests, room, { startMs, step_ms, count, fromMs });
      const comfort_c = roomRequests(comfort.requests, room).settings.presets_c.comfort;
      const idle_c = Math.min(comfort_c, Math.max(off_c, temperatureOf(name) ?? comfort_c));
      return asked.map((setpoint_c, k) => (isOff(room.off, startMs + k * step_ms) ? idle_c : setpoint_c));
    }, count);
  }

  /** See `stepCeilings_c`. */
  ceilings_c(startMs: number, step_ms: number, setpoints_c: Float64Array): Float64Array {
    const { comfort } = this.#options;
    const ceilings = this.#mean(
      (_, room) =>
        stepCeilings_c(
          roomRequests(comfort.requests, room).settings,
          comfort.max_c,
          { startMs, step_ms },
          new Float64Array(setpoints_c.length),
        ),
      setpoints_c.length,
    );
    return ceilings.map((ceiling_c, k) => Math.max(ceiling_c, setpoints_c[k]));
  }

  /** What a room is to be like now: its setpoint is the highest of the coming hours, so that it is warm in time. */
  askedOf(name: string, timeMs: number): RoomAsked {
    const { rooms, comfort, step_ms } = this.#options;
    const room = rooms.get(name)!;
    const count = Math.max(1, Math.round(anticipation_ms / step_ms));
    const ahead = roomSetpoints_c(comfort.requests, room, { startMs: timeMs, step_ms, count });
    const setpoint_c = Math.max(...ahead);
    const max_c = Math.max(setpoint_c, this.#ceilingAt_c(room, timeMs));
    const isIdle = isOff(room.off, timeMs) && setpoint_c === off_c;
    return { setpoint_c, max_c: isIdle ? off_c : max_c, isOff: isIdle };
  }

  #ceilingAt_c(room: HeatedRoom, timeMs: number): number {
    const { comfort } = this.#options;
    return ceilingAt_c(roomRequests(comfort.requests, room).settings, timeMs, comfort.max_c);
  }

  #mean(of: (name: string, room: HeatedRoom) => Float64Array, count: number): Float64Array {
    const mean = new Float64Array(count);
    for (const [name, room] of this.#options.rooms) {
      const share = room.power_w / this.#total_w;
      const values = of(name, room);
      for (let k = 0; k < count; k++) mean[k] += share * values[k];
    }
    return mean;
  }
}
