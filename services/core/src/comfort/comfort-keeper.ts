/** What comfort the home must have now: requested through the API, stored, and ended when its time is up. */
import {
  ceilingAt_c,
  comfortCourse,
  highestCeiling_c,
  isAway,
  isSameRequest,
  type Stretch,
  settled,
  stepCeilings_c,
  stepSetpoints_c,
} from "@azru/comfort";
import {
  type ComfortInForce,
  type ComfortRequests,
  type ComfortResponse,
  type ComfortSettings,
  type ComfortTemperature,
  type ControlPresetBody,
  type ControlSetpointBody,
  type ControlVacationBody,
  type ControlWarmest,
  isoTimeOf,
  type Preset,
  type RoomRequest,
  timeMsOf,
  type Warmest,
} from "@azru/contracts";
import { type Clock, type ClockChange, dayMs, parseHomeTime } from "@azru/runtime";
import { requestEndMs } from "./request-end.ts";
import { comfortReason } from "./sentence.ts";

/** What changes about comfort; times are home time. */
export type ComfortEvent =
  | { readonly kind: "comfortRequests"; readonly requests: ComfortRequests; readonly timeMs: number }
  | { readonly kind: "comfort"; readonly response: ComfortResponse; readonly timeMs: number };

/** The setpoint that holds at an instant, and the rule that gave it. */
export type ComfortAt = Pick<ComfortInForce, "setpoint_c" | "rule" | "preset">;

export interface ComfortKeeperOptions {
  /** Ceiling of the building file, where nobody has said what is too warm. */
  readonly max_c: number;
  /** What is to be as warm by the building file, where nobody has said it. */
  readonly of?: ComfortTemperature | undefined;
  /** Those in force at the start. */
  readonly requests: ComfortRequests;
  readonly clock: Clock;
  readonly publish: (event: ComfortEvent) => void;
  /** The requests have changed; `cause` in words. */
  readonly onChange: (cause: string) => void;
  /** Another request is in force because its time has come. */
  readonly onTurn: (cause: string) => void;
}

const ahead_ms = 7 * dayMs;
const longestVacation_ms = 366 * dayMs;

/** Times are home time; a request that cannot be met throws a RangeError that names the field. */
export class ComfortKeeper {
  readonly #options: ComfortKeeperOptions;
  #requests: ComfortRequests;
  #cancelTurn: () => void;
  readonly #stopFollowing: () => void;
  readonly #startMs: number;

  constructor(options: ComfortKeeperOptions) {
    this.#options = options;
    this.#requests = options.requests;
    this.#startMs = options.clock.now();
    this.#cancelTurn = this.#scheduleTurn();
    this.#stopFollowing = options.clock.onChange((change) => this.#shiftRequests(change));
  }

  setSettings(asked: ComfortSettings): ComfortResponse {
    const { warmest, of } = this.#requests.settings;
    const settings = { ...(warmest && { warmest }), ...(of && { of }), ...asked };
    const { presets_c, away_c, vacation_c } = settings;
    for (const [preset, setpoint_c] of Object.entries(presets_c)) {
      this.checkSetpoint(`body.presets_c.${preset}`, setpoint_c, settings);
    }
    if (away_c !== null) this.checkSetpoint("body.away_c", away_c, settings);
    this.checkSetpoint("body.vacation_c", vacation_c, settings);
    const { temporary } = this.#requests;
    const follows = temporary?.preset ? { ...temporary, setpoint_c: presets_c[temporary.preset] } : temporary;
    return this.#set({ settings, temporary: follows });
  }

  /** Another warmest acceptable; what is not named stays. */
  setWarmest(asked: ControlWarmest): ComfortResponse {
    const { settings } = this.#requests;
    const { max_c } = this.#options;
    const usual: Warmest = { day_c: max_c, night_c: max_c, night_from: "22:00", night_until: "07:00" };
    const known = settings.warmest ?? usual;
    const { day_c = known.day_c, night_c = known.night_c } = asked;
    const warmest = { ...known, day_c, night_c };
    const { comfort } = settings.presets_c;
    if (warmest.day_c < comfort) {
      throw new RangeError(`body.day_c must be >= ${comfort}, the comfort preset, got ${warmest.day_c}`);
    }
    return this.setSettings({ ...settings, warmest });
  }

