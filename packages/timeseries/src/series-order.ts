/** The order in which every store gives its series: by tags, then by field. */
import type { Series } from "./store.ts";

type Identity = Pick<Series, "tags" | "field">;

/** Sorts in place, and returns the array. */
export function sortSeries<T extends Identity>(series: T[]): T[] {
  const keys = new Map(series.map((s) => [s, keyOf(s)]));
  return series.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
}

/** NUL sorts before every character of a name, so that fewer tags come first. */
function keyOf({ tags, field }: Identity): string {
  const names = Object.keys(tags).sort();
  return `${names.map((name) => `${name}\0${tags[name]}\0`).join("")}\0${field}`;
}
