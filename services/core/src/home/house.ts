/** The heated home as it is measured and estimated: rooms, walls, cost, and its baseline. */
import { type OptimalPlan, type RoomState, type SensorMetrics, timeMsOf } from "@azru/contracts";
import type { Forecast } from "@azru/control";
import type { HouseFilterMemory, MassEstimatorOptions } from "@azru/identification";
import { type Clock, hourMs, type Logger } from "@azru/runtime";
import { type Disturbances, heatingCop, type KnownHouse, type Standing } from "@azru/simulation";
import type { BaselineState, BaselineStep } from "./baseline.ts";
import { Doubt, type DoubtFindings, type DoubtMemory } from "./doubt.ts";
import { type Cost, createEnergyMeter, type EnergyMeter, type RatesIn } from "./energy-meter.ts";
import type { HomeEstimate, HomeEstimator, StoredEstimate } from "./home-estimate.ts";
import type { HouseModel } from "./house-model.ts";
import { createOutdoor } from "./outdoor.ts";
import { isPartlyFelt } from "./partly-felt.ts";
import type { Reading } from "./reading.ts";
import { createRooms, type RoomLimits, type Rooms, type ZoneReading } from "./rooms.ts";
import { SavingsMeter } from "./savings-meter.ts";
import type { SensorHabit } from "./sensor-habit.ts";
import type { Savings } from "./spending.ts";
import { StatesEstimator } from "./states-estimator.ts";
import { type Distrust, doubtedTrust, type Trust } from "./trust.ts";
import { createWindows, type OpenWindow, type Windows } from "./windows.ts";
import { ZoneEstimator } from "./zone-estimator.ts";

/** What is known of the home at the start. */
interface HouseMemory {
  /** The last of each room. */
  readonly readings: readonly Reading[];
  readonly plan?: {
    readonly requestedMs: number;
    readonly plan: Pick<OptimalPlan, "time" | "step_s" | "mass_temperature">;
  };
  readonly baseline?: BaselineState;
  readonly savings?: Savings | undefined;
  /** The last. */
  readonly estimate?: StoredEstimate;
  /** How the thermometers report, by room. */
  readonly habits?: Readonly<Record<string, SensorHabit>> | undefined;
  /** Of thermometers and heating. */
  readonly doubt?: DoubtMemory | undefined;
}

export interface HouseOptions {
  readonly model: HouseModel;
  /** The heated zone's room: its sensors measure power and cost, where any do. */
  readonly room: string;
  readonly staleAfter_ms: number;
  readonly frozenAfter_ms: number;
  /** Which rooms are kept, and which decide. */
  readonly rooms: Omit<RoomLimits, "log" | "isOpen" | "doubtOf" | "expectedIn" | "habits">;
  /** Distance that plans keep from the setpoint, in standard deviations of the air a step ahead. */
  readonly margin: number;
  /** What electricity costs, as it is known when the time is over. */
  readonly ratesIn: RatesIn;
  /** Home time: savings do not begin before it is known. Absent where it is never set. */
  readonly clock?: Pick<Clock, "isKnown" | "onChange">;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly memory: HouseMemory;
  /** What a house of several states knew of itself when the core was closed. */
  readonly houseMemory?: HouseFilterMemory | undefined;
}

/** The heated home. */
export class House {
  readonly #options: HouseOptions;
  readonly #rooms: Rooms;
  readonly #outdoor: ReturnType<typeof createOutdoor>;
  readonly #windows: Windows;
  readonly #mass: HomeEstimator;
  readonly #doubt: Doubt;
  readonly #meter: EnergyMeter;
  readonly #savings: SavingsMeter;
  #model: HouseModel;
  #energy_kwh = 0;
  #valve = 0;
  /** Last commands to the rooms that are heated by themselves, 0 to 1. */
  #roomValves: ReadonlyMap<string, number> = new Map();
  #theta_e_c = 0;
  /** Whether the heated zone's sensor measures power. */
  #measuresPower = false;
  /** Where the sensor's own meter of cost stands, EUR. */
  #billed_eur: number | undefined;