  setPreset({ preset, duration_min }: ControlPresetBody): ComfortResponse {
    if (preset === "schedule") return this.#set({ temporary: null });
    return this.#setTemporary(preset, this.#requests.settings.presets_c[preset], duration_min);
  }

  setSetpoint({ setpoint_c, duration_min }: ControlSetpointBody): ComfortResponse {
    this.checkSetpoint("body.setpoint_c", setpoint_c);
    return this.#setTemporary(null, setpoint_c, duration_min);
  }

  /** What is asked for in one room; null: as the home again. */
  setRoom(name: string, asked: RoomRequest | null): ComfortResponse {
    const { [name]: _, ...others } = this.#requests.rooms ?? {};
    return this.#set({ rooms: asked ? { ...others, [name]: asked } : others });
  }

  setPresence(isPresent: boolean): ComfortResponse {
    const nowMs = this.#nowMs;
    if (isPresent === !isAway(this.#requests, nowMs)) return this.response;
    return this.#set({ away_since: isPresent ? null : isoTimeOf(nowMs) });
  }

  setVacation(body: ControlVacationBody): ComfortResponse {
    const { from, until, setpoint_c = this.#requests.settings.vacation_c } = body;
    const nowMs = this.#nowMs;
    this.checkSetpoint("body.setpoint_c", setpoint_c);
    const fromMs = from === undefined ? nowMs : instantOf("body.from", from);
    const untilMs = instantOf("body.until", until);
    if (untilMs <= nowMs) throw new RangeError(`body.until must lie ahead, got ${until}`);
    if (untilMs <= fromMs) throw new RangeError(`body.until must be after body.from, got ${until}`);
    if (untilMs - nowMs > longestVacation_ms) {
      throw new RangeError(`body.until must lie within a year, got ${until}`);
    }
    return this.#set({ vacation: { from: isoTimeOf(fromMs), until: isoTimeOf(untilMs), setpoint_c } });
  }

  endVacation(): ComfortResponse {
    const { vacation } = settled(this.#requests, this.#nowMs);
    return vacation ? this.#set({ vacation: null }) : this.response;
  }

  get inForce(): ComfortInForce {
    const nowMs = this.#nowMs;
    const [now] = this.#course(nowMs);
    const untilMs = now.endMs < nowMs + ahead_ms ? now.endMs : undefined;
    return {
      setpoint_c: now.setpoint_c,
      rule: now.rule,
      preset: now.preset,
      until: untilMs === undefined ? null : isoTimeOf(untilMs),
      reason: comfortReason(now, untilMs, nowMs),
    };
  }

  get response(): ComfortResponse {
    const nowMs = this.#nowMs;
    const { settings, temporary, vacation, rooms = {} } = settled(this.#requests, nowMs);
    return {
      settings,
      present: !isAway(this.#requests, nowMs),
      temporary,
      vacation,
      rooms,
      in_force: this.inForce,
      of: this.of,
      max_c: this.ceilingAt_c(nowMs),
      ahead: this.#course(nowMs).map(({ startMs, endMs, ...comfort }) => ({
        start: isoTimeOf(startMs),
        end: isoTimeOf(endMs),
        ...comfort,
      })),
    };
  }

  /** Those in force. */
  get requests(): ComfortRequests {
    return this.#requests;
  }

  /** What is to be as warm as asked for. */
  get of(): ComfortTemperature {
    return this.#requests.settings.of ?? this.#options.of ?? "air";
  }

  /** Ceiling of the building file, where nobody has said what is too warm. */
  get max_c(): number {
    return this.#options.max_c;
  }

  /** When the requests last changed. */
  get changedMs(): number {
    return timeMsOf(this.#requests.changed_at);
  }

  at(timeMs: number): ComfortAt {
    return comfortCourse(this.#requests, timeMs, timeMs + 1)[0];
  }

  /** See `stepSetpoints_c`. */
  setpoints_c(startMs: number, step_ms: number, count: number, fromMs: number): Float64Array {
    return stepSetpoints_c(this.#requests, startMs, step_ms, count, fromMs);
  }

  /** The warmest acceptable at an instant; never below what is asked for then. */
  ceilingAt_c(timeMs: number): number {
    const ceiling_c = ceilingAt_c(this.#requests.settings, timeMs, this.#options.max_c);
    return Math.max(ceiling_c, this.at(timeMs).setpoint_c);
  }

  /** See `stepCeilings_c`. */
  ceilings_c(startMs: number, step_ms: number, setpoints_c: Float64Array): Float64Array {
    return stepCeilings_c(this.#requests.settings, this.#options.max_c, { startMs, step_ms }, setpoints_c);
  }

  close(): void {
    this.#stopFollowing();
    this.#cancelTurn();
  }

  get #nowMs(): number {
    return this.#options.clock.now();
  }

  #course(nowMs: number): Stretch[] {
    return comfortCourse(this.#requests, nowMs, nowMs + ahead_ms);
  }

  #scheduleTurn(): () => void {
    const { clock, onTurn } = this.#options;
    const [now] = this.#course(clock.now());
    // What is over is kept, as a clock that was wrong may be set back into it; the course goes on without it.
    return clock.scheduleAt(now.endMs, () => {
      this.#cancelTurn = this.#scheduleTurn();
      if (!isSameRequest(now, this.#course(clock.now())[0])) this.#publishComfort(onTurn);
    });
  }

  /** What has started stays so, a temporary request lasts as long as before; all else goes by the calendar. */
  #shiftRequests({ fromMs, toMs, wasKnown }: ClockChange): void {
    const { temporary, vacation, away_since, changed_at } = this.#requests;
    const startBy = (time: string) => isoTimeOf(Math.min(timeMsOf(time), toMs));
    const later = (time: string) => isoTimeOf(timeMsOf(time) + toMs - fromMs);
    const hasStarted = (time: string) => timeMsOf(time) <= fromMs;
    const isOfThisRun = temporary !== null && timeMsOf(temporary.since) >= this.#startMs;
    const goesOn = temporary !== null && (wasKnown || isOfThisRun) && timeMsOf(temporary.until) > fromMs;
    const rooms = Object.entries(this.#requests.rooms ?? {}).map(([name, asked]): [string, RoomRequest] => [
      name,
      asked.until === null ? asked : { ...asked, since: later(asked.since), until: later(asked.until) },
    ]);
    const requests = {
      ...this.#requests,
      ...(rooms.length > 0 && { rooms: Object.fromEntries(rooms) }),
      away_since: away_since && startBy(away_since),
      changed_at: startBy(changed_at),
      vacation:
        vacation && hasStarted(vacation.from) ? { ...vacation, from: startBy(vacation.from) } : vacation,
      temporary: goesOn
        ? { ...temporary, since: later(temporary.since), until: later(temporary.until) }
        : temporary,
    };
    this.#requests = requests;
    this.#options.publish({ kind: "comfortRequests", requests, timeMs: toMs });
    this.#cancelTurn();
    this.#cancelTurn = this.#scheduleTurn();
    this.#publishComfort(this.#options.onTurn);
  }

  #publishComfort(decide: (cause: string) => void): void {
    const { response } = this;
    this.#options.publish({ kind: "comfort", response, timeMs: this.#nowMs });
    decide(`comfort: ${response.in_force.reason}`);
  }

  #set(changes: Partial<ComfortRequests>): ComfortResponse {
    const timeMs = this.#nowMs;
    this.#cancelTurn();
    this.#requests = { ...settled(this.#requests, timeMs), ...changes, changed_at: isoTimeOf(timeMs) };
    this.#cancelTurn = this.#scheduleTurn();
    this.#options.publish({ kind: "comfortRequests", requests: this.#requests, timeMs });
    this.#publishComfort(this.#options.onChange);
    return this.response;
  }

  #setTemporary(preset: Preset | null, setpoint_c: number, duration_min: number | undefined) {
    const nowMs = this.#nowMs;
    const untilMs = requestEndMs(preset, this.#requests.settings, nowMs, duration_min);
    return this.#set({
      temporary: { preset, setpoint_c, since: isoTimeOf(nowMs), until: isoTimeOf(untilMs) },
    });
  }

  /** @throws RangeError where a setpoint is above the warmest acceptable */
  checkSetpoint(field: string, setpoint_c: number, settings = this.#requests.settings): void {
    const max_c = highestCeiling_c(settings, this.#options.max_c);
    if (setpoint_c <= max_c) return;
    const whose = settings.warmest ? "the warmest acceptable" : "comfort.max_c of the building file";
    throw new RangeError(`${field} must be <= ${max_c}, ${whose}, got ${setpoint_c}`);
  }
}

function instantOf(field: string, text: string): number {
  try {
    return parseHomeTime(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${field} ${error.message}, got ${text}`, { cause: error });
  }
}
