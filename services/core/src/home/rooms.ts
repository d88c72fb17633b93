/** The rooms, each with its last reading, and what those that decide say together. */
import { isoTimeOf, type RoomState } from "@azru/contracts";
import type { Logger } from "@azru/runtime";
import type { Reading } from "./reading.ts";
import {
  allowedSilence,
  type KnownHabit,
  knownHabit,
  noHabit,
  type SensorHabit,
  widthOfReading_k,
  widthOfSilence_k,
  withReport,
} from "./sensor-habit.ts";
import {
  type Distrust,
  type ExpectedAir,
  heldValue,
  isPlausible,
  jumpOf,
  type SensorHistory,
  shiftedHistory,
  type Trust,
  type TrustLimits,
  trustOf,
} from "./trust.ts";

/** What the rooms that decide and can be trusted say of the heated zone. */
export interface ZoneReading {
  /**
   * Median over these rooms: with three or more, one that is wrong cannot move it far. Of rooms that are heated each by
   * itself, their mean by power.
   */
  readonly theta_air_c: number;
  /** Of the latest reading. */
  readonly timeMs: number;
  readonly rooms: readonly string[];
  /** What the temperature is known within, K: by coarse sensors; undefined of fine ones. */
  readonly within_k?: number | undefined;
  /** The same while all the sensors are silent; undefined where one of them does not report changes. */
  readonly silent_k?: number | undefined;
}

/** Which rooms are kept, and which of them decide. */
export interface RoomLimits {
  /** Rooms whose temperature decides; the others are shown. They always have a place. */
  readonly deciding: readonly string[];
  /** Power of the heaters of each, where each is heated by itself, W. */
  readonly power_w?: ReadonlyMap<string, number> | undefined;
  /** Rooms kept at most, those that decide among them. */
  readonly mostRooms: number;
  /** A room that is shown only is forgotten after so much silence, home time. */
  readonly forgetAfter_ms: number;
  /** A room whose window is open does not count while another does. */
  readonly isOpen?: (room: string, nowMs: number) => boolean;
  /** What the model of the house expects of a room; undefined where it has not proved itself. */
  readonly expectedIn?: (room: string) => ExpectedAir | undefined;
  /** How sensors reported before the start. */
  readonly habits?: Readonly<Record<string, SensorHabit>> | undefined;
  /** Why the model of the house contradicts a room's thermometer; undefined where it does not. */
  readonly doubtOf?: (room: string, temperature_c: number) => Trust | undefined;
  readonly log: Pick<Logger, "warn">;
}

export interface Rooms {
  /** The last reading of a room before the core was stopped. */
  restore(reading: Reading): void;
  /** Takes a reading; false where it is older than the one we have, or of a room that there is no place for. */
  accept(reading: Reading, nowMs: number): boolean;
  states(nowMs: number): RoomState[];
  /** Whether a room's last reading can be trusted. */
  counts(room: string, nowMs: number): boolean;
  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined;
  /** What a room's last reading is known within, K. */
  within_k(room: string): number;
  /** Deciding rooms that report changes: their last reading, and what the air is known within until the next. */
  silent(): readonly SilentRoom[];
  /** Home time was set: what was measured lies as far back as before. */
  shiftTime(shift_ms: number): void;
  /** How the sensors of the rooms that decide report. */
  readonly habits: Readonly<Record<string, SensorHabit>>;
  /** Readings of rooms that there was no place for. */
  readonly refused: number;
  /** How often `zone` found that a room which it had not found so before cannot be trusted. */
  readonly distrusted: Readonly<Record<Distrust, number>>;
}

/** A room whose sensor would have reported a change. */
interface SilentRoom {
  readonly room: string;
  readonly timeMs: number; // of its last reading
  readonly theta_air_c: number;
  readonly within_k: number;
}

/** Whether a reading counts, by itself and by the model of the house. */
function judged(
  reading: SensorHistory,
  nowMs: number,
  limits: TrustLimits & Pick<RoomLimits, "doubtOf" | "expectedIn">,
): Trust {
  const trust = trustOf(reading, nowMs, limits, limits.expectedIn?.(reading.room));
  if (trust.status !== "fresh") return trust;
  return limits.doubtOf?.(reading.room, reading.metrics.temperature) ?? trust;
}

