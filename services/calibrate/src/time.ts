import { Temporal } from "temporal-polyfill";

const home = "Europe/Paris";

/**
 * Reads an instant: `2026-02-01`, `2026-02-01T06:00`, or with a zone (`Z`, `+01:00`). Without one it is
 * Europe/Paris.
 *
 * @returns Unix time, ms
 * @throws RangeError when the text is not ISO 8601
 */
export function parseInstant(text: string): number {
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.includes("T"))
    return Temporal.Instant.from(text).epochMilliseconds;
  return Temporal.PlainDateTime.from(text).toZonedDateTime(home).epochMilliseconds;
}

/** Date and time in Europe/Paris, `2026-02-01 06:00`. */
export function homeMinute(timeMs: number): string {
  const time = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(home);
  return time.toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}
