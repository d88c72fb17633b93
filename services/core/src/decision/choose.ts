/** Chooses the valve position: a person's, the optimiser's, the last plan's or the thermostat's, within safe limits. */
import type { OptimalPlan } from "@azru/contracts";
import type { Controller } from "@azru/control";
import { type Clock, homeMinute, type Logger } from "@azru/runtime";
import type { Standing } from "@azru/simulation";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import { holdingPower_w } from "../home/holding.ts";
import type { House } from "../home/house.ts";
import type { HouseModel } from "../home/house-model.ts";
import type { ModelInForce } from "../home/model-in-force.ts";
import { noForecast } from "../home/no-forecast.ts";
import { whyNoTemperature } from "../home/trust.ts";
import { type CostAhead, type CostAheadOptions, costAhead } from "./cost-ahead.ts";
import type { Choice, Observation, Optimisation, Refusal } from "./decision.ts";
import { fallBack } from "./fallback.ts";
import type { PlanForecast } from "./foresee.ts";
import { type KeptPlan, planReason, planStepAt } from "./kept-plan.ts";
import type { Manual, Mode } from "./mode.ts";
import type { Question } from "./mpc-request.ts";
import type { Task } from "./one-at-a-time.ts";
import type { Optimiser } from "./optimiser.ts";
import type { UnprovedRule } from "./unproved-rule.ts";

/** What choosing needs. */
export interface ChooseParts extends Omit<CostAheadOptions, "model" | "comfort"> {
  readonly clock: Pick<Clock, "now" | "isKnown" | "problem">;
  readonly model: Pick<ModelInForce, "now">;
  readonly comfort: Pick<ComfortKeeper, "inForce" | "changedMs" | "setpoints_c" | "ceilings_c" | "of">;
  readonly thermostat: Controller;
  readonly rule: Pick<UnprovedRule, "valveAt">;
  readonly house: CostAheadOptions["house"] & Pick<House, "standing" | "doubt">;
  readonly optimiser: Pick<Optimiser, "plan">;
  readonly log: Pick<Logger, "error">;
}

/** What there is to choose by. */
export interface Situation {
  readonly observation: Observation;
  readonly forecast: PlanForecast | undefined;
  /** The last plan. */
  readonly kept: KeptPlan | undefined;
}

/** The valve position for a decision, before the safe limits, and what came of asking the optimiser. */
export async function choose(
  parts: ChooseParts,
  task: Task,
  { observation, forecast, kept }: Situation,
): Promise<{ readonly chosen: Choice; readonly optimisation: Optimisation | undefined }> {
  const { mode, zone } = observation;
  // Asked at every decision, so that its hysteresis is in the right state when it is needed.
  const thermostatValve = zone && thermostatAt(parts, zone.theta_air_c, mode);
  if (mode.kind === "manual") return { chosen: byHand(mode), optimisation: undefined };
  if (mode.kind === "off") return { chosen: off, optimisation: undefined };
  if (mode.kind === "thermostat" && zone && thermostatValve !== undefined) {
    return { chosen: byThermostat(parts, thermostatValve, zone.theta_air_c), optimisation: undefined };
  }

  const { isKnown: isTimeKnown } = parts.clock;
  const { standing } = parts.house;
  if (isTimeKnown && mode.kind === "auto" && zone && standing && !standing.isTrusted) {
    return {
      chosen: byRule(parts, observation.startMs, zone.theta_air_c, forecast, standing),
      optimisation: undefined,
    };
  }

  const answer = await planOrRefusal(parts, task, observation, forecast);
  const optimisation = "answeredMs" in answer ? answer : undefined;
  if ("plan" in answer) return { chosen: stepOf(answer.plan, parts.clock.now(), forecast), optimisation };

  // A plan that was made by a thermometer since doubted is worth no more than it.
  const isDoubted = answer.cause === "doubt";
  const chosen = fallBack(answer.cause, answer.why, {
    kept: isTimeKnown && mode.kind === "auto" && !isDoubted ? kept : undefined,
    nowMs: parts.clock.now(),
    comfortChangedMs: parts.comfort.changedMs,
    theta_air_c: zone?.theta_air_c,
    thermostatValve,
    holdingValve:
      (isDoubted && forecast
        ? parts.house.doubt.valveFor(forecast.min_c[0] + parts.house.doubt.holdAbove_k)
        : undefined) ?? holdingValve(parts.model.now, forecast),
  });
  return { chosen, optimisation };
}

/** What the optimiser answers, or why it is not asked. */
async function planOrRefusal(
  parts: ChooseParts,
  task: Task,
  observation: Observation,
  forecast: PlanForecast | undefined,
): Promise<Refusal | Optimisation> {
  const { isKnown, problem } = parts.clock;
  if (!isKnown) return { cause: "no_time", why: problem ?? "the time is not known yet" };
  if (observation.mode.kind === "auto") return askOptimiser(parts, task, observation, forecast);
  return noTemperature(observation.rooms);
}

