/** Decides what the valve does: every step of home time, and at once when something calls for it. */
import { randomUUID } from "node:crypto";
import {
  type Decision,
  type ForecastState,
  isoTimeOf,
  type ModeState,
  type OptimalPlan,
  type PlanResponse,
  type ValveCommand,
  type WeatherFallback,
} from "@azru/contracts";
import { createThermostat } from "@azru/control";
import { type Clock, homeMinute, type Logger } from "@azru/runtime";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import type { Events } from "../events.ts";
import type { House } from "../home/house.ts";
import type { ModelInForce } from "../home/model-in-force.ts";
import type { ZoneReading } from "../home/rooms.ts";
import { whyNoTemperature } from "../home/trust.ts";
import { zoneEstimate } from "../home/zone-estimate.ts";
import type { DecisionMetrics } from "../metrics.ts";
import { forecastMessage } from "../outlook/forecast-message.ts";
import { type Ahead, lookAhead } from "../outlook/look-ahead.ts";
import { rateMessage } from "../outlook/rate-message.ts";
import { sentenceOf } from "../outlook/sentence.ts";
import type { TariffOutlook } from "../outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "../outlook/weather-outlook.ts";
import type { Memory } from "../record/memory.ts";
import type { Recorder } from "../record/recorder.ts";
import { type CostAhead, costAhead } from "./cost-ahead.ts";
import { type Choice, fallBack } from "./fallback.ts";
import { holdingPower_w } from "./holding.ts";
import { followable, type KeptPlan, planStepAt } from "./kept-plan.ts";
import { auto, manual } from "./mode.ts";
import { createModeKeeper } from "./mode-keeper.ts";
import { noForecast } from "./no-forecast.ts";
import { oneAtATime, type Task } from "./one-at-a-time.ts";
import type { Optimiser } from "./optimiser.ts";
import { limitAt, safeValve } from "./safe-valve.ts";

export interface SupervisorOptions {
  readonly model: ModelInForce;
  readonly room: string;
  readonly horizonSteps: number;
  /** Home time that a manual command holds where it does not say. */
  readonly manual_ms: number;
  readonly clock: Clock;
  readonly house: House;
  readonly comfort: Pick<ComfortKeeper, "setpoints_c" | "inForce" | "changedMs" | "record">;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
  readonly optimiser: Optimiser;
  readonly send: (command: ValveCommand) => Promise<unknown>;
  readonly recorder: Recorder;
  readonly events: Events;
  readonly metrics: DecisionMetrics;
  readonly memory: Pick<Memory, "mode" | "plan">;
  readonly log: Logger;
}

/** Why and since when something else than the optimiser decides. */
interface Failsafe extends Pick<Choice, "fallback" | "instead" | "planFromMs"> {
  readonly reason: string;
  readonly sinceMs: number;
}

export interface Supervisor {
  /**
   * Has a decision made for a cause, told in words. While one is being made, the next follows at once.
   *
   * @returns the id of the decision, and whether it begins now
   */
  decide(cause: string): { readonly id: string; readonly started: boolean };
  /** Like `decide`, in place of a decision being made. */
  decideInstead(cause: string): void;
  /** A step begins, and the home decides later in it: a decision that follows a plan follows it into the step. */
  followPlan(): void;
  /** The optimiser may answer again: decides at once where it did not the last time it was asked. */
  optimiserReturned(cause: string): void;
  /** A reading came: decides at once where a limit is crossed or a temperature is known again. */
  measured(): void;
  /** Switches to manual mode; the valve is 0 to 1. */
  setValve(valve: number, duration_ms?: number): ModeState;
  /** Switches to automatic mode, or keeps the valve where it is in manual mode. */
  setAuto(isAuto: boolean): ModeState;
  readonly mode: ModeState;
  readonly decision: Decision | undefined;
  readonly plan: PlanResponse | undefined;
  /** What heating is expected to cost; undefined while no plan is followed. */
  readonly costAhead: CostAhead | undefined;
  readonly forecast: ForecastState | undefined;
  /** Distance that plans keep from the setpoint in this step, K. */
  readonly margin_k: number;
  /** Why the weather of `forecast` is not what its source should give; undefined where it is. */
  readonly weatherFallback: WeatherFallback | undefined;
  /** Set while the optimiser should decide and does not. */
  readonly failsafe: Failsafe | undefined;
  /** Why the optimiser gave no plan the last time it was asked; undefined where it did. */
  readonly optimiserFailure: string | undefined;
  /** Resolves when no decision is being made. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const commandSteps = 4; // a command holds for as long: three decisions may fail to reach the valve

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { model, clock, house, comfort, log, metrics, recorder, events } = options;
  const step_ms = model.now.step.dtSeconds * 1000;
  /** Of the building file: a calibration leaves them. */
  const { thermostat: settings, comfort: ownComfort } = model.now.building;
  const thermostat = createThermostat(settings);
  const mode = createModeKeeper({
    ...options,
    mode: options.memory.mode,
    onExpiry: () => decisions.begin("the manual command has ended"),
  });
  const decisions = oneAtATime({
    make,
    onError: (error, { id }) => log.error({ err: error, decision: id }, "no decision could be made"),
    onMerged: () => metrics.merged.inc(),
  });
  let kept: KeptPlan | undefined = options.memory.plan;
  let costs: CostAhead | undefined;
  let decision: Decision | undefined;
  let decidedOn: ZoneReading | undefined;
  /** What was chosen last, and by which outlook. */
  let last: { choice: Choice; ahead: Ahead | undefined } | undefined;
  let forecast: ForecastState | undefined;
  let weatherFallback: WeatherFallback | undefined;
  let failsafe: Supervisor["failsafe"];
  let optimiserFailure: string | undefined;
  let isAsking = false;
  let instantMs: number | undefined;
  let margin_k = 0;

