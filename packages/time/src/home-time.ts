/** The home's time: Europe/Paris. */
import { Temporal } from "temporal-polyfill";

const home = "Europe/Paris";

export const hourMs = 3_600_000;
/** 24 hours; a day of the home has 23 or 25 where clocks change. */
export const dayMs = 24 * hourMs;

/**
 * Reads an instant: `2026-02-01`, `2026-02-01T06:00`, or with an offset (`Z`, `+01:00`). Without one it is
 * Europe/Paris; of an hour that comes twice in autumn it is the first.
 *
 * @returns Unix time, ms
 * @throws RangeError when the text is not ISO 8601, or a time that spring's change of clocks leaves out
 */
export function parseHomeTime(text: string): number {
  if (/T.*(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text)) return instantOf(text).epochMilliseconds;
  const local = localOf(text);
  const time = local.toZonedDateTime(home);
  if (!time.toPlainDateTime().equals(local)) {
    throw new RangeError(`must be a time that exists in ${home}, where clocks skip it in spring`);
  }
  return time.epochMilliseconds;
}

/**
 * The instant at which clocks in Europe/Paris come to a time of a day: of one that comes twice in autumn the
 * first, and for one that spring skips the change of clocks.
 *
 * @param day such as `2026-02-01`
 * @param time such as `06:30`
 * @throws RangeError where they are none
 */
export function homeInstant(day: string, time: string): number {
  const text = `${day}T${time}`;
  let instantMs = instantsMs.get(text);
  if (instantMs === undefined) {
    instantMs = firstInstantOf(Temporal.PlainDateTime.from(text));
    if (instantsMs.size >= mostInstants) instantsMs.clear();
    instantsMs.set(text, instantMs);
  }
  return instantMs;
}

// Time zone rules cost tens of microseconds an instant. A schedule asks for the same few again at each decision, and
// whoever learns from a month asks for thousands.
const instantsMs = new Map<string, number>();
const mostInstants = 4096;
const offsetsMs = new Map<number, number>();

function firstInstantOf(local: Temporal.PlainDateTime): number {
  const zoned = local.toZonedDateTime(home);
  if (zoned.toPlainDateTime().equals(local)) return zoned.epochMilliseconds;
  const before = local.toZonedDateTime(home, { disambiguation: "earlier" });
  return before.getTimeZoneTransition("next")!.epochMilliseconds;
}

/** The calendar day in Europe/Paris, `2026-02-01`. */
export function homeDay(timeMs: number): string {
  return homeTime(timeMs).toPlainDate().toString();
}

/** Date and time in Europe/Paris, `2026-02-01 06:00`. */
export function homeMinute(timeMs: number): string {
  return homeTime(timeMs).toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}

/** Hour of the day in Europe/Paris, 0 to 24, with its fraction. */
export function homeHour(timeMs: number): number {
  const hour = Math.floor(timeMs / hourMs);
  let offsetMs = offsetsMs.get(hour);
  if (offsetMs === undefined) {
    offsetMs = homeTime(hour * hourMs).offsetNanoseconds / 1e6;
    offsetsMs.set(hour, offsetMs);
  }
  return ((timeMs + offsetMs) / hourMs) % 24;
}

function homeTime(timeMs: number): Temporal.ZonedDateTime {
  // Temporal refuses parts of a millisecond.
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs)).toZonedDateTimeISO(home);
}

function instantOf(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch (cause) {
    throw noTime(cause);
  }
}

function localOf(text: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text);
  } catch (cause) {
    throw noTime(cause);
  }
}

function noTime(cause: unknown): unknown {
  if (!(cause instanceof RangeError)) return cause;
  return new RangeError("must be an ISO 8601 time such as 2026-02-01T06:00", { cause });
}
