/**
 * What a point may look like so that both stores keep it exactly. Line protocol has no escape for a control
 * character or a backslash in a name, reads a line that begins with "#" as a comment, and InfluxDB keeps
 * names that begin with "_", and "time", for itself.
 *
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
import type { Point } from "@azru/contracts";

/** The years that InfluxDB's 64-bit nanoseconds hold as a whole, as Unix ms. */
export const minTimeMs = Date.UTC(1678, 0, 1);
export const maxTimeMs = Date.UTC(2262, 0, 1);

const maxTextBytes = 65_535; // InfluxDB's limit of a string field

const unwantedInName = /^[_#]|[\p{Cc}\p{Surrogate}\\]|^time$|^$/u;
const unwantedInTagValue = /[\p{Cc}\p{Surrogate}\\]|^$/u;
/**
 * Flux loses an empty text that it reads from InfluxDB's cache, and gives the texts after it at the times
 * before theirs (https://github.com/influxdata/influxdb/issues/26916); NUL ends a text in libsql; CSV, the
 * language of Flux results, reads "\r\n" as "\n".
 */
const unwantedInText = /[\0\r\p{Surrogate}]|^$/u;

/**
 * Checks that a point can be stored.
 *
 * @throws RangeError naming the field and its value
 */
export function checkPoint(point: Point): void {
  const { measurement, tags, fields, timeMs } = point;
  checkName("point.measurement", measurement);
  if (!Number.isInteger(timeMs) || timeMs < minTimeMs || timeMs >= maxTimeMs) {
    throw new RangeError(`point.timeMs must be whole Unix milliseconds of 1678 to 2261, got ${timeMs}`);
  }
  for (const tag of Object.keys(tags)) {
    checkName("point.tags", tag);
    checkTagValue(`point.tags.${tag}`, tags[tag]);
  }
  const names = Object.keys(fields);
  if (names.length === 0) throw new RangeError(`point.fields must not be empty (measurement ${measurement})`);
  for (const name of names) {
    checkName("point.fields", name);
    checkFieldValue(`point.fields.${name}`, fields[name]);
  }
}

function checkName(what: string, name: unknown): void {
  if (typeof name !== "string" || unwantedInName.test(name)) {
    throw new RangeError(
      `${what}: a name must not be empty or "time", begin with "_" or "#", or contain a control character or backslash, got ${show(name)}`,
    );
  }
}

function checkTagValue(what: string, value: unknown): void {
  if (typeof value !== "string" || unwantedInTagValue.test(value)) {
    throw new RangeError(
      `${what} must be text that is not empty, without control character or backslash, got ${show(value)}`,
    );
  }
}

function checkFieldValue(what: string, value: unknown): void {
  switch (typeof value) {
    case "boolean":
      return;
    case "number":
      if (!Number.isFinite(value)) throw new RangeError(`${what} must be finite, got ${value}`);
      return;
    case "string":
      if (unwantedInText.test(value)) {
        throw new RangeError(
          `${what} must not be empty or contain NUL, "\\r" or half a character, got ${show(value)}`,
        );
      }
      if (Buffer.byteLength(value) > maxTextBytes) {
        throw new RangeError(
          `${what} must be at most ${maxTextBytes} bytes, got ${Buffer.byteLength(value)}`,
        );
      }
      return;
    default:
      throw new RangeError(`${what} must be a number, text or boolean, got ${show(value)}`);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
