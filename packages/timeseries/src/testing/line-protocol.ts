/**
 * Reads line protocol as InfluxDB does, numbers being floats.
 *
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
import type { Point } from "@azru/contracts";

/** @throws Error for a line that InfluxDB would refuse, or take for a comment */
export function parseLines(body: string): Point[] {
  const points: Point[] = [];
  let at = 0;

  /** The text up to one of the characters that is not escaped. */
  function upTo(ends: string): string {
    const start = at;
    while (at < body.length && !ends.includes(body[at])) at += body[at] === "\\" ? 2 : 1;
    if (at === start) throw new Error(`nothing before "${ends}" in ${JSON.stringify(body.slice(start))}`);
    return body.slice(start, at);
  }

  function skip(character: string): boolean {
    if (body[at] !== character) return false;
    at++;
    return true;
  }

  function expect(character: string): void {
    if (!skip(character)) throw new Error(`no "${character}" before ${JSON.stringify(body.slice(at))}`);
  }

  function fieldValue(): number | string | boolean {
    if (!skip('"')) return bareValue(upTo(", \n"));
    if (skip('"')) return "";
    const text = upTo('"').replace(/\\(["\\])/g, "$1");
    expect('"');
    return text;
  }

  while (at < body.length) {
    if ("# \t\n\0".includes(body[at])) throw new Error(`no point: ${JSON.stringify(body.slice(at))}`);
    const measurement = unescapeName(upTo(", "));
    const tags: Record<string, string> = {};
    while (skip(",")) {
      const tag = unescapeName(upTo("="));
      expect("=");
      tags[tag] = unescapeName(upTo(", "));
    }
    expect(" ");
    const fields: Record<string, number | string | boolean> = {};
    do {
      const field = unescapeName(upTo("="));
      expect("=");
      fields[field] = fieldValue();
    } while (skip(","));
    expect(" ");
    const time = upTo("\n");
    if (!/^-?\d+$/.test(time)) throw new Error(`no time: ${JSON.stringify(time)}`);
    skip("\n");
    points.push({ measurement, tags, fields, timeMs: Number(time) });
  }
  return points;
}

function bareValue(text: string): number | boolean {
  if (/^(t|T|true)$/.test(text)) return true;
  if (/^(f|F|false)$/.test(text)) return false;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  throw new Error(`no float and no boolean: ${JSON.stringify(text)}`);
}

function unescapeName(name: string): string {
  return name.replace(/\\([,= ])/g, "$1");
}
