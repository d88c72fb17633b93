/** Comfort in words. */
import type { ComfortRule, Preset } from "@azru/contracts";
import { homeDay, homeMinute } from "@azru/runtime";

/** A time of the home for people: of today the time alone. */
function homeTimeText(timeMs: number, nowMs: number): string {
  const text = homeMinute(timeMs);
  return homeDay(timeMs) === homeDay(nowMs) ? text.slice(-5) : text;
}

/** What holds, who asked for it and until when. */
export function comfortReason(
  { setpoint_c, rule, preset }: { setpoint_c: number; rule: ComfortRule; preset: Preset | null },
  untilMs: number | undefined,
  nowMs: number,
): string {
  const until = untilMs === undefined ? "" : ` until ${homeTimeText(untilMs, nowMs)}`;
  return `${who(rule, preset)}: at least ${setpoint_c.toFixed(1)} degrees${until}`;
}

function who(rule: ComfortRule, preset: Preset | null): string {
  switch (rule) {
    case "temporary":
      return preset === null ? "a setpoint asked for" : `${preset} asked for`;
    case "vacation":
      return "vacation";
    case "away":
      return "nobody is home";
    case "schedule":
      return `schedule, ${preset}`;
  }
}
