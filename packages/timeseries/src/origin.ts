/** Keeps the points of a simulated home apart from those of a real one in the same store. */
import type { Point } from "@azru/contracts";
import type { TimeSeriesStore } from "./store.ts";

/** Whose points: those of the digital twin carry a tag, those of a real home none. */
export type Origin = "simulated" | "real";

const tag = "simulated";
const mark = { [tag]: "true" };

/** The tags that a query needs to find an origin's points alone. */
export function tagsOf(origin: Origin): Readonly<Record<string, string | null>> {
  return origin === "simulated" ? mark : { [tag]: null };
}

/**
 * The store as a home of one origin sees it: it writes points of that origin and finds no others. A simulated home
 * lives faster than the clock, so its points lie ahead of a real home's in time; without this, "the latest" would be
 * a simulated one for years.
 */
export function storeOf(store: TimeSeriesStore, origin: Origin): TimeSeriesStore {
  const isSimulated = origin === "simulated";
  const own = tagsOf(origin);
  const marked = (points: readonly Point[]) =>
    isSimulated ? points.map((point) => ({ ...point, tags: { ...point.tags, ...mark } })) : points;
  return {
    get description() {
      return store.description;
    },
    get stats() {
      return store.stats;
    },
    write: (points) => store.write(marked(points)),
    flush: () => store.flush(),
    query: async (query) => (await store.query({ ...query, tags: { ...query.tags, ...own } })).map(unmarked),
    last: async (selection) =>
      (await store.last({ ...selection, tags: { ...selection.tags, ...own } })).map(unmarked),
    tagValues: (measurement, name) => store.tagValues(measurement, name),
    purge: (selection) =>
      store.purge(isSimulated ? { ...selection, tags: { ...selection.tags, ...mark } } : selection),
    close: () => store.close(),
  };
}

function unmarked<T extends { readonly tags: Readonly<Record<string, string>> }>(found: T): T {
  const { [tag]: _, ...tags } = found.tags;
  return { ...found, tags };
}
