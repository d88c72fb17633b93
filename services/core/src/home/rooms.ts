/** The rooms, each with its last reading, and what they say together. */
import { isoTimeOf, type RoomState } from "@azru/contracts";
import type { Reading } from "./reading.ts";
import { type Distrust, heldValue, jumpOf, type SensorHistory, type TrustLimits, trustOf } from "./trust.ts";

/** What the rooms that can be trusted say of the heated zone. */
export interface ZoneReading {
  /** Median over the rooms: with three or more, one that is wrong cannot move it far. */
  readonly theta_air_c: number;
  /** Of the latest reading. */
  readonly timeMs: number;
  readonly rooms: readonly string[];
}

export interface Rooms {
  /** Takes a reading; false where it is older than the one we have. */
  accept(reading: Reading, nowMs: number): boolean;
  states(nowMs: number): RoomState[];
  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined;
  /** How often `zone` found that a room which it had not found so before cannot be trusted. */
  readonly distrusted: Readonly<Record<Distrust, number>>;
}

/** Rooms, none yet. */
export function createRooms(limits: TrustLimits): Rooms {
  const { staleAfter_ms } = limits;
  const last = new Map<string, SensorHistory>();
  const found = new Map<string, RoomState["status"]>();
  const distrusted: Record<Distrust, number> = { stale: 0, frozen: 0, implausible: 0 };

  function isFresh(reading: SensorHistory, nowMs: number): boolean {
    const { status } = trustOf(reading, nowMs, limits);
    if (status !== "fresh" && found.get(reading.room) !== status) distrusted[status]++;
    found.set(reading.room, status);
    return status === "fresh";
  }

  return {
    distrusted,
    accept(reading, nowMs) {
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
    states: (nowMs) =>
      [...last.values()].map((reading) => ({
        room: reading.room,
        time: isoTimeOf(reading.timeMs),
        age_s: Math.max(0, (nowMs - reading.timeMs) / 1000),
        ...trustOf(reading, nowMs, limits),
        metrics: reading.metrics,
      })),
    zone(nowMs) {
      const fresh = [...last.values()].filter((reading) => isFresh(reading, nowMs));
      if (fresh.length === 0) return undefined;
      return {
        theta_air_c: median(fresh.map(({ metrics }) => metrics.temperature)),
        timeMs: Math.max(...fresh.map(({ timeMs }) => timeMs)),
        rooms: fresh.map(({ room }) => room),
      };
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
}
