/** Whether thermometers and heating can be trusted: each room that decides is held against the model of the house. */
import { outputOf } from "@azru/house";
import {
  createHouseWatch,
  type Finding,
  type HouseWatch,
  type HouseWatchMemory,
  withoutSuspicion,
} from "@azru/identification";
import { hourMs, type Logger } from "@azru/runtime";
import type { Disturbances } from "@azru/simulation";
import type { HouseModel } from "./house-model.ts";
import { isPartlyFelt } from "./partly-felt.ts";
import type { Reading } from "./reading.ts";
import { Samples } from "./samples.ts";
import { shifted } from "./shifted.ts";
import { type WatchedModel, watchedModel } from "./watched-model.ts";

export interface DoubtOptions {
  readonly model: HouseModel;
  /** Rooms whose temperature decides. */
  readonly rooms: readonly string[];
  /** For how long a measured outdoor temperature counts for more than the one foreseen. */
  readonly freshFor_ms: number;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Of before the start. */
  readonly memory?: DoubtMemory | undefined;
}

/** Why a room's thermometer is not trusted. */
export interface ThermometerDoubt {
  readonly sinceMs: number;
  readonly expected_c: number;
}

/**
 * How a temperature comes to contradict the model: at once, by more than anything moves the air, or over hours and
 * days, in which the model may be wrong as well.
 */
export type Contradiction = "jump" | "course";

/** What is wrong with the heating. */
export interface HeatingDoubt {
  readonly fault: "not_heating" | "not_stopping";
  readonly sinceMs: number; // home time
  readonly measured_c: number;
  readonly expected_c: number;
  /** Of heating that does not heat: share of the heat ordered that is felt, 0 to 1; undefined where nobody knows. */
  readonly felt?: number | undefined;
}

/** What is kept over a restart. */
export interface DoubtMemory {
  readonly atMs: number; // home time
  readonly rooms: Readonly<Record<string, HouseWatchMemory>>;
  readonly heating?: HeatingDoubt | undefined;
  readonly thermometers: Readonly<Record<string, ThermometerDoubt>>;
}

/** A time of which nothing can be learnt, home time. */
export interface DoubtedTime {
  readonly startMs: number;
  endMs: number;
}

interface Room {
  readonly samples: Samples;
  watch: HouseWatch;
}

/** Without an order for longer, nobody knows what the heating did: the last one is no longer valid. */
const heatKnown_ms = hourMs;
/** A core that was stopped for no longer goes on with what it suspected: the house is about where it was. */
const longestStop_ms = 6 * hourMs;
/** Half of the departure from which a slow fault is one. */
const slowMargin_k = 2.5;
/** Nothing lifts or cools the air by more within minutes, beside the heating. */
const sudden_k = 5;

/** What has been found so far. */
export type DoubtFindings = Pick<
  Doubt,
  "heating" | "times" | "contradiction" | "holdAbove_k" | "mayBeStove" | "valveFor" | "memory"
>;

export class Doubt {
  readonly #options: DoubtOptions;
  readonly #rooms = new Map<string, Room>();
  /** Heat and outdoor temperature. */
  readonly #samples: Samples;
  #model: WatchedModel;
  #foreseen: Disturbances | undefined;
  #atMs = Number.NEGATIVE_INFINITY;
  #heating: HeatingDoubt | undefined;
  #thermometers = new Map<string, ThermometerDoubt>();
  #times: DoubtedTime[] = [];
  /** Until the first step. */
  #remembered: DoubtMemory | undefined;

