/** What is requested in one room: as in the home, with temperatures and hours of its own. */
import {
  type ComfortRequests,
  type RoomComfort,
  type RoomOff,
  type RoomRequest,
  timeMsOf,
} from "@azru/contracts";
import { homeDay, homeInstant } from "@azru/runtime";
import { stepSetpoints_c } from "./course.ts";

/** What a room is kept above while it is off: walls stay dry, degrees C. */
export const off_c = 12;

/** A room as its people want it: what its file says, and what was asked for in it. */
export interface RoomWithRequest extends RoomComfort {
  readonly asked?: RoomRequest | undefined;
}

/**
 * The home's requests as they hold in a room: the presets have the room's temperatures, the schedule is the room's where it
 * has one. A temperature that was asked for the home by hand is moved by as much as the room's comfort differs from the
 * home's; what was asked for in the room itself holds in its place, unless the home was asked later.
 */
export function roomRequests(
  home: ComfortRequests,
  { presets_c, schedule, warmest_c, asked }: RoomWithRequest,
): ComfortRequests {
  const { settings, temporary } = home;
  const comfort_c = presets_c?.comfort ?? settings.presets_c.comfort;
  const own = {
    eco: Math.min(presets_c?.eco ?? settings.presets_c.eco, comfort_c),
    comfort: comfort_c,
    boost: Math.max(presets_c?.boost ?? settings.presets_c.boost, comfort_c),
  };
  const moved_k = comfort_c - settings.presets_c.comfort;
  const setpointOf = ({ preset, setpoint_c }: NonNullable<typeof temporary>) =>
    preset === null ? Math.min(30, Math.max(5, setpoint_c + moved_k)) : own[preset];
  const { warmest } = settings;
  const ceiling_c = warmest_c === undefined ? undefined : Math.max(warmest_c, own.comfort);
  return {
    ...home,
    settings: {
      ...settings,
      presets_c: own,
      away_c: settings.away_c === null || presets_c ? null : settings.away_c,
      schedule: schedule ?? settings.schedule,
      ...(ceiling_c !== undefined && {
        warmest: {
          ...(warmest ?? { night_from: "22:00", night_until: "07:00" }),
          day_c: ceiling_c,
          night_c: ceiling_c,
        },
      }),
    },
    temporary:
      ownTemporary(asked, home) ?? (temporary && { ...temporary, setpoint_c: setpointOf(temporary) }),
  };
}

/** What was asked for in the room for a while; undefined where nothing was, or the home was asked later. */
function ownTemporary(
  asked: RoomRequest | undefined,
  { temporary }: ComfortRequests,
): ComfortRequests["temporary"] | undefined {
  if (!asked || asked.preset === "off" || asked.until === null) return undefined;
  const { preset, setpoint_c, since, until } = asked;
  if (temporary && timeMsOf(temporary.since) > timeMsOf(since)) return undefined;
  return { preset, setpoint_c, since, until };
}

/** Whether a room is off at an instant: somebody has switched it off, or it is one of its hours and nobody has asked otherwise. */
export function isRoomOff({ off, asked }: RoomWithRequest, timeMs: number): boolean {
  if (asked?.preset === "off") return true;
  const isAsked = asked?.until && timeMs >= timeMsOf(asked.since) && timeMs < timeMsOf(asked.until);
  return !isAsked && isOff(off, timeMs);
}

/** Whether an instant is in the hours of the day, Europe/Paris, over midnight too. */
function isOff(off: readonly RoomOff[] | undefined, timeMs: number): boolean {
  if (!off || off.length === 0) return false;
  const day = homeDay(timeMs);
  return off.some(({ from, until }) => {
    const [afterFrom, afterUntil] = [from, until].map((time) => timeMs >= homeInstant(day, time));
    return from < until ? afterFrom && !afterUntil : afterFrom || !afterUntil;
  });
}

/** The setpoints of a room as `stepSetpoints_c` has them for a home; `off_c` in steps that begin while it is off. */
export function roomSetpoints_c(
  home: ComfortRequests,
  room: RoomWithRequest,
  grid: {
    readonly startMs: number;
    readonly step_ms: number;
    readonly count: number;
    readonly fromMs?: number;
  },
): Float64Array {
  const { startMs, step_ms, count, fromMs } = grid;
  const setpoints_c = stepSetpoints_c(roomRequests(home, room), startMs, step_ms, count, fromMs);
  return setpoints_c.map((asked_c, k) => (isRoomOff(room, startMs + k * step_ms) ? off_c : asked_c));
}