  async function make(task: Task): Promise<void> {
    const nowMs = clock.now();
    const startMs = Math.floor(nowMs / step_ms) * step_ms;
    const zone = house.zone(nowMs);
    const goesOn = startMs !== instantMs || !house.estimate;
    if (goesOn) {
      instantMs = startMs;
      recorder.baseline(options.room, house.advance(startMs, zone));
    }
    const isAnotherHouse = adoptModel();
    const { estimate } = house;
    if (estimate && (goesOn || isAnotherHouse))
      recorder.estimate(options.room, zoneEstimate(estimate), estimate.evidence, startMs);
    const ahead = await foresee(startMs, nowMs);
    const choice = await choose(task, ahead, zone);
    task.signal.throwIfAborted();
    last = { choice, ahead };
    act(task, limited(choice, zone), zone, ahead);
  }

  function followPlan(): void {
    if (!last || !kept || last.choice.planId !== kept.plan.id || mode.now().kind === "manual") return;
    const zone = house.zone(clock.now());
    const answer = followable(kept, clock.now(), zone?.theta_air_c, comfort.changedMs);
    if (!("step" in answer)) return;
    const valve = kept.plan.valve_position[answer.step] / 100;
    if (valve === last.choice.valve) return;
    const reason =
      last.choice.source === "mpc" ? expectation(kept.plan, answer.step, margin_k) : last.choice.reason;
    last = { ...last, choice: { ...last.choice, valve, reason } };
    const task = { id: randomUUID(), cause: "the next step of the plan" };
    act(task, limited(last.choice, zone), zone, last.ahead);
  }

  /** Here and nowhere else the model changes: what was lived through is over, nothing is decided yet. */
  function adoptModel(): boolean {
    const { next } = model;
    if (!next) return false;
    house.adopt(next);
    model.adopt();
    const { calibrated } = next;
    metrics.modelChanges.inc({ to: calibrated ? "calibrated" : "file" });
    log.info(
      { calibrated_at: calibrated?.calibrated_at, ...(house.estimate && zoneEstimate(house.estimate)) },
      calibrated
        ? `the house as calibrated at ${calibrated.calibrated_at} is in force`
        : "the house as in the building file is in force",
    );
    return true;
  }

  /** Undefined where not even a substitute can be had, which is logged. */
  async function foresee(startMs: number, nowMs: number): Promise<Ahead | undefined> {
    try {
      const ahead = await lookAhead({ ...options, model: model.now }, startMs, nowMs);
      house.foresee(ahead.disturbances, ahead.price_eur_kwh, ahead.min_c);
      const told = informed(ahead);
      margin_k = marginOf(told);
      comfort.record(startMs, margin_k);
      const rate = ahead.rates.find(({ endMs }) => endMs > nowMs);
      if (rate) recorder.rate(rateMessage(rate), startMs);
      weatherFallback = ahead.foreseen.fallback;
      forecast = forecastMessage(ahead.foreseen, ahead.disturbances);
      events.publish({ event: "forecast", data: forecast });
      return told;
    } catch (error) {
      log.error({ err: error }, "nothing is foreseen");
      return undefined;
    }
  }