  constructor(options: DoubtOptions) {
    this.#options = options;
    this.#model = watchedModel(options.model);
    this.#samples = new Samples(options.freshFor_ms);
    for (const room of options.rooms) {
      const watch = createHouseWatch(this.#model.house, options.memory?.rooms[room]);
      this.#rooms.set(room, { samples: new Samples(options.freshFor_ms), watch });
    }
    this.#remembered = options.memory;
    this.#heating = options.memory?.heating;
    this.#thermometers = new Map(
      Object.entries(options.memory?.thermometers ?? {}).filter(([room]) => this.#rooms.has(room)),
    );
  }

  /** To be kept for the next start; undefined before the first step. */
  get memory(): DoubtMemory | undefined {
    if (this.#remembered) return this.#remembered;
    if (this.#atMs === Number.NEGATIVE_INFINITY) return undefined;
    return {
      atMs: this.#atMs,
      rooms: Object.fromEntries([...this.#rooms].map(([room, { watch }]) => [room, watch.memory])),
      heating: this.#heating,
      thermometers: Object.fromEntries(this.#thermometers),
    };
  }

  /**
   * @param theta_e_c outdoor temperature that the reading has, where it counts
   * @param air whether the room's window is open: then its air says nothing of thermometer and heating; and what the
   * temperature is known within
   */
  measure(
    { room, timeMs, metrics }: Reading,
    theta_e_c: number | undefined,
    { isOpen, within_k }: { readonly isOpen: boolean; readonly within_k: number },
  ): void {
    const { maxPower_w } = this.#model;
    this.#samples.add(timeMs, { theta_e_c }, maxPower_w);
    const air = isOpen ? {} : { theta_air_c: metrics.temperature, within_k };
    this.#rooms.get(room)?.samples.add(timeMs, air, maxPower_w);
  }

  /** A room's thermometer is silent while little changes: its last reading holds until now, within a width. */
  hold(
    room: string,
    timeMs: number,
    held: { readonly theta_air_c: number; readonly within_k: number },
  ): void {
    this.#rooms.get(room)?.samples.add(timeMs, held, this.#model.maxPower_w);
  }

  /** What the model expected of a room's air in the step just past; undefined where nothing is known or judged. */
  expectedIn(room: string): HouseWatch["expected"] {
    return this.#rooms.get(room)?.watch.expected;
  }

  /** The heating was ordered to give so much heat from an instant on. */
  order(timeMs: number, phi_HC_w: number): void {
    this.#samples.order(timeMs, phi_HC_w);
  }

  foresee(weather: Disturbances): void {
    this.#foreseen = weather;
  }

  /**
   * Goes on to an instant, a multiple of the step.
   *
   * @param isJudged false while the model of the house has not proved itself
   */
  advance(instantMs: number, isJudged: boolean): void {
    this.#goOnFrom(instantMs);
    const foreseen = this.#foreseen;
    const isFollowed = this.#atMs <= instantMs && instantMs - this.#atMs <= heatKnown_ms;
    const isCovered = foreseen && foreseen.startMs <= this.#atMs && isFollowed;
    if (isCovered && isJudged) {
      const step_ms = this.#step_ms;
      const endMs = Math.min(instantMs, foreseen.startMs + foreseen.theta_e_c.length * step_ms);
      for (let ms = this.#atMs; ms + step_ms <= endMs; ms += step_ms) this.#live(foreseen, ms);
      this.#judge(instantMs);
    } else if (!isJudged || (this.#atMs !== Number.NEGATIVE_INFINITY && foreseen)) {
      this.#restart();
    }
    this.#atMs = instantMs;
    this.#samples.forgetBefore(instantMs);
    for (const { samples } of this.#rooms.values()) samples.forgetBefore(instantMs);
  }

  /** After a short stop what was suspected is suspected still; after a long one the house may be anywhere. */
  #goOnFrom(instantMs: number): void {
    const before = this.#remembered;
    this.#remembered = undefined;
    if (!before) return;
    const stopped_ms = instantMs - before.atMs;
    if (stopped_ms < 0 || stopped_ms > longestStop_ms) this.#restart();
  }

  /** Why a room's thermometer is not trusted; undefined where it is. */
  thermometer(room: string): ThermometerDoubt | undefined {
    return this.#thermometers.get(room);
  }

  /** Undefined while the heating does what it is ordered to do. */
  get heating(): HeatingDoubt | undefined {
    return this.#heating;
  }

  /** Times in which thermometer or heating were doubted, of which nothing can be learnt. */
  get times(): readonly DoubtedTime[] {
    return this.#times;
  }

  /**
   * What the model has against a temperature now; undefined where it can be.
   *
   * @param theta_air_c what the thermometers say; undefined where none is trusted
   */
  contradiction(theta_air_c: number | undefined): Contradiction | undefined {
    const suspicious = [...this.#rooms.values()].filter(({ watch }) => watch.isSuspicious);
    if (suspicious.some(({ watch }) => watch.hasJumped)) return "jump";
    if (this.#thermometers.size > 0 || suspicious.length > 0) return "course";
    const now = this.#now;
    if (!now || theta_air_c === undefined) return undefined;
    const shut_c = now.air_c(0);
    const lowest_c = shut_c - sudden_k;
    const highest_c = now.air_c(this.#model.maxPower_w) + sudden_k;
    return theta_air_c < lowest_c || theta_air_c > highest_c ? "jump" : undefined;
  }

  /**
   * So much above its floor a home is held by the model, K: a thermometer that drifts and a house that loses more than
   * it did look alike over days, and neither may end far from the floor.
   */
  get holdAbove_k(): number {
    return [...this.#rooms.values()].some(({ watch }) => watch.mayLoseMore) ? slowMargin_k : 0;
  }

  /** Whether all that the model contradicts is a home that is warmer than its heating makes it, as with a stove. */
  get mayBeStove(): boolean {
    const suspicious = [...this.#rooms.values()].filter(({ watch }) => watch.isSuspicious);
    return (
      this.#thermometers.size === 0 &&
      suspicious.length > 0 &&
      suspicious.every(({ watch }) => watch.mayBeStove)
    );
  }

  /** Valve, 0 to 1, that brings the air to a temperature in the step that begins, by the model; undefined where nothing is known. */
  valveFor(theta_air_c: number): number | undefined {
    const now = this.#now;
    if (!now) return undefined;
    const shut_c = now.air_c(0);
    const open_c = now.air_c(this.#model.maxPower_w);
    return Math.max(0, Math.min(1, (theta_air_c - shut_c) / (open_c - shut_c)));
  }

  changeModel(next: HouseModel): void {
    this.#samples.scaleHeat(next.maxPower_w / this.#model.maxPower_w);
    this.#model = watchedModel(next);
    for (const room of this.#rooms.values()) room.watch = createHouseWatch(this.#model.house);
    this.#restart();
  }

  /** The house in the step that begins: a doubted one by the model alone. */
  get #now(): { air_c(phi_HC_w: number): number } | undefined {
    const foreseen = this.#foreseen;
    const watches = [...this.#rooms.values()].map(({ watch }) => watch);
    const { house } = watches.find(({ isSuspicious }) => isSuspicious) ?? watches[0] ?? {};
    if (!foreseen || !house) return undefined;
    const k = Math.round((this.#atMs - foreseen.startMs) / this.#step_ms);
    if (!(k >= 0 && k < foreseen.theta_e_c.length)) return undefined;
    const forces = this.#model.forcesOf(foreseen, k);
    const acting = { ...forces, phi_int_w: forces.phi_int_w + house.unknown_w };
    return { air_c: (phi_HC_w) => outputOf(this.#model.house.model, house.x_c, phi_HC_w, acting) };
  }

  /** Home time was set, by whole steps. */
  shiftTime(shift_ms: number): void {
    this.#samples.shiftTime(shift_ms);
    for (const { samples } of this.#rooms.values()) samples.shiftTime(shift_ms);
    this.#atMs += shift_ms;
    this.#foreseen = this.#foreseen && shifted(this.#foreseen, shift_ms);
    const later = <T extends { readonly sinceMs: number }>(doubt: T) => ({
      ...doubt,
      sinceMs: doubt.sinceMs + shift_ms,
    });
    this.#heating = this.#heating && later(this.#heating);
    this.#thermometers = new Map([...this.#thermometers].map(([room, doubt]) => [room, later(doubt)]));
  }

  get #step_ms(): number {
    return this.#model.house.model.dtSeconds * 1000;
  }

  #restart(): void {
    for (const room of this.#rooms.values())
      room.watch = createHouseWatch(this.#model.house, withoutSuspicion(room.watch.memory));
    this.#thermometers.clear();
    this.#heating = undefined;
  }

  #live(foreseen: Disturbances, startMs: number): void {
    const k = Math.round((startMs - foreseen.startMs) / this.#step_ms);
    const endMs = startMs + this.#step_ms;
    const forces = this.#model.forcesOf(foreseen, k);
    const theta_e_c = this.#samples.outdoor_c(startMs, endMs, forces.theta_e_c) ?? forces.theta_e_c;
    const phi_HC_w = this.#samples.meanHeat_w(startMs, endMs, this.#step_ms);
    for (const { samples, watch } of this.#rooms.values()) {
      const { theta_air_c, within_k } = samples.air(startMs, endMs) ?? {};
      watch.advance({ ...forces, theta_e_c, phi_HC_w, theta_air_c, within_k });
    }
  }

  /** Heating that fails is felt in every room, a thermometer that fails in one. */
  #judge(instantMs: number): void {
    const found = [...this.#rooms].flatMap(([room, { watch }]) =>
      watch.finding ? [{ room, ...watch.finding }] : [],
    );
    const ofHeating = found.filter(({ fault }) => fault !== "thermometer");
    const isHeating = ofHeating.length > this.#rooms.size / 2;
    const [first] = isHeating ? ofHeating : [];
    const before = this.#heating;
    this.#heating = first && {
      fault: first.fault === "noHeat" ? "not_heating" : "not_stopping",
      sinceMs: before?.sinceMs ?? instantMs - 1000 * first.age_s,
      measured_c: first.measured_c,
      expected_c: first.expected_c,
      felt: first.felt ?? before?.felt,
    };
    const wrong = found.filter(({ fault }) => fault === "thermometer" || !isHeating);
    this.#noteThermometers(instantMs, wrong);
    this.#logHeating(before);
    if (found.length > 0) this.#noteTime(instantMs, Math.max(...found.map(({ age_s }) => age_s)));
  }

  #noteThermometers(instantMs: number, wrong: readonly (Finding & { readonly room: string })[]): void {
    const { log } = this.#options;
    const before = this.#thermometers;
    this.#thermometers = new Map(
      wrong.map(({ room, age_s, expected_c }) => [
        room,
        { sinceMs: before.get(room)?.sinceMs ?? instantMs - 1000 * age_s, expected_c },
      ]),
    );
    for (const { room, measured_c, expected_c } of wrong) {
      if (!before.has(room))
        log.warn(
          { room, measured_c, expected_c },
          "the thermometer is doubted: the house cannot have what it says",
        );
    }
    for (const room of before.keys())
      if (!this.#thermometers.has(room)) log.info({ room }, "the thermometer is trusted again");
  }

  #logHeating(before: HeatingDoubt | undefined): void {
    const { log } = this.#options;
    const now = this.#heating;
    if (now && now.fault !== before?.fault) {
      const { measured_c, expected_c } = now;
      log.warn(
        { measured_c, expected_c, reason: heatingReason(now) },
        "the heating does not do what it is ordered to do",
      );
    }
    if (!now && before) log.info("the heating does again what it is ordered to do");
  }

  #noteTime(instantMs: number, age_s: number): void {
    const last = this.#times.at(-1);
    if (last && last.endMs >= instantMs - 1000 * age_s) last.endMs = instantMs;
    else this.#times = [...this.#times.slice(-99), { startMs: instantMs - 1000 * age_s, endMs: instantMs }];
  }
}

/** What is wrong with the heating, in words. */
export function heatingReason(doubt: HeatingDoubt): string {
  const { fault, measured_c, expected_c, felt = 0 } = doubt;
  const compared = `it is ${measured_c.toFixed(1)} °C where the house should have ${expected_c.toFixed(1)} °C by its model`;
  if (fault === "not_heating" && isPartlyFelt(doubt))
    return `About ${Math.round(10 * felt) * 10} % of the heat ordered is felt: ${compared}. Is one of several heaters off, its own dial down, a window open?`;
  return fault === "not_heating"
    ? `Heat is ordered and not felt: ${compared}. Is a breaker off, a valve stuck, the radiator's own dial down, a window open?`
    : `Heat is felt that was not ordered: ${compared}. Is a valve stuck open, does something else heat, is the thermometer near a heater or in the sun?`;
}
