/** What the parts of comfort share: what is requested now, how a change is asked for, and the presets' names. */
import type { ComfortResponse } from "@azru/contracts";

export type Comfort = ComfortResponse;

/** Asks the core for a change of comfort: true where it was made. */
export type SendRequest = (
  path: string,
  body: object | undefined,
  method?: "POST" | "PUT" | "DELETE",
) => Promise<boolean>;

export const presets = ["eco", "comfort", "boost"] as const;

export const presetNames = {
  eco: "presetEco",
  comfort: "presetComfort",
  boost: "presetBoost",
} as const;

/** The highest temperature that may be asked for. */
export function highestOf({ max_c, settings: { warmest } }: Comfort): number {
  return warmest ? Math.max(warmest.day_c, warmest.night_c) : max_c;
}