  async function choose(
    task: Task,
    ahead: Ahead | undefined,
    zone: ZoneReading | undefined,
  ): Promise<Choice> {
    const current = mode.now();
    // Asked at every decision, so that it is in the right state when it is needed.
    const asked_k = comfort.inForce.setpoint_c - ownComfort.min_c;
    const felt_c = zone && zone.theta_air_c - asked_k; // its band moves with the setpoint
    const seen = felt_c !== undefined && { theta_air_c: felt_c, x_c: [felt_c] };
    const thermostatValve = seen ? thermostat.decide(seen, noForecast).valve : undefined;
    if (current.kind === "manual") {
      const reason = `manual command until ${homeMinute(current.expiresMs)}`;
      return { valve: current.valve, source: "manual", reason };
    }
    const answer = await optimise(task, ahead, zone);
    if ("valve" in answer) return answer;
    return fallBack(answer.cause, answer.why, {
      kept,
      nowMs: clock.now(),
      wishedMs: comfort.changedMs,
      theta_air_c: zone?.theta_air_c,
      thermostatValve,
      holdingValve: holdingValve(ahead),
    });
  }

  async function optimise(
    { id, signal }: Task,
    ahead: Ahead | undefined,
    zone: ZoneReading | undefined,
  ): Promise<Choice | { cause: NonNullable<Choice["fallback"]>; why: string }> {
    const { estimate } = house;
    if (!zone || !estimate)
      return { cause: "no_temperature", why: whyNoTemperature(house.rooms(clock.now())) };
    if (!ahead) return { cause: "error", why: "nothing is foreseen" };
    const requestedMs = clock.now();
    isAsking = true;
    const answer = await options.optimiser
      .plan(id, model.now, estimate.theta_m_c, ahead, signal)
      .finally(() => {
        isAsking = false;
      });
    const { roundTrip_ms } = answer;
    optimiserFailure = "why" in answer ? answer.why : undefined;
    if (!("plan" in answer)) {
      const error = sentenceOf(answer.why);
      recorder.optimisation(
        { id, worker: "none", solve_ms: 0, status: "failed", error },
        roundTrip_ms,
        clock.now(),
      );
      return answer;
    }
    const { plan } = answer;
    kept = { requestedMs, plan };
    costs = await foreseeCosts(plan);
    recorder.optimisation(plan, roundTrip_ms, clock.now());
    metrics.solve.observe(plan.solve_ms / 1000);
    metrics.roundTrip.observe(roundTrip_ms / 1000);
    events.publish({ event: "plan", data: planResponse(kept) });
    const step = planStepAt(plan, clock.now()) ?? 0;
    return {
      valve: plan.valve_position[step] / 100,
      source: "mpc",
      planId: plan.id,
      reason: expectation(plan, step, margin_k),
    };
  }

  async function foreseeCosts(plan: OptimalPlan): Promise<CostAhead | undefined> {
    try {
      return await costAhead({ ...options, model: model.now }, plan, clock.now());
    } catch (error) {
      log.error({ err: error }, "no cost is foreseen");
      return undefined;
    }
  }

  function informed(ahead: Ahead): Ahead {
    const { disturbances, price_eur_kwh } = ahead;
    const { theta_e_c, phi_int_w, margin_k: known } = house.informed({ ...disturbances, price_eur_kwh });
    return {
      ...ahead,
      disturbances: { ...disturbances, theta_e_c, phi_int_w },
      ...(known && { margin_k: known }),
    };
  }

  /** The distance that a plan keeps from what is wished for now, K. */
  function marginOf({ min_c, margin_k: known }: Ahead): number {
    return Math.max(0, Math.min(known?.[0] ?? 0, ownComfort.max_c - min_c[0]));
  }

  function holdingValve(ahead: Ahead | undefined): number {
    if (!ahead) return 1;
    const { theta_e_c, phi_int_w } = ahead.disturbances;
    const power_w = holdingPower_w(model.now.step, ahead.min_c[0], theta_e_c[0], phi_int_w[0]);
    return Math.min(1, power_w / model.now.maxPower_w);
  }

  /** The last word: frost protection and the upper limit. */
  function limited(choice: Choice, zone: ZoneReading | undefined): Choice {
    const valve = safeValve(choice.valve, zone?.theta_air_c);
    const limit = limitAt(zone?.theta_air_c);
    if (limit === undefined || !zone || valve === choice.valve) return choice;
    const what = limit === "frost" ? "frost protection opens" : "the upper limit closes";
    const reason = `${what} the valve at ${zone.theta_air_c.toFixed(1)} degrees, instead of: ${choice.reason}`;
    const { instead: _, planFromMs: __, ...rest } = choice;
    return { ...rest, valve, source: "failsafe", fallback: limit, reason };
  }

