/** The past and what is planned, as the columns of one chart. Times are Unix seconds. */
import type {
  ComfortResponse,
  HistoryResponse,
  PlanResponse,
  StateResponse,
  TariffState,
} from "@azru/contracts";
import type { TariffSpan } from "@azru/page/browser/spans.ts";
import { midnightsBetween } from "./format.ts";

/** What was stored of the past; null where the store does not answer. */
export interface Past {
  readonly sensors: HistoryResponse;
  readonly actuators: HistoryResponse;
  readonly tariff: HistoryResponse;
  readonly comfort: HistoryResponse;
}

/** What was stored of the rooms that decide: the others are shown by themselves. */
export function ofDecidingRooms<T extends HistoryResponse | null>(
  history: T,
  { rooms }: Pick<StateResponse, "rooms">,
): T {
  const shownOnly = new Set(rooms.flatMap(({ room, decides }) => (decides ? [] : room)));
  return (
    history && { ...history, columns: history.columns.filter(({ tags }) => !shownOnly.has(tags.location)) }
  );
}

/** What an event carried; undefined where nobody knows it. */
export interface EventValues {
  readonly time_s: number;
  readonly measured_c: number | undefined;
  readonly valve_percent: number | undefined;
}

/** null is a gap; undefined an instant at which that column has no point, which its line passes by. */
type Column = (number | null | undefined)[];

export interface Course {
  readonly now_s: number;
  readonly min_s: number;
  readonly max_s: number;
  /** Beginnings of the days in sight, and of the one after. */
  readonly midnights_s: readonly number[];
  readonly time_s: number[];
  readonly measured_c: Column;
  readonly planned_c: Column;
  readonly valve_percent: Column;
  readonly plannedValve_percent: Column;
  readonly price_eur_kwh: Column;
  /** The setpoints: what was and is requested. */
  readonly setpoints: readonly Setpoint[];
  readonly spans: readonly TariffSpan[];
}

/** One setpoint from `start_s` to `end_s`. */
interface Setpoint {
  readonly start_s: number;
  readonly end_s: number;
  readonly min_c: number;
}

/** One value from each time to the next. */
interface Steps {
  readonly time_s: readonly number[];
  readonly value: readonly number[];
  readonly end_s: number;
}

const day_s = 86_400;
/** A measured line is broken where longer nothing came; of means, longer than a window. */
const gap_s = 3600;

/**
 * A day before and a day after now.
 *
 * @param measured_c the temperature now; undefined where nobody knows it
 * @param requests what is requested from now on
 * @param fromEvents by events, in order of time: what the past does not have yet
 */
export function courseOf(
  nowMs: number,
  past: Past | null,
  plan: PlanResponse | null,
  tariff: TariffState | null,
  measured_c: number | undefined,
  requests: ComfortResponse["ahead"],
  fromEvents: readonly EventValues[] = [],
): Course {
  const now_s = nowMs / 1000;
  return within(
    { now_s, min_s: now_s - day_s, max_s: now_s + day_s },
    { past, plan, tariff, measured_c, requests, fromEvents },
  );
}

/** A stretch of the past, up to `nowMs` where it reaches so far; null where nothing is known of it. */
export function pastCourseOf(
  past: Past | null,
  { startMs, endMs, nowMs }: { readonly startMs: number; readonly endMs: number; readonly nowMs: number },
): Course {
  const view = { now_s: nowMs / 1000, min_s: startMs / 1000, max_s: endMs / 1000 };
  const nothing = { plan: null, tariff: null, measured_c: undefined, requests: [], fromEvents: [] };
  return within(view, { past, ...nothing });
}

interface Known {
  readonly past: Past | null;
  readonly plan: PlanResponse | null;
  readonly tariff: TariffState | null;
  readonly measured_c: number | undefined;
  readonly requests: ComfortResponse["ahead"];
  readonly fromEvents: readonly EventValues[];
}

