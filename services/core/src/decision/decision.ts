/** One decision, from its cause to the valve command, with everything that it was made of. */
import {
  type Decision as DecisionMessage,
  type FallbackCause,
  type Instead,
  isoTimeOf,
  type OptimalPlan,
  type RoomState,
  sentenceOf,
  type ValveCommand,
  type ValveSource,
} from "@azru/contracts";
import type { HomeEstimate } from "../home/home-estimate.ts";
import type { ZoneReading } from "../home/rooms.ts";
import type { OpenWindow } from "../home/windows.ts";
import type { CostAhead } from "./cost-ahead.ts";
import type { PlanForecast } from "./foresee.ts";
import type { Mode } from "./mode.ts";
import type { Question } from "./mpc-request.ts";
import type { RoomHeat } from "./room-heat.ts";
import type { Limit } from "./safe-valve.ts";

export interface Decision {
  readonly kind: "decision";
  readonly id: string;
  /** In words. */
  readonly cause: string;
  readonly timeMs: number; // home time, of the command
  readonly observation: Observation;
  /** Undefined where nothing is foreseen. */
  readonly forecast: PlanForecast | undefined;
  /** Undefined where the optimiser was not asked. */
  readonly optimisation: Optimisation | undefined;
  /** Before the safe limits. */
  readonly chosen: Choice;
  /** Within the safe limits. */
  readonly choice: Choice;
  /** The limit that the home is held to. */
  readonly limit: Limit | undefined;
  /** To `AZRU_ROOM`; where rooms are heated each by itself, of the home as a whole. */
  readonly command: ValveCommand;
  /** What the choice is for each room; none where the home is heated as one. */
  readonly rooms: readonly RoomHeat[];
}

/** The home as a decision finds it. */
export interface Observation {
  readonly startMs: number; // of the step, home time
  readonly mode: Mode;
  readonly rooms: readonly RoomState[];
  /** Rooms whose window stands open. */
  readonly windows: ReadonlyMap<string, OpenWindow>;
  /** Undefined where no room can be trusted. */
  readonly zone: ZoneReading | undefined;
  /** Undefined before the first measurement. */
  readonly estimate: HomeEstimate | undefined;
}

/** Why the optimiser does not decide: for programs, and in words. */
export interface Refusal {
  readonly cause: FallbackCause;
  readonly why: string;
}

/** The optimiser's answer. */
export type Optimisation = (Refusal | PlanWithCosts) & {
  readonly requestedMs: number; // home time
  readonly answeredMs: number; // home time
  readonly roundTrip_ms: number; // wall time
};

interface PlanWithCosts {
  readonly plan: OptimalPlan;
  /** What the plan was made for. */
  readonly question: Question;
  /** Undefined where they cannot be computed. */
  readonly costs: CostAhead | undefined;
}

/** A valve position, its source and its reason. */
export interface Choice {
  readonly valve: number; // 0 to 1
  readonly source: ValveSource;
  readonly reason: string;
  readonly planId?: string;
  readonly fallback?: FallbackCause;
  readonly instead?: Instead;
  /** When the plan followed instead begins, home time. */
  readonly planFromMs?: number;
}

/** A decision as `GET /state` and `GET /events` publish it. */
export function decisionMessage(decision: Decision): DecisionMessage {
  const { id, cause, timeMs, choice, command, observation } = decision;
  const { valve_position, planned_power } = command;
  const { zone } = observation;
  return {
    id,
    time: isoTimeOf(timeMs),
    source: choice.source,
    valve_position,
    ...(planned_power !== undefined && { planned_power }),
    ...(choice.planId !== undefined && { plan_id: choice.planId }),
    ...(zone && { measured_at: isoTimeOf(zone.timeMs) }),
    cause: sentenceOf(cause),
    reason: sentenceOf(choice.reason),
  };
}
