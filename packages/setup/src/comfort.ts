/** The weekly schedule and the setpoints that follow from the answers. */
import type { ComfortSettings, Schedule, SetupAnswers } from "@azru/contracts";

const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
/** What a vacation keeps where the night is not cooler, degrees C. */
const vacation_c = 14;

export function comfortSettingsOf(answers: SetupAnswers): ComfortSettings {
  const { coolest_day_c, coolest_night_c, warmest_day_c, warmest_night_c, wake, sleep } = answers;
  const eco_c = Math.min(coolest_night_c, coolest_day_c);
  const day: Schedule["monday"] = [
    { time: wake, preset: "comfort" as const },
    { time: sleep, preset: "eco" as const },
  ].sort((a, b) => a.time.localeCompare(b.time));
  return {
    presets_c: { eco: eco_c, comfort: coolest_day_c, boost: Math.min(coolest_day_c + 2, warmest_day_c) },
    away_c: null,
    vacation_c: Math.min(vacation_c, eco_c),
    schedule: Object.fromEntries(week.map((name) => [name, day])) as unknown as Schedule,
    warmest: { day_c: warmest_day_c, night_c: warmest_night_c, night_from: sleep, night_until: wake },
  };
}