function within(
  { now_s, min_s, max_s }: Pick<Course, "now_s" | "min_s" | "max_s">,
  { past, plan, tariff, measured_c, requests, fromEvents }: Known,
): Course {
  const measured = temperatures(past, fromEvents, now_s, measured_c);
  const commands = withEvents(merged(past?.actuators, "valve_position", now_s), fromEvents);
  const ahead = planSteps(plan, now_s);
  const rates = tariff?.rates ?? [];
  const known_s = rates[0] ? seconds(rates[0].start) : Number.POSITIVE_INFINITY;
  const paid = merged(past?.tariff, "price", Math.min(now_s, known_s));
  const prices: Steps = {
    time_s: [
      ...paid.time_s.filter((time_s) => time_s < known_s),
      ...rates.map(({ start }) => seconds(start)),
    ],
    value: [...paid.value.filter((_, i) => paid.time_s[i] < known_s), ...rates.map(({ price }) => price)],
    end_s: rates.at(-1) ? seconds(rates.at(-1)!.end) : now_s,
  };
  const time_s = [
    ...new Set([
      ...measured.keys(),
      ...ahead.temperature_c.keys(),
      ...commands.time_s,
      ...ahead.valve.time_s,
      ...prices.time_s,
      ...[ahead.valve.end_s, prices.end_s, min_s, now_s, max_s],
    ]),
  ]
    .filter((one) => one >= min_s && one <= max_s)
    .sort((a, b) => a - b);
  return {
    now_s,
    min_s,
    max_s,
    midnights_s: midnightsBetween(min_s * 1000, max_s * 1000).map((timeMs) => timeMs / 1000),
    time_s,
    measured_c: time_s.map((one) => measured.get(one)),
    planned_c: time_s.map((one) => ahead.temperature_c.get(one)),
    valve_percent: time_s.map((one) => heldAt(commands, one)),
    plannedValve_percent: time_s.map((one) => heldAt(ahead.valve, one)),
    price_eur_kwh: time_s.map((one) => heldAt(prices, one)),
    setpoints: setpointsOf(past, requests, now_s).filter(
      ({ start_s, end_s }) => end_s > min_s && start_s < max_s,
    ),
    spans: [
      ...pastSpans(past?.tariff, Math.min(known_s, now_s)),
      ...rates.map(({ start, end, colour, period }) => ({
        start_s: seconds(start),
        end_s: seconds(end),
        colour: colour ?? null,
        isPeak: period === "peak",
      })),
    ],
  };
}

function setpointsOf(past: Past | null, requests: ComfortResponse["ahead"], now_s: number): Setpoint[] {
  const { time_s, value } = merged(past?.comfort, "min", now_s);
  const before = time_s.flatMap((start_s, i): Setpoint[] => {
    const end_s = Math.min(time_s[i + 1] ?? now_s, now_s);
    return end_s > start_s && end_s - start_s <= gap_s ? [{ start_s, end_s, min_c: value[i] }] : [];
  });
  const ahead = requests.flatMap(({ start, end, setpoint_c }): Setpoint[] => {
    const start_s = Math.max(seconds(start), now_s);
    return seconds(end) > start_s ? [{ start_s, end_s: seconds(end), min_c: setpoint_c }] : [];
  });
  return [...before, ...ahead];
}

/** The span that an instant lies in. */
export function spanAt(spans: readonly TariffSpan[], time_s: number): TariffSpan | undefined {
  return spans.find(({ start_s, end_s }) => start_s <= time_s && time_s < end_s);
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

/** Means over the rooms, with nulls in gaps. */
function temperatures(
  past: Past | null,
  fromEvents: readonly EventValues[],
  now_s: number,
  measured_c: number | undefined,
): Map<number, number | null> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { field, time, value } of past?.sensors.columns ?? []) {
    if (field !== "temperature") continue;
    for (const [i, one] of value.entries()) {
      if (typeof one !== "number") continue;
      const at_s = seconds(time[i]);
      const { sum, count } = sums.get(at_s) ?? { sum: 0, count: 0 };
      sums.set(at_s, { sum: sum + one, count: count + 1 });
    }
  }
  // A mean belongs to the middle of its window.
  const half_s = (past?.sensors.every_s ?? 0) / 2;
  const points = [...sums].map(([at_s, { sum, count }]): [number, number] => [at_s + half_s, sum / count]);
  const last_s = Math.max(Number.NEGATIVE_INFINITY, ...points.map(([at_s]) => at_s + half_s));
  for (const { time_s, measured_c } of fromEvents) {
    if (time_s > last_s && measured_c !== undefined) points.push([time_s, measured_c]);
  }
  const known = points.filter(([at_s]) => at_s < now_s).sort(([a], [b]) => a - b);
  if (measured_c !== undefined) known.push([now_s, measured_c]);
  const line = new Map<number, number | null>();
  const longest_s = Math.max(gap_s, 2 * half_s);
  let before_s = Number.POSITIVE_INFINITY;
  for (const [at_s, value] of known) {
    if (at_s - before_s > longest_s) line.set((at_s + before_s) / 2, null);
    line.set(at_s, value);
    before_s = at_s;
  }
  return line;
}