function byHand({ valve, expiresMs }: Manual): Choice {
  return { valve, source: "manual", reason: `manual command until ${homeMinute(expiresMs)}` };
}

const off: Choice = { valve: 0, source: "manual", reason: "switched off: frost protection alone" };

function byThermostat({ comfort }: ChooseParts, valve: number, theta_air_c: number): Choice {
  const { setpoint_c } = comfort.inForce;
  const reason = `thermostat: ${theta_air_c.toFixed(1)} degrees, to be about ${setpoint_c.toFixed(1)}`;
  return { valve, source: "thermostat", reason };
}

/** A thermostat with the Tempo rule, while the model of the house has not proved itself. */
function byRule(
  { rule, comfort, model }: ChooseParts,
  startMs: number,
  theta_air_c: number,
  forecast: PlanForecast | undefined,
  { reason }: Standing,
): Choice {
  const { setpoint_c } = comfort.inForce;
  const step_ms = model.now.step.dtSeconds * 1000;
  const [ceiling_c] = comfort.ceilings_c(startMs, step_ms, Float64Array.of(setpoint_c));
  const valve = rule.valveAt({ startMs, theta_air_c, setpoint_c, ceiling_c, forecast });
  return { valve, source: "thermostat", reason: `thermostat with the Tempo rule: ${reason}` };
}

/**
 * The thermostat of the building file, whose band moves with the setpoint. Where it stands in for the optimiser, the
 * setpoint is what the band keeps the room above; where somebody has chosen it, the middle of the band.
 */
function thermostatAt({ thermostat, comfort, model }: ChooseParts, theta_air_c: number, mode: Mode): number {
  const { comfort: least, thermostat: band } = model.now.building;
  const meant_c = mode.kind === "thermostat" ? (band.on_c + band.off_c) / 2 : least.min_c;
  const raised_k = comfort.inForce.setpoint_c - meant_c;
  const seen_c = theta_air_c - raised_k;
  return thermostat.decide({ theta_air_c: seen_c, x_c: [seen_c] }, noForecast).valve;
}

function noTemperature(rooms: Observation["rooms"]): Refusal {
  const isDoubted = rooms.some(({ status, decides }) => status === "doubted" && decides);
  return { cause: isDoubted ? "doubt" : "no_temperature", why: whyNoTemperature(rooms) };
}

/** What the optimiser is asked, or why it is not asked: every condition on its use stands here. */
function questionOf(
  model: HouseModel,
  { zone, rooms, estimate }: Observation,
  forecast: PlanForecast | undefined,
): Question | Refusal {
  if (!zone || !estimate) return noTemperature(rooms);
  if (!forecast) return { cause: "error", why: "nothing is foreseen" };
  return { model, state: { x_c: estimate.x_c ?? [estimate.theta_m_c] }, forecast };
}

async function askOptimiser(
  parts: ChooseParts,
  { id, signal }: Task,
  observation: Observation,
  forecast: PlanForecast | undefined,
): Promise<Refusal | Optimisation> {
  const question = questionOf(parts.model.now, observation, forecast);
  if ("why" in question) return question;
  const requestedMs = parts.clock.now();
  const answer = await parts.optimiser.plan(id, question, signal);
  const answeredMs = parts.clock.now();
  if (!("plan" in answer)) return { ...answer, requestedMs, answeredMs };
  return { ...answer, question, requestedMs, answeredMs, costs: await costsOf(parts, answer.plan) };
}

async function costsOf(parts: ChooseParts, plan: OptimalPlan): Promise<CostAhead | undefined> {
  const { house, comfort, weather, tariff, clock } = parts;
  try {
    return await costAhead({ model: parts.model.now, house, comfort, weather, tariff }, plan, clock.now());
  } catch (error) {
    parts.log.error({ err: error }, "no cost is foreseen");
    return undefined;
  }
}

/** The step of a new plan that is under way. */
function stepOf(plan: OptimalPlan, nowMs: number, forecast: PlanForecast | undefined): Choice {
  const step = planStepAt(plan, nowMs) ?? 0;
  return {
    valve: plan.valve_position[step] / 100,
    source: "mpc",
    planId: plan.id,
    reason: planReason(plan, step, forecast?.backOff_k ?? 0),
  };
}

/** The valve that holds the setpoint in steady state at the outdoor temperature foreseen, 0 to 1. */
function holdingValve({ step, maxPower_w }: HouseModel, forecast: PlanForecast | undefined): number {
  if (!forecast) return 1;
  const { theta_e_c, phi_int_w } = forecast.disturbances;
  return Math.min(1, holdingPower_w(step, forecast.min_c[0], theta_e_c[0], phi_int_w[0]) / maxPower_w);
}