/** Rooms, none yet. */
export function createRooms(limits: TrustLimits & RoomLimits): Rooms {
  const { staleAfter_ms, deciding, mostRooms, forgetAfter_ms, log } = limits;
  const last = new Map<string, SensorHistory>();
  const meanByPower = limits.power_w && createPowerMean(limits.power_w);
  let refused = 0;
  const found = new Map<string, RoomState["status"]>();
  const distrusted: Record<Distrust, number> = { stale: 0, frozen: 0, implausible: 0, doubted: 0 };

  function isFresh(reading: SensorHistory, nowMs: number): boolean {
    const { status } = judged(reading, nowMs, limits);
    if (status !== "fresh" && found.get(reading.room) !== status) distrusted[status]++;
    found.set(reading.room, status);
    return status === "fresh";
  }

  const decides = (room: string) => deciding.includes(room);

  /** Whether a room that is not known yet has a place; silent rooms give theirs up. */
  function hasPlace(room: string, nowMs: number): boolean {
    if (decides(room)) return true;
    const isFull = () => count(last.keys(), (known) => !decides(known)) >= mostRooms - deciding.length;
    if (isFull()) {
      for (const [known, { timeMs }] of last)
        if (!decides(known) && Math.abs(nowMs - timeMs) > forgetAfter_ms) forget(known);
    }
    return !isFull();
  }

  function forget(room: string): void {
    last.delete(room);
    found.delete(room);
  }

  function refuse(room: string): void {
    if (refused++ > 0) return;
    log.warn(
      { room },
      `there are ${mostRooms} rooms already: measurements of more are refused (AZRU_MAX_ROOMS); counted in azru_room_readings_refused_total`,
    );
  }

  /** Rooms that are shown only leave after a long silence. */
  const present = (nowMs: number) =>
    [...last.values()].filter(
      ({ room, timeMs }) => decides(room) || Math.abs(nowMs - timeMs) <= forgetAfter_ms,
    );

  return {
    distrusted,
    get habits() {
      const decidingRooms = [...last.values()].filter(({ room }) => decides(room));
      return Object.fromEntries(decidingRooms.map(({ room, habit }) => [room, habit]));
    },
    get refused() {
      return refused;
    },
    restore(reading) {
      if (last.has(reading.room) || !hasPlace(reading.room, reading.timeMs)) return;
      last.set(reading.room, { ...historyOf(reading, undefined, limits), isOfBefore: true });
    },
    accept(reading, nowMs) {
      if (!last.has(reading.room) && !hasPlace(reading.room, nowMs)) {
        refuse(reading.room);
        return false;
      }
      const before = last.get(reading.room);
      const clockJumpedBack = before !== undefined && before.timeMs > nowMs + staleAfter_ms;
      if (before && reading.timeMs < before.timeMs && !clockJumpedBack) return false;
      last.set(reading.room, historyOf(reading, before, limits));
      return true;
    },
    shiftTime(shift_ms) {
      for (const [room, reading] of last) last.set(room, shiftedHistory(reading, shift_ms));
    },
    within_k: (room) => widthOfReading_k(last.get(room)?.known),
    silent: () =>
      deciding.flatMap((room) => {
        const { known, timeMs, metrics } = last.get(room) ?? {};
        const within_k = widthOfSilence_k(known);
        if (!metrics || timeMs === undefined || within_k === undefined) return [];
        return [{ room, timeMs, theta_air_c: metrics.temperature, within_k }];
      }),
    counts: (room, nowMs) => last.has(room) && judged(last.get(room)!, nowMs, limits).status === "fresh",
    states: (nowMs) => present(nowMs).map((reading) => roomState(reading, nowMs, limits)),
    zone(nowMs) {
      const trusted = deciding.flatMap((room) => last.get(room) ?? []).filter((r) => isFresh(r, nowMs));
      const shut = trusted.filter(({ room }) => !limits.isOpen?.(room, nowMs));
      const fresh = shut.length > 0 ? shut : trusted;
      if (fresh.length === 0) return undefined;
      return {
        theta_air_c: meanByPower?.(fresh) ?? median(fresh.map(({ metrics }) => metrics.temperature)),
        timeMs: Math.max(...fresh.map(({ timeMs }) => timeMs)),
        rooms: fresh.map(({ room }) => room),
        ...widthsOf(fresh),
      };
    },
  };
}

