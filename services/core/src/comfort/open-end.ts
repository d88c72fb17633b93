import { comfortCourse, scheduleAlone } from "@azru/comfort";
import type { ComfortSettings, Preset } from "@azru/contracts";

const hour_ms = 3_600_000;
const boost_ms = hour_ms;
const longest_ms = 24 * hour_ms;

/** When what was asked for without a duration ends: at the schedule's next change, within a day; a boost after an hour. */
export function openEndMs(preset: Preset | null, settings: ComfortSettings, nowMs: number): number {
  if (preset === "boost") return nowMs + boost_ms;
  return comfortCourse(scheduleAlone(settings, nowMs), nowMs, nowMs + longest_ms)[0].endMs;
}