  function act(
    task: Pick<Task, "id" | "cause">,
    choice: Choice,
    zone: ZoneReading | undefined,
    ahead: Ahead | undefined,
  ): void {
    const nowMs = clock.now();
    const { valve, source, planId } = choice;
    const command = commandOf(task.id, choice, nowMs, ahead);
    options.send(command).catch((error: unknown) => {
      log.error({ err: error, decision: task.id }, "the valve command could not be sent");
    });
    house.obey(valve, nowMs);
    recorder.command(options.room, command, nowMs);
    decidedOn = zone;
    const { id, valve_position, planned_power } = command;
    decision = {
      id,
      time: isoTimeOf(nowMs),
      source,
      valve_position,
      ...(planned_power !== undefined && { planned_power }),
      ...(planId !== undefined && { plan_id: planId }),
      ...(zone && { measured_at: isoTimeOf(zone.timeMs) }),
      cause: sentenceOf(task.cause),
      reason: sentenceOf(choice.reason),
    };
    failsafe =
      source === "failsafe"
        ? { ...choice, reason: decision.reason, sinceMs: failsafe?.sinceMs ?? nowMs }
        : undefined;
    metrics.decisions.inc({ source });
    if (choice.fallback) metrics.fallbacks.inc({ cause: choice.fallback });
    events.publish({ event: "decision", data: decision });
    tell(decision, choice, zone, ahead);
  }

  function commandOf(id: string, { valve, source }: Choice, nowMs: number, ahead: Ahead | undefined) {
    const time = isoTimeOf(nowMs);
    const step = ahead && Math.floor((nowMs - ahead.startMs) / step_ms);
    const theta_e_c = step === undefined ? undefined : ahead?.disturbances.theta_e_c[step];
    return {
      valve_position: 100 * valve,
      ...(theta_e_c !== undefined && { planned_power: house.power_w(valve, theta_e_c) }),
      source,
      ...(clock.simulated && { sim_time: time }),
      issued_at: time,
      valid_until: isoTimeOf(nowMs + commandSteps * step_ms),
      id,
    } satisfies ValveCommand;
  }

  /** One line with everything that a decision came from. */
  function tell(
    made: Decision,
    choice: Choice,
    zone: ZoneReading | undefined,
    ahead: Ahead | undefined,
  ): void {
    const { id, time: home_time, ...what } = made;
    const from = {
      temperature: zone?.theta_air_c,
      ...(house.estimate && zoneEstimate(house.estimate)),
      margin: margin_k,
      rooms: zone?.rooms,
      weather: ahead?.foreseen.source,
      weather_fallback: ahead?.foreseen.fallbackReason,
      tariff: options.tariff.loaded.source,
      tariff_fallback: options.tariff.loaded.fallbackReason,
    };
    const level = choice.fallback ? "warn" : "info";
    log[level](
      { decision: id, home_time, ...what, ...from },
      `valve ${made.valve_position.toFixed(0)} % (${made.source}): ${made.reason}`,
    );
  }

  return {
    decide: decisions.begin,
    decideInstead: decisions.beginInstead,
    followPlan,
    optimiserReturned(cause) {
      const isMissed = optimiserFailure !== undefined && mode.now().kind === "auto";
      if (isMissed && !isAsking) decisions.begin(cause);
    },
    measured() {
      if (!decision) return;
      const zone = house.zone(clock.now());
      if (limitAt(zone?.theta_air_c) !== limitAt(decidedOn?.theta_air_c)) {
        decisions.begin("a temperature limit was crossed");
      } else if (zone && !decidedOn) decisions.begin("a temperature is known again");
    },
    setValve(valve, duration_ms = options.manual_ms) {
      mode.set(manual(valve, clock.now(), duration_ms));
      decisions.beginInstead("manual command");
      return mode.state;
    },
    setAuto(isAuto) {
      if (isAuto === (mode.now().kind === "auto")) return mode.state;
      const valve = (decision?.valve_position ?? 0) / 100;
      mode.set(isAuto ? auto : manual(valve, clock.now(), options.manual_ms));
      decisions.beginInstead("the mode has changed");
      return mode.state;
    },
    get mode() {
      return mode.state;
    },
    get decision() {
      return decision;
    },
    get plan() {
      return kept && planResponse(kept);
    },
    get costAhead() {
      return costs && costs.planId === decision?.plan_id ? costs : undefined;
    },
    get forecast() {
      return forecast;
    },
    get margin_k() {
      return margin_k;
    },
    get weatherFallback() {
      return weatherFallback;
    },
    get failsafe() {
      return failsafe;
    },
    get optimiserFailure() {
      return optimiserFailure;
    },
    idle: decisions.idle,
    async close() {
      mode.close();
      await decisions.close();
    },
  };
}

function expectation({ temperature, energy_cost }: OptimalPlan, step: number, margin_k: number): string {
  const distance = margin_k > 0 ? `${margin_k.toFixed(2)} K kept from the floor, ` : "";
  return `optimal plan: ${temperature[step].toFixed(1)} degrees expected, ${distance}${energy_cost.toFixed(2)} EUR over the horizon`;
}

function planResponse({ requestedMs, plan }: KeptPlan): PlanResponse {
  return { requested_at: isoTimeOf(requestedMs), plan };
}
