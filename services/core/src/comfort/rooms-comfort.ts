/** What is asked for in a home whose rooms are heated each by itself, room by room and together. */
import { roomFloorTop_k } from "@azru/actuators";
import {
  ceilingAt_c,
  isRoomOff,
  off_c,
  type RoomWithRequest,
  roomRequests,
  roomSetpoints_c,
  settled,
  stepCeilings_c,
} from "@azru/comfort";
import {
  type ComfortInForce,
  type ComfortRequests,
  type ComfortResponse,
  type ComfortTemperature,
  type ControlRoomBody,
  type HeatedRoom,
  isoTimeOf,
  type RoomRequest,
} from "@azru/contracts";
import { anticipated_c, type WarmUp, warmUpSteps } from "@azru/control";
import { hourMs } from "@azru/runtime";
import type { ComfortKeeper } from "./comfort-keeper.ts";
import { requestEndMs } from "./request-end.ts";

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
  /** What its people ask for now; `setpoint_c` may be of what is coming. */
  readonly target_c: number;
}

/** No setpoint counts from longer before its time, home time: heaters that take longer are too weak for it. */
const longestLead_ms = 6 * hourMs;

interface RoomsComfortOptions {
  readonly rooms: ReadonlyMap<string, HeatedRoom>;
  readonly comfort: Pick<
    ComfortKeeper,
    keyof HomeComfort | "requests" | "max_c" | "setRoom" | "checkSetpoint"
  >;
  readonly step_ms: number;
  readonly now: () => number;
  /** Of a room, where it can be trusted, degrees C. */
  readonly temperatureOf: (room: string) => number | undefined;
  /** What the home is warmed up by; undefined while nobody knows how cold it is outside. */
  readonly warmUp: () => Pick<WarmUp, "model" | "heat_w" | "theta_e_c"> | undefined;
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
    const { temperatureOf } = this.#options;
    const requests = this.#requests;
    return this.#mean((name, room) => {
      const asked = roomSetpoints_c(requests, room, { startMs, step_ms, count, fromMs });
      const comfort_c = roomRequests(requests, room).settings.presets_c.comfort;
      const idle_c = Math.min(comfort_c, Math.max(off_c, temperatureOf(name) ?? comfort_c));
      return asked.map((setpoint_c, k) => (isRoomOff(room, startMs + k * step_ms) ? idle_c : setpoint_c));
    }, count);
  }

  /** See `stepCeilings_c`. */
  ceilings_c(startMs: number, step_ms: number, setpoints_c: Float64Array): Float64Array {
    const { comfort } = this.#options;
    const ceilings = this.#mean(
      (_, room) =>
        stepCeilings_c(
          roomRequests(this.#requests, room).settings,
          comfort.max_c,
          { startMs, step_ms },
          new Float64Array(setpoints_c.length),
        ),
      setpoints_c.length,
    );
    return ceilings.map((ceiling_c, k) => Math.max(ceiling_c, setpoints_c[k]));
  }

  /** What a room is to be like now: a higher setpoint counts as long before its time as the home takes to get there. */
  askedOf(name: string, timeMs: number): RoomAsked {
    const { step_ms, temperatureOf, warmUp } = this.#options;
    const room = this.#room(name);
    const longest = Math.max(1, Math.round(longestLead_ms / step_ms));
    const house = warmUp();
    const setpoint_c = anticipated_c({
      setpoints_c: roomSetpoints_c(this.#requests, room, { startMs: timeMs, step_ms, count: longest }),
      theta_air_c: temperatureOf(name),
      above_k: roomFloorTop_k,
      stepsTo: (from_c, to_c) => (house ? warmUpSteps({ ...house, from_c, to_c }, longest) : longest),
    });
    const max_c = Math.max(setpoint_c, this.#ceilingAt_c(room, timeMs));
    const isIdle = isRoomOff(room, timeMs) && setpoint_c === off_c;
    return {
      setpoint_c,
      max_c: isIdle ? off_c : max_c,
      isOff: isIdle,
      target_c: this.targetOf(name, timeMs),
    };
  }

  /** What the people of a room ask for at an instant, degrees C. */
  targetOf(name: string, timeMs: number): number {
    return roomSetpoints_c(this.#requests, this.#room(name), { startMs: timeMs, step_ms: 1, count: 1 })[0];
  }

  /**
   * Another comfort in one room, for a while or until another is said.
   *
   * @throws RangeError that names the field, where the room is not heated by itself or the setpoint is too warm
   */
  setRoom({ room: name, mode, preset, setpoint_c, duration_min }: ControlRoomBody): ComfortResponse {
    const { rooms, comfort, now } = this.#options;
    if (!rooms.has(name)) {
      const known = [...rooms.keys()].join(", ");
      throw new RangeError(`body.room must be one of ${known}, got ${name}`);
    }
    const nowMs = now();
    const since = isoTimeOf(nowMs);
    if (mode === "auto" || preset === "none") return comfort.setRoom(name, null);
    if (mode === "off")
      return comfort.setRoom(name, { preset: "off", setpoint_c: off_c, since, until: null });
    const { settings } = roomRequests(this.#requests, this.#room(name));
    const asked_c = preset === undefined ? setpoint_c! : settings.presets_c[preset];
    if (preset === undefined) comfort.checkSetpoint("body.setpoint_c", asked_c, settings);
    const until = isoTimeOf(requestEndMs(preset ?? null, settings, nowMs, duration_min));
    return comfort.setRoom(name, { preset: preset ?? null, setpoint_c: asked_c, since, until });
  }

  get #requests(): ComfortRequests {
    const { comfort, now } = this.#options;
    return settled(comfort.requests, now());
  }

  /** What its file says of a room, and what was asked for in it. */
  #room(name: string): HeatedRoom & RoomWithRequest {
    const asked: RoomRequest | undefined = this.#requests.rooms?.[name];
    return { ...this.#options.rooms.get(name)!, asked };
  }

  #ceilingAt_c(room: RoomWithRequest, timeMs: number): number {
    const { comfort } = this.#options;
    return ceilingAt_c(roomRequests(this.#requests, room).settings, timeMs, comfort.max_c);
  }

  #mean(of: (name: string, room: HeatedRoom & RoomWithRequest) => Float64Array, count: number): Float64Array {
    const mean = new Float64Array(count);
    for (const name of this.#options.rooms.keys()) {
      const room = this.#room(name);
      const share = room.power_w / this.#total_w;
      const values = of(name, room);
      for (let k = 0; k < count; k++) mean[k] += share * values[k];
    }
    return mean;
  }
}
