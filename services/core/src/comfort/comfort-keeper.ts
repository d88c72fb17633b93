/** What is wished for now: told through the API, kept in the store, and ended when its time is up. */
import { comfortCourse, isAway, type Stretch, settled, stepSetpoints_c } from "@azru/comfort";
import {
  type ComfortInForce,
  type ComfortResponse,
  type ComfortSettings,
  type ComfortWishes,
  type ControlPresetBody,
  type ControlSetpointBody,
  type ControlVacationBody,
  isoTimeOf,
  type Preset,
  timeMsOf,
} from "@azru/contracts";
import { type Clock, type Logger, parseHomeTime } from "@azru/runtime";
import type { Building } from "@azru/simulation";
import type { Events } from "../events.ts";
import type { Recorder } from "../record/recorder.ts";
import { comfortReason } from "./sentence.ts";

export interface ComfortKeeperOptions {
  readonly building: Pick<Building, "comfort">;
  /** Of an earlier life. */
  readonly wishes: ComfortWishes;
  readonly clock: Clock;
  readonly recorder: Pick<Recorder, "wishes" | "comfort">;
  readonly events: Events;
  readonly log: Logger;
  /** Somebody wishes for something else, told in words. */
  readonly onChange: (cause: string) => void;
  /** Another wish begins to hold because its time has come. */
  readonly onTurn: (cause: string) => void;
}

