/** The warmest that the people of a home accept, by day and while they sleep. */
import type { ComfortSettings } from "@azru/contracts";
import { homeDay, homeInstant } from "@azru/runtime";

/** The highest of the two ceilings; the building's where nobody has said what is too warm, degrees C. */
export function highestCeiling_c({ warmest }: ComfortSettings, building_c: number): number {
  return warmest === undefined ? building_c : Math.max(warmest.day_c, warmest.night_c);
}

/** The ceiling in force at an instant, degrees C. Times of the night are those of Europe/Paris. */
export function ceilingAt_c({ warmest }: ComfortSettings, timeMs: number, building_c: number): number {
  if (warmest === undefined) return building_c;
  const { day_c, night_c, night_from, night_until } = warmest;
  const day = homeDay(timeMs);
  const isAfter = (time: string) => timeMs >= homeInstant(day, time);
  const isNight =
    night_from < night_until
      ? isAfter(night_from) && !isAfter(night_until)
      : isAfter(night_from) || !isAfter(night_until);
  return isNight ? night_c : day_c;
}

/**
 * The ceilings of as many steps as there are setpoints, from `startMs` on: of each step the lower that holds within
 * it, and never below what is asked for.
 *
 * @param setpoints_c of the same steps
 */
export function stepCeilings_c(
  settings: ComfortSettings,
  building_c: number,
  { startMs, step_ms }: { readonly startMs: number; readonly step_ms: number },
  setpoints_c: Float64Array,
): Float64Array {
  return setpoints_c.map((setpoint_c, k) => {
    const fromMs = startMs + k * step_ms;
    const first_c = ceilingAt_c(settings, fromMs, building_c);
    const last_c = ceilingAt_c(settings, fromMs + step_ms - 1, building_c);
    return Math.max(setpoint_c, Math.min(first_c, last_c));
  });
}
