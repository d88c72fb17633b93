import { Temporal } from "temporal-polyfill";

const home = "Europe/Paris";

/**
 * Reads an instant: `2026-02-01`, `2026-02-01T06:00`, or with an offset (`Z`, `+01:00`). Without one it is
 * Europe/Paris.
 *
 * @returns Unix time, ms
 * @throws RangeError when the text is not ISO 8601
 */
export function parseStart(text: string): number {
  if (/T.*(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  return Temporal.PlainDateTime.from(text).toZonedDateTime(home).epochMilliseconds;
}

/** The calendar day in Europe/Paris, `2026-02-01`. */
export function homeDay(timeMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(home).toPlainDate().toString();
}
