/** Windows that stand open: by a contact, or by a fall of the room's air that neither heating nor house explain. */
import type { Reading } from "./reading.ts";
import { largestMove_k } from "./trust.ts";

/** An open window of a room, as it is known. */
export interface OpenWindow {
  /** `contact`: a sensor says so; `fall`: the air fell faster than a closed room's does. */
  readonly cause: "contact" | "fall";
  readonly sinceMs: number;
  /** When the room is heated again; absent while a contact says that it is open. */
  readonly untilMs?: number;
}

/** How the room is heated when it is measured. */
interface HeatedNow {
  /** How far it is heated, 0 to 1. */
  readonly valve: number;
  /** By how much full heat lifts the air at once, K: so far it falls when the heat is cut off. */
  readonly lift_k: number;
}

export interface Windows {
  /** Takes a reading that counts; readings of a room come in order of time. */
  accept(reading: Reading, heated: HeatedNow): void;
  openIn(room: string, nowMs: number): OpenWindow | undefined;
  /** Rooms whose window stands open. */
  open(nowMs: number): ReadonlyMap<string, OpenWindow>;
}

const minute_ms = 60_000;
/** Falls are looked for within so long. */
const window_ms = 15 * minute_ms;
/** Air that was heated falls for so long after the heat is cut off, as far as it had risen by it. */
const cooling_ms = 2 * window_ms;
/** A closed room loses less in that time when its heating is off, K; an open window takes 1 to 3 K within minutes. */
const unexplained_k = 1.5;
/** The heating stays closed for so long after a fall; a window that stands open for longer falls on. */
const closed_ms = 30 * minute_ms;
/** The window was shut when the air has risen by so much. */
const rise_k = 0.5;

interface Seen {
  readonly timeMs: number;
  readonly theta_c: number;
  readonly valve: number;
}

interface Room {
  seen: Seen[];
  open?: OpenWindow | undefined;
  lowest_c: number;
  contactMs: number;
  /** The most that the heating has lifted its air by within `window_ms`, K. */
  rise_k: number;
}

/** How far the air has risen to the last of these, K; from before a jump of the sensor nothing counts. */
function riseOf_k(seen: readonly Seen[], lift_k: number): number {
  const jumpedAt = seen.findLastIndex(({ theta_c, timeMs }, i) => {
    const before = seen[i - 1];
    return before && Math.abs(theta_c - before.theta_c) > largestMove_k(lift_k, timeMs - before.timeMs);
  });
  const steady_c = seen.slice(Math.max(0, jumpedAt)).map(({ theta_c }) => theta_c);
  return steady_c.at(-1)! - Math.min(...steady_c);
}

/** @param staleAfter_ms after so much silence a contact no longer counts */
export function createWindows(staleAfter_ms: number): Windows {
  const rooms = new Map<string, Room>();

  function openIn(name: string, nowMs: number): OpenWindow | undefined {
    const room = rooms.get(name);
    if (!room?.open) return undefined;
    const { cause, untilMs = Number.POSITIVE_INFINITY } = room.open;
    const isOver = cause === "contact" ? nowMs - room.contactMs > staleAfter_ms : nowMs >= untilMs;
    return isOver ? undefined : room.open;
  }

  /** The contact's word holds; undefined where the room has none. */
  function byContact(room: Room, { metrics, timeMs }: Reading): OpenWindow | undefined {
    if (!metrics.window_open) return undefined;
    room.contactMs = timeMs;
    return room.open?.cause === "contact" ? room.open : { cause: "contact", sinceMs: timeMs };
  }

  function byFall(room: Room, { timeMs, metrics }: Reading, heated: HeatedNow): OpenWindow | undefined {
    const theta_c = metrics.temperature;
    room.seen = [
      ...room.seen.filter((one) => one.timeMs <= timeMs && timeMs - one.timeMs <= cooling_ms),
      { timeMs, theta_c, valve: heated.valve },
    ];
    const recent = room.seen.filter((one) => timeMs - one.timeMs <= window_ms);
    if (heated.valve > 0) room.rise_k = Math.max(room.rise_k, riseOf_k(recent, heated.lift_k));
    room.lowest_c = Math.min(room.lowest_c, theta_c);
    const { open } = room;
    const isOpen = open?.cause === "fall" && open.untilMs! > timeMs;
    const most = Math.max(...room.seen.map(({ valve }) => valve));
    const explained_k =
      Math.max(heated.lift_k, room.rise_k) * (most - Math.min(...recent.map(({ valve }) => valve)));
    const highest = recent.reduce((best, one) => (one.theta_c > best.theta_c ? one : best));
    if (highest.theta_c - theta_c > unexplained_k + explained_k) {
      room.seen = room.seen.slice(-1);
      room.lowest_c = theta_c;
      const sinceMs = isOpen ? open.sinceMs : highest.timeMs;
      return { cause: "fall", sinceMs, untilMs: timeMs + closed_ms };
    }
    return isOpen && theta_c < room.lowest_c + rise_k ? open : undefined;
  }

  return {
    accept(reading, heated) {
      const room = rooms.get(reading.room) ?? {
        seen: [],
        lowest_c: Number.POSITIVE_INFINITY,
        contactMs: 0,
        rise_k: 0,
      };
      rooms.set(reading.room, room);
      const hasContact = reading.metrics.window_open !== undefined;
      const fallen = hasContact ? undefined : byFall(room, reading, heated);
      room.open = hasContact ? byContact(room, reading) : fallen;
      if (!room.open) room.lowest_c = Number.POSITIVE_INFINITY;
    },
    openIn,
    open: (nowMs) =>
      new Map(
        [...rooms.keys()].flatMap((name) => {
          const open = openIn(name, nowMs);
          return open ? [[name, open] as const] : [];
        }),
      ),
  };
}
