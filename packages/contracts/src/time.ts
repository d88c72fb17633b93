/** Instants on the wire: ISO 8601 with an offset from UTC. */
import { z } from "zod";

/** An instant such as `2026-02-01T06:00:00Z` or `2026-02-01T07:00:00.250+01:00`, 1970 to 2199; the offset is required. */
export const isoTimeSchema = z.iso
  .datetime({
    offset: true,
    error: "must be an ISO 8601 time with an offset, such as 2026-02-01T06:00:00Z",
    abort: true,
  })
  .refine((time) => isWithinEra(timeMsOf(time)), { error: "must lie within the years 1970 to 2199" })
  .describe("ISO 8601 time with offset");

/** Beyond it a time is a fault, and from 2262 on no store could keep it. */
function isWithinEra(timeMs: number): boolean {
  return timeMs >= 0 && timeMs < Date.UTC(2200, 0);
}

/** A day of the calendar, `2026-02-01`. */
export const isoDateSchema = z.iso
  .date({ error: "must be a date, such as 2026-02-01" })
  .describe("day of the calendar");

/**
 * An instant as a person writes it: a day (its midnight) or a local time, Europe/Paris, or a time with an offset.
 * `parseHomeTime` of packages/runtime reads it.
 */
export const homeTimeSchema = z
  .string()
  .refine(isHomeTime, {
    error:
      "must be a time such as 2026-02-01T06:00 (Europe/Paris), 2026-02-01T06:00:00Z, or a day 2026-02-01",
  })
  .describe("time in Europe/Paris, or with an offset");

function isHomeTime(text: string): boolean {
  if (isoTimeSchema.safeParse(text).success) return true;
  const isLocal = z.iso.datetime({ local: true }).safeParse(text).success && !text.endsWith("Z");
  return (isLocal || isoDateSchema.safeParse(text).success) && isWithinEra(timeMsOf(text));
}

/** Unix time in ms of a validated `isoTime`. */
export function timeMsOf(time: string): number {
  return Date.parse(time);
}

/**
 * The wire form, in UTC, of a Unix time in ms.
 *
 * @throws RangeError when `timeMs` is not finite or beyond the range of dates
 */
export function isoTimeOf(timeMs: number): string {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) throw new RangeError(`timeMs must be a Unix time in ms, got ${timeMs}`);
  return date.toISOString();
}
