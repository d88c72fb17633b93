/** The rooms, each with its last reading, and what those that decide say together. */
import { isoTimeOf, type RoomState } from "@azru/contracts";
import type { Logger } from "@azru/runtime";
import type { Reading } from "./reading.ts";
import {
  type Distrust,
  heldValue,
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
  /** Why the model of the house contradicts a room's thermometer; undefined where it does not. */
  readonly doubtOf?: (room: string, temperature_c: number) => Trust | undefined;
  readonly log: Pick<Logger, "warn">;
}

export interface Rooms {
  /** Takes a reading; false where it is older than the one we have, or of a room that there is no place for. */
  accept(reading: Reading, nowMs: number): boolean;
  states(nowMs: number): RoomState[];
  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined;
  /** Home time was set: what was measured lies as far back as before. */
  shiftTime(shift_ms: number): void;
  /** Readings of rooms that there was no place for. */
  readonly refused: number;
  /** How often `zone` found that a room which it had not found so before cannot be trusted. */
  readonly distrusted: Readonly<Record<Distrust, number>>;
}

/** Whether a reading counts, by itself and by the model of the house. */
function judged(
  reading: SensorHistory,
  nowMs: number,
  limits: TrustLimits & Pick<RoomLimits, "doubtOf">,
): Trust {
  const trust = trustOf(reading, nowMs, limits);
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
    get refused() {
      return refused;
    },
    accept(reading, nowMs) {
      if (!last.has(reading.room) && !hasPlace(reading.room, nowMs)) {
        refuse(reading.room);
        return false;
      }
      const before = last.get(reading.room);
      const clockJumpedBack = before !== undefined && before.timeMs > nowMs + staleAfter_ms;
      if (before && reading.timeMs < before.timeMs && !clockJumpedBack) return false;
      const { sinceMs } = heldValue(
        reading.metrics.temperature,
        reading.timeMs,
        before && { ...before, value: before.metrics.temperature },
        limits,
      );
      const jump = before && jumpOf(before, reading, limits);
      const interval_ms = before && Math.max(0, reading.timeMs - before.timeMs);
      last.set(reading.room, { ...reading, sinceMs, interval_ms, jump });
      return true;
    },
    shiftTime(shift_ms) {
      for (const [room, reading] of last) last.set(room, shiftedHistory(reading, shift_ms));
    },
    states: (nowMs) =>
      present(nowMs).map((reading) => ({
        room: reading.room,
        decides: decides(reading.room),
        time: isoTimeOf(reading.timeMs),
        age_s: Math.max(0, (nowMs - reading.timeMs) / 1000),
        ...judged(reading, nowMs, limits),
        metrics: reading.metrics,
      })),
    zone(nowMs) {
      const trusted = deciding.flatMap((room) => last.get(room) ?? []).filter((r) => isFresh(r, nowMs));
      const shut = trusted.filter(({ room }) => !limits.isOpen?.(room, nowMs));
      const fresh = shut.length > 0 ? shut : trusted;
      if (fresh.length === 0) return undefined;
      return {
        theta_air_c: meanByPower?.(fresh) ?? median(fresh.map(({ metrics }) => metrics.temperature)),
        timeMs: Math.max(...fresh.map(({ timeMs }) => timeMs)),
        rooms: fresh.map(({ room }) => room),
      };
    },
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
