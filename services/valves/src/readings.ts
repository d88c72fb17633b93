/** What the thermometers of a room measure together. */
import type { SensorMetrics } from "@azru/contracts";
import type { DeviceState } from "./zigbee/payloads.ts";

interface Reading {
  temperature_c?: number;
  measuredMs?: number;
  battery_percent?: number;
  opening_percent?: number;
  isWindowOpen?: boolean;
  isOnline: boolean;
}

export interface Readings {
  /** @returns whether a temperature that counts for the room was in it, or a window was opened or shut */
  add(device: string, state: DeviceState, nowMs: number): boolean;
  setOnline(device: string, isOnline: boolean): void;
  /** What a device itself measures, degrees C. */
  localOf(device: string): number | undefined;
  /** The room's temperature, degrees C; nothing when no reading is recent. */
  temperatureAt(nowMs: number, maxAge_ms?: number): number | undefined;
  /** What to publish for Azru; nothing without a temperature. */
  metricsAt(nowMs: number): SensorMetrics | undefined;
}

/**
 * @param thermometers devices whose mean is the room's temperature
 * @param maxAge_ms age from which a reading no longer counts
 */
export function createReadings(thermometers: readonly string[], maxAge_ms: number): Readings {
  const readings = new Map<string, Reading>();
  const of = (device: string) => {
    let reading = readings.get(device);
    if (!reading) {
      reading = { isOnline: true };
      readings.set(device, reading);
    }
    return reading;
  };
  const temperatureAt = (nowMs: number, age_ms = maxAge_ms) =>
    mean(
      thermometers.flatMap((device) => {
        const { temperature_c, measuredMs = Number.NEGATIVE_INFINITY, isOnline } = of(device);
        return temperature_c !== undefined && isOnline && nowMs - measuredMs <= age_ms ? [temperature_c] : [];
      }),
    );
  return {
    add(device, { temperature_c, battery_percent, opening_percent, isWindowOpen }, nowMs) {
      const reading = of(device);
      const isTurned = isWindowOpen !== undefined && isWindowOpen !== reading.isWindowOpen;
      if (isWindowOpen !== undefined) reading.isWindowOpen = isWindowOpen;
      if (battery_percent !== undefined) reading.battery_percent = battery_percent;
      if (opening_percent !== undefined) reading.opening_percent = opening_percent;
      if (temperature_c === undefined) return isTurned;
      reading.temperature_c = temperature_c;
      reading.measuredMs = nowMs;
      return isTurned || thermometers.includes(device);
    },
    setOnline(device, isOnline) {
      of(device).isOnline = isOnline;
    },
    localOf: (device) => readings.get(device)?.temperature_c,
    temperatureAt,
    metricsAt(nowMs) {
      const temperature = temperatureAt(nowMs);
      if (temperature === undefined) return undefined;
      const all = [...readings.values()];
      const openings = all.flatMap(({ opening_percent }) => opening_percent ?? []);
      const batteries = all.flatMap(({ battery_percent }) => battery_percent ?? []);
      const windows = all.flatMap(({ isWindowOpen, isOnline }) => (isOnline ? (isWindowOpen ?? []) : []));
      return {
        temperature: hundredths(temperature),
        ...(windows.length > 0 && { window_open: Number(windows.some(Boolean)) }),
        ...(openings.length > 0 && { valve_position: hundredths(mean(openings)!) }),
        ...(batteries.length > 0 && { battery: Math.min(...batteries) }),
      };
    },
  };
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
