/** A damaged file is kept, so that somebody can look at it, and nothing overwrites it. */
import { setAside } from "@azru/timeseries";

/** Renames the file at a path; what became of it, in words. */
export function keptAside(path: string, nowMs = Date.now()): string {
  try {
    const kept = setAside(path, nowMs);
    return kept === undefined ? "it is gone" : `it is kept as ${kept}`;
  } catch (error) {
    return `it cannot be renamed: ${error instanceof Error ? error.message : error}`;
  }
}
