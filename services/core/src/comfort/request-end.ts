import { comfortCourse, scheduleAlone } from "@azru/comfort";
import type { ComfortSettings, Preset } from "@azru/contracts";
import { hourMs } from "@azru/runtime";

const minute_ms = 60_000;
const boost_ms = hourMs;
const longest_ms = 24 * hourMs;

/**
 * When what is asked for now ends: after its duration; without one at the schedule's next change, within a day, and a
 * boost after an hour.
 */
export function requestEndMs(
  preset: Preset | null,
  settings: ComfortSettings,
  nowMs: number,
  duration_min: number | undefined,
): number {
  if (duration_min !== undefined) return nowMs + duration_min * minute_ms;
  if (preset === "boost") return nowMs + boost_ms;
  return comfortCourse(scheduleAlone(settings, nowMs), nowMs, nowMs + longest_ms)[0].endMs;
}