  constructor(options: HouseOptions) {
    const { model, room, memory, staleAfter_ms, frozenAfter_ms, margin, log } = options;
    this.#options = options;
    this.#model = model;
    const { deciding } = options.rooms;
    this.#doubt = new Doubt({
      model,
      rooms: deciding,
      freshFor_ms: staleAfter_ms,
      log,
      memory: memory.doubt,
    });
    const heatingLift_k = () => this.#model.step.dq * this.#model.maxPower_w;
    this.#windows = createWindows(staleAfter_ms);
    this.#rooms = createRooms({
      isOpen: (room, nowMs) => this.#windows.openIn(room, nowMs) !== undefined,
      staleAfter_ms,
      frozenAfter_ms,
      ...options.rooms,
      doubtOf: (name, temperature_c) => this.#doubtOf(name, temperature_c),
      expectedIn: (name) => this.#doubt.expectedIn(name),
      habits: memory.habits,
      log,
      get heatingLift_k() {
        return heatingLift_k();
      },
    });
    const newestFirst = memory.readings.toSorted((a, b) => b.timeMs - a.timeMs);
    for (const reading of newestFirst) this.#rooms.restore(reading);
    this.#outdoor = createOutdoor({ staleAfter_ms, frozenAfter_ms });
    this.#mass = isKnown(model)
      ? new StatesEstimator({ model, freshFor_ms: staleAfter_ms, memory: options.houseMemory, log })
      : new ZoneEstimator({
          model,
          freshFor_ms: staleAfter_ms,
          margin,
          log,
          stored: storedEstimate(memory),
          evidence: memory.estimate?.evidence,
        });
    const last = memory.readings.find((reading) => reading.room === room);
    this.#meter = createEnergyMeter(options.ratesIn, last?.metrics.heating_cost_cumulative);
    this.#savings = new SavingsMeter(memory);
    options.clock?.onChange(({ fromMs, toMs }) => this.#shiftTime(toMs - fromMs));
  }

  /** Takes a reading; what it cost, or undefined where it comes too late or there is no place for its room. */
  measure(reading: Reading, nowMs: number): Cost | undefined {
    if (!this.#rooms.accept(reading, nowMs)) return undefined;
    const valve = this.#reportedValve(reading, nowMs);
    this.#lookForWindow(reading, nowMs);
    const zone = this.#rooms.zone(nowMs);
    const isShut = zone?.rooms.every((room) => !this.#windows.openIn(room, nowMs));
    const theta_e_c = this.#outdoor.of(reading);
    this.#doubt.measure(reading, theta_e_c, {
      isOpen: this.#windows.openIn(reading.room, nowMs) !== undefined,
      within_k: this.#rooms.within_k(reading.room),
    });
    this.#mass.sample(reading.timeMs, {
      theta_air_c: isShut ? zone?.theta_air_c : undefined,
      within_k: zone?.within_k,
      theta_e_c,
      ...(valve !== undefined && { phi_HC_w: valve * this.#model.maxPower_w }),
    });
    return reading.room === this.#options.room ? this.#costOf(reading, nowMs) : {};
  }

  /** One bad reading is no warm air that an open window lets out: without a contact only what counts is looked at. */
  #lookForWindow(reading: Reading, nowMs: number): void {
    const hasContact = reading.metrics.window_open !== undefined;
    if (!hasContact && !this.#rooms.counts(reading.room, nowMs)) return;
    this.#windows.accept(reading, {
      valve: heatedNow(reading, this.#roomValves.get(reading.room) ?? this.#valve),
      lift_k: this.#model.step.dq * this.#model.maxPower_w,
    });
  }

  /** Rooms whose window stands open: they are not heated meanwhile, and nothing is learnt of them. */
  openWindows(nowMs: number): ReadonlyMap<string, OpenWindow> {
    return this.#windows.open(nowMs);
  }

  /** How far the heating is open, 0 to 1, by a reading that says so; the other rooms by their last, or their command. */
  #reportedValve({ room, metrics }: Reading, nowMs: number): number | undefined {
    const { power_w } = this.#options.rooms;
    const { valve_position } = metrics;
    if (valve_position === undefined) return undefined;
    if (!power_w) return room === this.#options.room ? valve_position / 100 : undefined;
    if (!power_w.has(room)) return undefined;
    const reported = this.#freshMetrics(nowMs);
    return meanByPower(power_w, (name) => {
      const percent = reported.get(name)?.valve_position;
      return percent === undefined ? (this.#roomValves.get(name) ?? 0) : percent / 100;
    });
  }

  /** Electric power of the heating where sensors measure it: the heated zone's, or together all heated rooms'. */
  #measuredPower_w({ power_consumption }: SensorMetrics, nowMs: number): number | undefined {
    const { power_w } = this.#options.rooms;
    if (!power_w) return power_consumption;
    const reported = this.#freshMetrics(nowMs);
    let sum = 0;
    for (const [room, rated_w] of power_w) {
      const commanded_w = (this.#roomValves.get(room) ?? 0) * rated_w;
      const measured_w = reported.get(room)?.power_consumption;
      sum += measured_w ?? commanded_w / heatingCop(this.#model.building, this.#theta_e_c);
    }
    return [...power_w.keys()].some((room) => reported.get(room)?.power_consumption !== undefined)
      ? sum
      : undefined;
  }

  #freshMetrics(nowMs: number): Map<string, Reading["metrics"]> {
    const fresh = this.#rooms.states(nowMs).filter(({ status }) => status !== "stale");
    return new Map(fresh.map(({ room, metrics }) => [room, metrics]));
  }

  rooms(nowMs: number): RoomState[] {
    return this.#rooms.states(nowMs);
  }

  /** Undefined where no room can be trusted. */
  zone(nowMs: number): ZoneReading | undefined {
    return this.#rooms.zone(nowMs);
  }

  /** Readings of rooms that there was no place for. */
  get refusedReadings(): number {
    return this.#rooms.refused;
  }

  /** How often a room's sensor was found not to be trusted. */
  get distrusted(): Readonly<Record<Distrust, number>> {
    return this.#rooms.distrusted;
  }

  /** The valve is at a position from now on, 0 to 1. */
  setValve(valve: number, nowMs: number, rooms: ReadonlyMap<string, number> = new Map()): void {
    this.#valve = valve;
    this.#roomValves = rooms;
    if (!this.#measuresPower) this.#meter.change(nowMs, this.#commanded_w);
    this.#doubt.order(nowMs, valve * this.#model.maxPower_w);
    this.#mass.order(nowMs, this.#felt_w);
  }

  /** What the model of the house has against thermometers and heating. */
  get doubt(): DoubtFindings {
    return this.#doubt;
  }

  /** Electric power at a valve position (0 to 1) and outdoor temperature, W. */
  power_w(valve: number, theta_e_c: number): number {
    return (valve * this.#model.maxPower_w) / heatingCop(this.#model.building, theta_e_c);
  }

  /**
   * Goes on to an instant, a multiple of the step, by what was foreseen at the one before.
   *
   * @returns the steps of the baseline that are over
   */
  advance(instantMs: number, zone: ZoneReading | undefined): readonly BaselineStep[] {
    this.#holdSilent(instantMs, zone);
    this.#mass.advance(instantMs, zone?.theta_air_c);
    this.#advanceDoubt(instantMs);
    const walls = this.#mass.now;
    const isTimeKnown = this.#options.clock?.isKnown ?? true;
    const home = isTimeKnown &&
      zone &&
      walls && {
        theta_m_c: walls.theta_m_c,
        theta_air_c: zone.theta_air_c,
        ...(walls.x_c && { x_c: walls.x_c }),
        heating: this.#valve > 0,
      };
    return this.#savings.advance(this.#model, instantMs, home || undefined);
  }

  /**
   * The weather, the prices and the setpoints of the steps that begin. On the baseline's house of several states acts what
   * acts on the home's: the sun through its own aperture, its people, and the heat that nobody meters.
   *
   * @returns the forecast corrected by what the home shows to be otherwise
   */
  foresee(weather: Disturbances, price_eur_kwh: Float64Array, min_c: Float64Array): Forecast {
    this.#mass.foresee(weather);
    this.#doubt.foresee(weather);
    const corrected = this.#mass.corrected({ ...weather, price_eur_kwh });
    const { theta_e_c, phi_sol_w, phi_int_w } = this.#model.known ? corrected : weather;
    this.#savings.foresee({ ...weather, theta_e_c, phi_sol_w, phi_int_w }, price_eur_kwh, min_c);
    this.#theta_e_c = weather.theta_e_c[0];
    return corrected;
  }

  /** The estimate at the last instant; undefined before the first measurement. */
  get estimate(): HomeEstimate | undefined {
    const { now } = this.#mass;
    const { heating } = this.#doubt;
    return now && heating ? { ...now, heatingFault: heating.fault } : now;
  }

  /** Whether plans may be made with the model of the house; undefined where nothing else is at hand. */
  get standing(): Standing | undefined {
    return this.#mass.standing;
  }

  /** What a house of several states knows of itself, to be kept for the next start. */
  get houseMemory(): HouseFilterMemory | undefined {
    return this.#mass.memory;
  }

  /** Internal gains to expect: those foreseen, and what the home shows beyond its model. One value a step. */
  gainsAhead_w(phi_int_w: Float64Array): Float64Array {
    return this.#mass.gainsAhead_w(phi_int_w);
  }

  get savings(): Savings | undefined {
    return this.#savings.savings;
  }

  /** Electricity that the heating has used since the start, kWh. */
  get energy_kwh(): number {
    return this.#energy_kwh;
  }

  /** Heat that the walls (the heat store) hold more than the baseline's, kWh; undefined where either is not known. */
  get heatLeft_kwh(): number | undefined {
    const baseline_c = this.#savings.theta_m_c;
    const { now } = this.#mass;
    return now && baseline_c !== undefined ? this.capacity_kwh_k * (now.theta_m_c - baseline_c) : undefined;
  }

  /** Heat that lifts the walls by a kelvin, kWh. */
  get capacity_kwh_k(): number {
    return this.#model.capacity_kwh_k;
  }

  /** From the last instant on the house is another model. What was counted stays counted; the baseline goes on in it. */
  changeModel(next: HouseModel): void {
    const from = this.#model;
    const before = this.#mass.now;
    this.#mass.changeModel(next);
    this.#savings.changeModel({ from, to: next, before, after: this.#mass.now });
    this.#doubt.changeModel(next);
    this.#model = next;
  }

  /** Home time was set: the home is as it was, its past as far back as before. */
  #shiftTime(shift_ms: number): void {
    const step_ms = this.#model.step.dtSeconds * 1000;
    const steps_ms = Math.round(shift_ms / step_ms) * step_ms;
    this.#rooms.shiftTime(shift_ms);
    this.#outdoor.shiftTime(shift_ms);
    this.#meter.shiftTime(shift_ms);
    this.#mass.shiftTime(steps_ms);
    this.#savings.shiftTime(steps_ms);
    this.#doubt.shiftTime(steps_ms);
  }

  /** Sensors that report changes and were silent in the step just past: little has changed. */
  #holdSilent(instantMs: number, zone: ZoneReading | undefined): void {
    const step_ms = this.#model.step.dtSeconds * 1000;
    const isShut = (room: string) => !this.#windows.openIn(room, instantMs);
    for (const { room, timeMs, theta_air_c, within_k } of this.#rooms.silent())
      if (timeMs <= instantMs - step_ms && zone?.rooms.includes(room) && isShut(room))
        this.#doubt.hold(room, instantMs, { theta_air_c, within_k });
    if (zone?.silent_k === undefined || zone.timeMs > instantMs - step_ms || !zone.rooms.every(isShut))
      return;
    const held = { theta_air_c: zone.theta_air_c, within_k: zone.silent_k, isHeld: true };
    this.#mass.sample(instantMs, held);
  }

  /** How the thermometers report, by room, to be kept for the next start. */
  get habits(): Readonly<Record<string, SensorHabit>> {
    return this.#rooms.habits;
  }

  /** Heat that flows, as far as is known: a heater that does not do what it is ordered to gives none, or all it has. */
  get #felt_w(): number {
    const { maxPower_w } = this.#model;
    const { heating } = this.#doubt;
    // The estimate is left to find out how much of it is missing.
    if (heating && isPartlyFelt(heating)) return this.#valve * maxPower_w;
    switch (heating?.fault) {
      case "not_heating":
        return 0;
      case "not_stopping":
        return maxPower_w;
      default:
        return this.#valve * maxPower_w;
    }
  }

  /** Goes on with the doubt; where one begins, what was estimated since its fault began is estimated anew. */
  #advanceDoubt(instantMs: number): void {
    const { deciding } = this.#options.rooms;
    const doubted = () => deciding.filter((name) => this.#doubt.thermometer(name));
    const before = { heating: this.#doubt.heating?.fault, rooms: doubted().join() };
    this.#doubt.advance(instantMs, this.#mass.standing?.isTrusted ?? true);
    const { heating } = this.#doubt;
    if (heating?.fault !== before.heating) {
      this.#mass.order(instantMs, this.#felt_w);
      if (heating && !isPartlyFelt(heating))
        this.#mass.reconsider(instantMs - heating.sinceMs, { phi_HC_w: this.#felt_w });
    }
    const wrong = doubted();
    if (wrong.join() !== before.rooms && wrong.length > 0) {
      const since = wrong.map((name) => this.#doubt.thermometer(name)!.sinceMs);
      this.#mass.reconsider(instantMs - Math.min(...since), { theta_air_c: undefined });
    }
  }

  #doubtOf(name: string, temperature_c: number): Trust | undefined {
    const doubt = this.#doubt.thermometer(name);
    return doubt && doubtedTrust(temperature_c, doubt);
  }

  #costOf(reading: Reading, nowMs: number): Cost {
    const { metrics, timeMs } = reading;
    const measured_w = this.#measuredPower_w(metrics, nowMs);
    const { step_eur, total_eur, energy_kwh, known } = this.#meter.read(
      timeMs,
      measured_w ?? this.#commanded_w,
    );
    this.#energy_kwh = energy_kwh;
    this.#measuresPower = measured_w !== undefined;
    if (known) this.#savings.addPaid({ ...known, cost_eur: this.#paidFor(metrics, step_eur) });
    const { heating_cost_cumulative } = metrics;
    this.#billed_eur = heating_cost_cumulative;
    return {
      electricity_price: this.#options.ratesIn(timeMs, timeMs + 1)[0].price_eur_kwh,
      heating_cost_step: step_eur,
      heating_cost_cumulative: total_eur,
    };
  }

  /** What the sensor says that the time since its last message cost, also of messages that were lost; else what was computed. */
  #paidFor({ heating_cost_cumulative, heating_cost_step }: SensorMetrics, step_eur: number): number {
    const more_eur = (heating_cost_cumulative ?? Number.NaN) - (this.#billed_eur ?? Number.NaN);
    return more_eur >= 0 ? more_eur : (heating_cost_step ?? step_eur);
  }

  /** Electric power of what was ordered last. */
  get #commanded_w(): number {
    return this.power_w(this.#valve, this.#theta_e_c);
  }
}