/** The columns of one field as one, in the order of time. */
function merged(history: HistoryResponse | undefined, field: string, end_s: number): Steps {
  const points: [number, number][] = [];
  for (const column of history?.columns ?? []) {
    if (column.field !== field) continue;
    for (const [i, value] of column.value.entries()) {
      if (typeof value === "number") points.push([seconds(column.time[i]), value]);
    }
  }
  points.sort(([a], [b]) => a - b);
  return { time_s: points.map(([time_s]) => time_s), value: points.map(([, value]) => value), end_s };
}

/** The commands stored, and those of events since. */
function withEvents({ time_s, value, end_s }: Steps, fromEvents: readonly EventValues[]): Steps {
  const last_s = time_s.at(-1) ?? Number.NEGATIVE_INFINITY;
  const since = fromEvents.flatMap(({ time_s: at_s, valve_percent }) =>
    at_s > last_s && at_s <= end_s && valve_percent !== undefined ? [{ at_s, valve_percent }] : [],
  );
  return {
    time_s: [...time_s, ...since.map(({ at_s }) => at_s)],
    value: [...value, ...since.map(({ valve_percent }) => valve_percent)],
    end_s,
  };
}

function planSteps(plan: PlanResponse | null, now_s: number) {
  const temperature_c = new Map<number, number>();
  if (!plan) return { temperature_c, valve: { time_s: [], value: [], end_s: now_s } };
  const { time, step_s, temperature, valve_position } = plan.plan;
  const times_s = time.map(seconds);
  for (const [k, at_s] of times_s.entries()) {
    const middle_s = at_s + step_s / 2;
    if (middle_s >= now_s) temperature_c.set(middle_s, temperature[k]);
  }
  const end_s = times_s[times_s.length - 1] + step_s;
  const first = times_s.findIndex((at_s) => at_s + step_s > now_s);
  const kept = first < 0 ? times_s.length : first;
  const time_s = times_s.slice(kept).map((at_s) => Math.max(at_s, now_s));
  return { temperature_c, valve: { time_s, value: valve_position.slice(kept), end_s } };
}

/** The value of the step that an instant lies in, its end included. */
function heldAt({ time_s, value, end_s }: Steps, at_s: number): number | null {
  if (at_s > end_s) return null;
  const i = time_s.findLastIndex((start_s) => start_s <= at_s);
  return i < 0 ? null : value[i];
}

/** From one stored point of the tariff to the next. */
function pastSpans(history: HistoryResponse | undefined, end_s: number): TariffSpan[] {
  const periods = history?.columns.find(({ field }) => field === "period");
  const colours = history?.columns.find(({ field }) => field === "colour");
  const colourOf = new Map(colours?.time.map((time, i) => [time, colours.value[i]]));
  const spans: TariffSpan[] = [];
  for (const [i, time] of (periods?.time ?? []).entries()) {
    const start_s = seconds(time);
    const until_s = Math.min(periods?.time[i + 1] ? seconds(periods.time[i + 1]) : end_s, end_s);
    if (!(until_s > start_s) || until_s === Number.POSITIVE_INFINITY) continue;
    const colour = colourOf.get(time);
    const isPeak = periods?.value[i] === "peak";
    const known = colour === "blue" || colour === "white" || colour === "red" || colour === "unknown";
    spans.push({ start_s, end_s: until_s, colour: known ? colour : null, isPeak });
  }
  return spans;
}
