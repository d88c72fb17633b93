/** A decision for the home, shared among the rooms that are heated each by itself. */
import { roomFloorTop_k } from "@azru/actuators";
import type { HeatedRoom, RoomState, ValveSource } from "@azru/contracts";
import { createRoomSharing, type ShareHeat } from "@azru/control";
import type { RoomAsked, RoomsComfort } from "../comfort/rooms-comfort.ts";
import { heldLimitAt, type Limit, safeValve } from "./safe-valve.ts";

/** What a room's heaters are to do, and by what. */
export interface RoomHeat extends RoomAsked {
  readonly room: string;
  readonly power_w: number; // heat of all its heaters
  readonly valve: number; // 0 to 1
  /** Heaters that are switched keep the room above it until the next decision; absent where it is set by hand, open or not known. */
  readonly kept_c?: number | undefined;
}

export interface RoomHeatOptions {
  readonly rooms: ReadonlyMap<string, HeatedRoom>;
  readonly comfort: Pick<RoomsComfort, "askedOf">;
  readonly step_ms: number;
  /** By how much full heat lifts the air within a step, K. */
  readonly lift_k: number;
}

/** What was chosen for the home. */
interface HomeHeat {
  readonly valve: number; // 0 to 1
  readonly source: ValveSource;
}

/** The rooms as they are known now. */
interface KnownRooms {
  readonly rooms: readonly RoomState[];
  readonly windows: ReadonlyMap<string, unknown>;
}

/** Shares heat by `createRoomSharing`, whose memory it keeps; frost protection and the upper limit hold in each room. */
export class RoomSharing {
  readonly #options: RoomHeatOptions;
  readonly #share: ShareHeat;
  readonly #total_w: number;
  #sharedMs: number | undefined;
  /** By room, what the last share held it to. */
  #limits: readonly (Limit | undefined)[] = [];

  constructor(options: RoomHeatOptions) {
    this.#options = options;
    this.#share = createRoomSharing(options.rooms.size, { lift_k: options.lift_k, above_k: roomFloorTop_k });
    this.#total_w = [...options.rooms.values()].reduce((sum, { power_w }) => sum + power_w, 0);
  }

  /** Rooms whose window stands open get nothing, unless somebody has set the valves by hand. */
  share({ valve, source }: HomeHeat, { rooms: states, windows }: KnownRooms, timeMs: number): RoomHeat[] {
    const { rooms, comfort, step_ms } = this.#options;
    const names = [...rooms.keys()];
    const asked = names.map((name) => comfort.askedOf(name, timeMs));
    const theta_c = names.map((name) => trusted_c(states.find(({ room }) => room === name)));
    const shared = names.map((name, i) => ({
      rated_w: rooms.get(name)!.power_w,
      theta_air_c: theta_c[i],
      setpoint_c: asked[i].setpoint_c,
      max_c: asked[i].max_c,
      isClosed: windows.has(name),
    }));
    const elapsed_ms = timeMs - (this.#sharedMs ?? timeMs - step_ms);
    const elapsed_s = Math.min(step_ms, Math.max(0, elapsed_ms)) / 1000;
    this.#sharedMs = timeMs;
    const duties =
      source === "manual" ? names.map(() => valve) : this.#share(shared, valve * this.#total_w, elapsed_s);
    const held = this.#limits;
    this.#limits = theta_c.map((room_c, i) => heldLimitAt(room_c, held[i]));
    return names.map((room, i) => {
      const isKept = source !== "manual" && !shared[i].isClosed && theta_c[i] !== undefined;
      return {
        room,
        power_w: shared[i].rated_w,
        valve: safeValve(duties[i], theta_c[i], held[i]),
        ...(isKept && { kept_c: asked[i].setpoint_c }),
        ...asked[i],
      };
    });
  }

  /** What the home gets together, 0 to 1. */
  total(rooms: readonly RoomHeat[]): number {
    const heat_w = rooms.reduce((sum, { valve, power_w }) => sum + valve * power_w, 0);
    return Math.min(1, heat_w / this.#total_w);
  }
}

function trusted_c(state: RoomState | undefined): number | undefined {
  return state?.status === "fresh" ? state.metrics.temperature : undefined;
}
