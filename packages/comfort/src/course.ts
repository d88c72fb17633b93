/** What is requested, as a course over time: the one place where it is decided which of them holds. */
import { type ComfortRequests, type ComfortRule, type Preset, timeMsOf } from "@azru/contracts";
import { type ScheduleChange, scheduleChanges } from "./schedule.ts";

/** A stretch in which one request holds, from `startMs` (inclusive) to `endMs` (exclusive), Unix time. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly setpoint_c: number;
  readonly rule: ComfortRule;
  readonly preset: Preset | null;
}

type RequestInForce = Omit<Stretch, "startMs" | "endMs">;

/**
 * The requests that cover `[startMs, endMs)` without gap or overlap, in order, neighbours differing. At each
 * instant the first of these that applies holds: the temporary request, the vacation, the setpoint of an
 * empty home, the schedule. A presence that is not set anew after a vacation's end is over with it.
 */
export function comfortCourse(requests: ComfortRequests, startMs: number, endMs: number): Stretch[] {
  const { temporary, vacation, away_since } = requests;
  const schedule = scheduleChanges(requests.settings.schedule, startMs, endMs);
  const turns = [temporary?.since, temporary?.until, vacation?.from, vacation?.until, away_since];
  const edges = [
    startMs,
    ...schedule.map(({ atMs }) => atMs),
    ...turns.flatMap((time) => (time ? timeMsOf(time) : [])),
  ];
  const starts = [...new Set(edges)].filter((edge) => edge >= startMs && edge < endMs).sort((a, b) => a - b);
  const course: Stretch[] = [];
  starts.forEach((fromMs, i) => {
    const stretch = {
      startMs: fromMs,
      endMs: starts[i + 1] ?? endMs,
      ...requestAt(requests, schedule, fromMs),
    };
    const before = course.at(-1);
    if (before && isSameRequest(before, stretch))
      course[course.length - 1] = { ...before, endMs: stretch.endMs };
    else course.push(stretch);
  });
  return course;
}

function requestAt(
  requests: ComfortRequests,
  schedule: readonly ScheduleChange[],
  timeMs: number,
): RequestInForce {
  const { settings, temporary, vacation } = requests;
  if (temporary && timeMs >= timeMsOf(temporary.since) && timeMs < timeMsOf(temporary.until)) {
    return { setpoint_c: temporary.setpoint_c, rule: "temporary", preset: temporary.preset };
  }
  if (vacation && timeMs >= timeMsOf(vacation.from) && timeMs < timeMsOf(vacation.until)) {
    return { setpoint_c: vacation.setpoint_c, rule: "vacation", preset: null };
  }
  if (isAway(requests, timeMs)) {
    const { away_c, presets_c } = settings;
    return away_c === null
      ? { setpoint_c: presets_c.eco, rule: "away", preset: "eco" }
      : { setpoint_c: away_c, rule: "away", preset: null };
  }
  const { preset } = schedule.findLast(({ atMs }) => atMs <= timeMs)!;
  return { setpoint_c: settings.presets_c[preset], rule: "schedule", preset };
}

/** Whether nobody is home: since somebody set it, until the end of a vacation that was set by then. */
export function isAway({ away_since, vacation }: ComfortRequests, timeMs: number): boolean {
  if (away_since === null || timeMs < timeMsOf(away_since)) return false;
  const returned = vacation && timeMs >= timeMsOf(vacation.until);
  return !(returned && timeMsOf(away_since) < timeMsOf(vacation.until));
}

/** Whether two ask for the same, for the same reason. */
export function isSameRequest(a: RequestInForce, b: RequestInForce): boolean {
  return a.rule === b.rule && a.preset === b.preset && a.setpoint_c === b.setpoint_c;
}

/**
 * The setpoints of `count` steps from `startMs` on: of each step the highest that holds within it.
 *
 * @param fromMs what was requested earlier no longer counts
 */
export function stepSetpoints_c(
  requests: ComfortRequests,
  startMs: number,
  step_ms: number,
  count: number,
  fromMs = startMs,
): Float64Array {
  const course = comfortCourse(requests, Math.max(startMs, fromMs), startMs + count * step_ms);
  const setpoints = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (const stretch of course) {
    const last = Math.min(count, Math.ceil((stretch.endMs - startMs) / step_ms));
    for (let k = Math.floor((stretch.startMs - startMs) / step_ms); k < last; k++) {
      setpoints[k] = Math.max(setpoints[k], stretch.setpoint_c);
    }
  }
  return setpoints;
}