function roomState(reading: SensorHistory, nowMs: number, limits: TrustLimits & RoomLimits): RoomState {
  const { room, timeMs, known, metrics } = reading;
  return {
    room,
    decides: limits.deciding.includes(room),
    time: isoTimeOf(timeMs),
    age_s: Math.max(0, (nowMs - timeMs) / 1000),
    ...judged(reading, nowMs, limits),
    ...(known && { habit: habitMessage(known) }),
    metrics,
  };
}

/** A reading with what it and those before it say of the sensor. */
function historyOf(
  reading: Reading,
  before: SensorHistory | undefined,
  limits: TrustLimits & Pick<RoomLimits, "habits">,
): SensorHistory {
  const { room, metrics, timeMs } = reading;
  if (!before) {
    const habit = limits.habits?.[room] ?? noHabit;
    return {
      ...reading,
      sinceMs: timeMs,
      isOfBefore: false,
      isHeldSinceBefore: false,
      habit,
      known: knownHabit(habit),
    };
  }
  const held = { ...before, value: before.metrics.temperature };
  const { agreeing_ms } = allowedSilence(before.known, limits.staleAfter_ms);
  const { sinceMs } = heldValue(metrics.temperature, timeMs, held, agreeing_ms);
  const jump = jumpOf(before, reading, limits);
  const after_ms = Math.max(0, timeMs - before.timeMs);
  const isSame = metrics.temperature === before.metrics.temperature;
  const isHeldSinceBefore = isSame && (before.isOfBefore || before.isHeldSinceBefore);
  const isUsual = !jump && !before.jump && isPlausible(reading) && isPlausible(before);
  const report = {
    temperature_c: metrics.temperature,
    before_c: before.metrics.temperature,
    after_ms,
    held_ms: before.isHeldSinceBefore ? undefined : timeMs - before.sinceMs,
  };
  const isReport = isUsual && after_ms > 0 && !before.isOfBefore;
  const habit = isReport ? withReport(before.habit, report) : before.habit;
  const known = habit === before.habit ? before.known : knownHabit(habit);
  const interval_ms = before.isOfBefore ? undefined : after_ms;
  return { ...reading, sinceMs, interval_ms, isOfBefore: false, isHeldSinceBefore, habit, known, jump };
}

/** What rooms together are known within: as a mean of them is. */
function widthsOf(fresh: readonly SensorHistory[]): Pick<ZoneReading, "within_k" | "silent_k"> {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const within_k = mean(fresh.map(({ known }) => widthOfReading_k(known)));
  const silent = fresh.map(({ known }) => widthOfSilence_k(known) ?? Number.NaN);
  const silent_k = mean(silent);
  return {
    within_k: within_k > 0 ? within_k : undefined,
    silent_k: Number.isNaN(silent_k) ? undefined : silent_k,
  };
}

function habitMessage(known: KnownHabit): NonNullable<RoomState["habit"]> {
  const { kind, interval_ms, checkIn_ms, resolution_k, threshold_k } = known;
  return {
    kind,
    interval_s: interval_ms / 1000,
    ...(checkIn_ms !== undefined && { check_in_s: checkIn_ms / 1000 }),
    ...(resolution_k !== undefined && { resolution: resolution_k }),
    ...(threshold_k !== undefined && { threshold: threshold_k }),
  };
}

/**
 * The mean of rooms by the power of their heaters. A room that does not count at the moment is taken to differ from
 * the others as it did last: its silence moves nothing.
 */
function createPowerMean(power_w: ReadonlyMap<string, number>): (fresh: readonly Reading[]) => number {
  const difference_k = new Map<string, number>(); // from the mean of all
  return (fresh) => {
    const isFresh = new Set(fresh.map(({ room }) => room));
    let sum = 0;
    let weight = 0;
    for (const { room, metrics } of fresh) {
      sum += power_w.get(room)! * metrics.temperature;
      weight += power_w.get(room)!;
    }
    for (const [room, last_k] of difference_k) if (!isFresh.has(room)) sum += power_w.get(room)! * last_k;
    const mean_c = sum / weight;
    for (const { room, metrics } of fresh) difference_k.set(room, metrics.temperature - mean_c);
    return mean_c;
  };
}

function count<T>(values: Iterable<T>, isCounted: (value: T) => boolean): number {
  let counted = 0;
  for (const value of values) if (isCounted(value)) counted++;
  return counted;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
}
