/** What comfort is asked for when the core starts. */
import { defaultRequests, newHomeRequests, scheduleAlone } from "@azru/comfort";
import { type ComfortRequests, type ComfortSettings, timeMsOf } from "@azru/contracts";
import type { Building } from "@azru/simulation";

/** What set-up asked for, and when. */
export interface DescribedComfort {
  readonly settings: ComfortSettings;
  readonly writtenMs: number; // wall time
}

interface FirstRequestsOptions {
  readonly building: Pick<Building, "comfort">;
  readonly described: DescribedComfort | undefined;
  readonly isSimulated: boolean;
}

/**
 * What is remembered, unless set-up was answered after it; where nothing is, what set-up asked for, or what is usual.
 * A simulated home keeps the building file's ceiling, as replays do, and its clock says nothing of when set-up was
 * answered.
 */
export function firstRequests(
  remembered: ComfortRequests | undefined,
  { building, described, isSimulated }: FirstRequestsOptions,
): ComfortRequests {
  if (described === undefined) {
    return remembered ?? (isSimulated ? defaultRequests : newHomeRequests)(building, 0);
  }
  const { settings, writtenMs } = described;
  if (remembered === undefined) return scheduleAlone(settings, isSimulated ? 0 : writtenMs);
  const isNewer = !isSimulated && writtenMs > timeMsOf(remembered.changed_at);
  if (!isNewer) return remembered;
  const { of } = remembered.settings; // which set-up does not ask
  return { ...remembered, settings: { ...(of && { of }), ...settings } };
}
