/** A home that is described in a folder, for tests and for the reference pages. */
import type { Setup } from "../routes/setup.ts";

export function describedIn(dataFolder: string, changes: Partial<Setup> = {}): Setup {
  return {
    dataFolder,
    overriddenBy: [],
    asksFirst: () => false,
    isSimulated: false,
    restart: () => undefined,
    ...changes,
  };
}
