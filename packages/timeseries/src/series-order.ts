/** The order in which every store gives its series: by tags, then by field. */
import type { Series } from "./store.ts";

type Identity = Pick<Series, "tags" | "field">;

/** Sorts in place, and returns the array. */
export function sortSeries<T extends Identity>(series: T[]): T[] {
  const keys = new Map(series.map((s) => [s, keyOf(s)]));
  return series.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
}

function keyOf({ tags, field }: Identity): string {
  return `${tagSetKey(tags)}\0${field}`;
}

/** Equal for equal tag sets. NUL is in no name and sorts before all, so that fewer tags come first. */
export function tagSetKey(tags: Series["tags"]): string {
  const names = Object.keys(tags).sort();
  return names.map((name) => `${name}\0${tags[name]}\0`).join("");
}
