/**
 * The control law: observe the home, foresee the steps ahead, choose a valve position within the safe limits, command
 * it. It reads the home and asks the optimiser; what is sent, stored and published of a decision is up to its caller.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "@azru/runtime";
import type { House } from "../home/house.ts";
import { type ChooseParts, choose } from "./choose.ts";
import { type CommandParts, commandOf } from "./command.ts";
import type { Decision, Observation } from "./decision.ts";
import { type ForeseeParts, foresee, type PlanForecast } from "./foresee.ts";
import { followable, type KeptPlan, planReason } from "./kept-plan.ts";
import { type LimitParts, withinLimits } from "./limits.ts";
import type { ModeKeeper } from "./mode-keeper.ts";
import type { Task } from "./one-at-a-time.ts";

/** What decisions are made with; each stage names what it needs of it. */
export interface ControlParts extends ObserveParts, ForeseeParts, ChooseParts, LimitParts, CommandParts {
  readonly clock: Clock;
  readonly house: ObserveParts["house"] &
    ForeseeParts["house"] &
    ChooseParts["house"] &
    LimitParts["house"] &
    CommandParts["house"];
  readonly comfort: ForeseeParts["comfort"] & ChooseParts["comfort"];
  readonly log: ChooseParts["log"];
  /** Called as soon as the steps ahead are foreseen, while the optimiser is still to be asked. */
  readonly onForecast: (forecast: PlanForecast) => void;
}

/**
 * Makes one decision. Rejects with the signal's reason when it is aborted.
 *
 * @param kept the last plan
 */
export async function decide(parts: ControlParts, task: Task, kept: KeptPlan | undefined): Promise<Decision> {
  const observation = observe(parts);
  const forecast = await foresee(parts, observation.startMs);
  if (forecast) parts.onForecast(forecast);
  const { chosen, optimisation } = await choose(parts, task, { observation, forecast, kept });
  return command(parts, { id: task.id, cause: task.cause, observation, forecast, optimisation, chosen });
}

/**
 * A step of a plan begins, and the home decides later in it: the decision that follows the plan into the step, or
 * undefined where the last decision follows none or nothing changes.
 */
export function followPlan(
  parts: ControlParts,
  { chosen: last, forecast }: Decision,
  kept: KeptPlan | undefined,
): Decision | undefined {
  const observation = observe(parts);
  if (!kept || last.planId !== kept.plan.id || observation.mode.kind !== "auto") return undefined;
  const { theta_air_c } = observation.zone ?? {};
  const answer = followable(kept, parts.clock.now(), theta_air_c, parts.comfort.changedMs);
  if (!("step" in answer)) return undefined;
  const valve = kept.plan.valve_position[answer.step] / 100;
  if (valve === last.valve && !parts.sharing) return undefined;
  const reason =
    last.source === "mpc" ? planReason(kept.plan, answer.step, forecast?.backOff_k ?? 0) : last.reason;
  const chosen = { ...last, valve, reason };
  const cause = "the next step of the plan";
  return command(parts, { id: randomUUID(), cause, observation, forecast, optimisation: undefined, chosen });
}

/** What observing needs. */
interface ObserveParts {
  readonly clock: Pick<Clock, "now">;
  readonly house: Pick<House, "zone" | "rooms" | "openWindows" | "estimate">;
  readonly mode: Pick<ModeKeeper, "now">;
  readonly step_ms: number;
}

function observe({ clock, house, mode, step_ms }: ObserveParts): Observation {
  const nowMs = clock.now();
  return {
    startMs: Math.floor(nowMs / step_ms) * step_ms,
    mode: mode.now(),
    rooms: house.rooms(nowMs),
    windows: house.openWindows(nowMs),
    zone: house.zone(nowMs),
    estimate: house.estimate,
  };
}

function command(
  parts: ControlParts,
  made: Omit<Decision, "kind" | "timeMs" | "choice" | "limit" | "command" | "rooms">,
): Decision {
  const timeMs = parts.clock.now();
  const allowed = withinLimits(parts, made, timeMs);
  const valveCommand = commandOf(parts, made.id, allowed.choice, made.forecast, timeMs);
  return { kind: "decision", ...made, timeMs, ...allowed, command: valveCommand };
}