function meanByPower(power_w: ReadonlyMap<string, number>, valveOf: (room: string) => number): number {
  let heat_w = 0;
  let total_w = 0;
  for (const [room, rated_w] of power_w) {
    heat_w += valveOf(room) * rated_w;
    total_w += rated_w;
  }
  return heat_w / total_w;
}

function isKnown(model: HouseModel): model is HouseModel & { readonly known: KnownHouse } {
  return model.known !== undefined;
}

const restored_k = 0.3; // standard deviation of the walls after a restart
/** So long the walls stay about where they were. */
const slow_ms = hourMs;
const longestGains_ms = 72 * hourMs;

/** The walls at an instant by what was stored: the last estimate, or later where the plan leads. */
function storedEstimate({ estimate: last, plan: kept }: HouseMemory) {
  return (instantMs: number): Omit<MassEstimatorOptions, "noise"> | undefined => {
    const age_ms = last ? instantMs - last.atMs : Number.NaN;
    const planned = kept?.plan.time.findIndex(
      (time) => timeMsOf(time) + kept.plan.step_s * 1000 === instantMs,
    );
    const planned_c = planned === undefined ? undefined : kept?.plan.mass_temperature[planned];
    const theta_m_c = age_ms >= 0 && age_ms <= slow_ms ? last?.theta_m_c : planned_c;
    if (theta_m_c === undefined) return undefined;
    const gains =
      last && age_ms >= 0 && age_ms <= longestGains_ms
        ? { phi_u_w: last.phi_u_w, phi_u_sd_w: last.phi_u_sd_w }
        : {};
    return { theta_m_c, theta_m_sd_k: restored_k, ...gains };
  };
}

/** How far a room is heated, 0 to 1: a switched heater is on or off by turns, which only the room itself reports. */
function heatedNow({ metrics: { valve_position } }: Reading, commanded: number): number {
  return valve_position === undefined ? commanded : valve_position / 100;
}