/** Times are home time; what cannot be wished for throws a RangeError that names the field. */
export interface ComfortKeeper {
  setSettings(settings: ComfortSettings): ComfortResponse;
  setPreset(body: ControlPresetBody): ComfortResponse;
  setSetpoint(body: ControlSetpointBody): ComfortResponse;
  setPresence(isPresent: boolean): ComfortResponse;
  setVacation(body: ControlVacationBody): ComfortResponse;
  endVacation(): ComfortResponse;
  readonly inForce: ComfortInForce;
  readonly response: ComfortResponse;
  /** When somebody last wished for something else. */
  readonly changedMs: number;
  /** See `stepSetpoints_c`. */
  setpoints_c(startMs: number, step_ms: number, count: number, fromMs: number): Float64Array;
  /** Stores what holds at an instant, and the distance that plans keep from it, K, where that is known. */
  record(timeMs: number, margin_k?: number): void;
  close(): void;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const ahead_ms = 7 * dayMs;
const boost_ms = 60 * minuteMs;
const longestOpenEnd_ms = dayMs;
const longestVacation_ms = 366 * dayMs;

export function createComfortKeeper(options: ComfortKeeperOptions): ComfortKeeper {
  const { building, clock, recorder, events, log } = options;
  const { max_c } = building.comfort;
  let wishes = options.wishes;
  let cancelTurn = scheduleTurn();

  function course(nowMs: number): Stretch[] {
    return comfortCourse(wishes, nowMs, nowMs + ahead_ms);
  }

  function scheduleTurn(): () => void {
    const nowMs = clock.now();
    const [now] = course(nowMs);
    return clock.scheduleAt(now.endMs, () => {
      const before = JSON.stringify(wishes);
      wishes = settled(wishes, clock.now());
      if (JSON.stringify(wishes) !== before) recorder.wishes(wishes, clock.now());
      cancelTurn = scheduleTurn();
      if (!isSameWish(now, course(clock.now())[0])) tell(options.onTurn);
    });
  }

  function tell(decide: (cause: string) => void): void {
    const { reason } = inForce();
    record(clock.now());
    log.info({ comfort: inForce() }, `comfort: ${reason}`);
    events.publish({ event: "comfort", data: response() });
    decide(`comfort: ${reason}`);
  }

  function set(next: Partial<ComfortWishes>): ComfortResponse {
    const nowMs = clock.now();
    cancelTurn();
    wishes = { ...settled(wishes, nowMs), ...next, changed_at: isoTimeOf(nowMs) };
    cancelTurn = scheduleTurn();
    recorder.wishes(wishes, nowMs);
    tell(options.onChange);
    return response();
  }

  function inForce(): ComfortInForce {
    const nowMs = clock.now();
    const [now] = course(nowMs);
    const untilMs = now.endMs < nowMs + ahead_ms ? now.endMs : undefined;
    return {
      setpoint_c: now.setpoint_c,
      rule: now.rule,
      preset: now.preset,
      until: untilMs === undefined ? null : isoTimeOf(untilMs),
      reason: comfortReason(now, untilMs, nowMs),
    };
  }

  function response(): ComfortResponse {
    const nowMs = clock.now();
    const { settings, temporary, vacation } = settled(wishes, nowMs);
    return {
      settings,
      present: !isAway(wishes, nowMs),
      temporary,
      vacation,
      in_force: inForce(),
      max_c,
      ahead: course(nowMs).map(({ startMs, endMs, ...wish }) => ({
        start: isoTimeOf(startMs),
        end: isoTimeOf(endMs),
        ...wish,
      })),
    };
  }

  function record(timeMs: number, margin_k?: number): void {
    const [now] = comfortCourse(wishes, timeMs, timeMs + 1);
    recorder.comfort(now, max_c, margin_k, timeMs);
  }

  function setTemporary(
    preset: Preset | null,
    setpoint_c: number,
    duration_min: number | undefined,
  ): ComfortResponse {
    const nowMs = clock.now();
    const until = duration_min === undefined ? openEndMs(preset, nowMs) : nowMs + duration_min * minuteMs;
    return set({ temporary: { preset, setpoint_c, since: isoTimeOf(nowMs), until: isoTimeOf(until) } });
  }

  function openEndMs(preset: Preset | null, nowMs: number): number {
    if (preset === "boost") return nowMs + boost_ms;
    const scheduleAlone = { ...wishes, temporary: null, vacation: null, away_since: null };
    return comfortCourse(scheduleAlone, nowMs, nowMs + longestOpenEnd_ms)[0].endMs;
  }

  function checkSetpoint(field: string, setpoint_c: number): void {
    if (setpoint_c <= max_c) return;
    throw new RangeError(
      `${field} must be <= ${max_c}, comfort.max_c of the building file, got ${setpoint_c}`,
    );
  }

  return {
    setSettings(settings) {
      const { presets_c, away_c, vacation_c } = settings;
      for (const [preset, setpoint_c] of Object.entries(presets_c)) {
        checkSetpoint(`body.presets_c.${preset}`, setpoint_c);
      }
      if (away_c !== null) checkSetpoint("body.away_c", away_c);
      checkSetpoint("body.vacation_c", vacation_c);
      const { temporary } = wishes;
      const follows = temporary?.preset
        ? { ...temporary, setpoint_c: presets_c[temporary.preset] }
        : temporary;
      return set({ settings, temporary: follows });
    },
    setPreset({ preset, duration_min }) {
      if (preset === "schedule") return set({ temporary: null });
      return setTemporary(preset, wishes.settings.presets_c[preset], duration_min);
    },
    setSetpoint({ setpoint_c, duration_min }) {
      checkSetpoint("body.setpoint_c", setpoint_c);
      return setTemporary(null, setpoint_c, duration_min);
    },
    setPresence(isPresent) {
      const nowMs = clock.now();
      if (isPresent === !isAway(wishes, nowMs)) return response();
      return set({ away_since: isPresent ? null : isoTimeOf(nowMs) });
    },
    setVacation({ from, until, setpoint_c = wishes.settings.vacation_c }) {
      const nowMs = clock.now();
      checkSetpoint("body.setpoint_c", setpoint_c);
      const fromMs = from === undefined ? nowMs : instantOf("body.from", from);
      const untilMs = instantOf("body.until", until);
      if (untilMs <= nowMs) throw new RangeError(`body.until must lie ahead, got ${until}`);
      if (untilMs <= fromMs) throw new RangeError(`body.until must be after body.from, got ${until}`);
      if (untilMs - nowMs > longestVacation_ms) {
        throw new RangeError(`body.until must lie within a year, got ${until}`);
      }
      return set({ vacation: { from: isoTimeOf(fromMs), until: isoTimeOf(untilMs), setpoint_c } });
    },
    endVacation: () => (settled(wishes, clock.now()).vacation ? set({ vacation: null }) : response()),
    get inForce() {
      return inForce();
    },
    get response() {
      return response();
    },
    get changedMs() {
      return timeMsOf(wishes.changed_at);
    },
    setpoints_c: (startMs, step_ms, count, fromMs) =>
      stepSetpoints_c(wishes, startMs, step_ms, count, fromMs),
    record,
    close: () => cancelTurn(),
  };
}

function isSameWish(a: Stretch, b: Stretch): boolean {
  return a.rule === b.rule && a.preset === b.preset && a.setpoint_c === b.setpoint_c;
}

function instantOf(field: string, text: string): number {
  try {
    return parseHomeTime(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${field} ${error.message}, got ${text}`, { cause: error });
  }
}
