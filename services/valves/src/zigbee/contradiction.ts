/** Where a device's report contradicts what it was sent. */
import type { SetMessage } from "./payloads.ts";

type Report = Readonly<Record<string, unknown>>;

/** What a device was sent, and how exactly its report repeats it. */
export interface Sent {
  readonly message: SetMessage;
  /** How far numbers of the report may be off. */
  readonly tolerance: number;
  /** Opening that was commanded; absent in the safe position and for what is no valve. */
  readonly opening_percent?: number;
}

/**
 * The first contradiction, in words for the log.
 *
 * A report repeats the properties that were set; beside that it may say that the device is off, fully open or
 * stopped by an open window although it was commanded otherwise.
 */
export function contradictionOf(
  { message, tolerance, opening_percent }: Sent,
  report: Report,
): string | undefined {
  for (const [property, value] of Object.entries(message)) {
    const reported = report[property];
    if (reported === undefined || reported === null || isSame(value, reported, tolerance)) continue;
    return `${property} is ${JSON.stringify(reported)} instead of ${JSON.stringify(value)}`;
  }
  if (opening_percent === undefined) return undefined;
  if (opening_percent > 0 && isOff(report)) return "it is off";
  if (opening_percent > 0 && isWindowOpen(report)) return "it says that a window is open";
  if (opening_percent <= 10 && openingOf(report) >= 90 && !("pi_heating_demand" in message))
    return "it is fully open";
  return undefined;
}

function isSame(value: string | number | boolean, reported: unknown, tolerance: number): boolean {
  if (typeof value === "number") return Math.abs(value - Number(reported)) <= tolerance;
  return String(value).toLowerCase() === String(reported).toLowerCase();
}

function isOff({ system_mode, preset }: Report): boolean {
  return system_mode === "off" || preset === "off";
}

/** Danfoss says it in `window_open_internal`, Tuya in `window` or `window_open`. */
function isWindowOpen({ window, window_open, window_open_internal }: Report): boolean {
  return (
    window_open === true ||
    String(window).toUpperCase() === "OPEN" ||
    ["open", "external_open"].includes(String(window_open_internal))
  );
}

function openingOf({ position, pi_heating_demand }: Report): number {
  return Number(position ?? pi_heating_demand ?? 0);
}
