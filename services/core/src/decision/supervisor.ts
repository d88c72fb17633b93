/** Has decisions made, one at a time, and keeps what the last one came to. */
import { type ModeState, type PlanResponse, sentenceOf } from "@azru/contracts";
import type { HomeStep } from "../home/home-steps.ts";
import type { CostAhead } from "./cost-ahead.ts";
import { type ControlParts, decide, followPlan } from "./decide.ts";
import type { Choice, Decision } from "./decision.ts";
import type { PlanForecast } from "./foresee.ts";
import { type KeptPlan, planResponse } from "./kept-plan.ts";
import type { Planned } from "./lower-ceiling.ts";
import { auto, type Mode, manual, type Standing } from "./mode.ts";
import { createModeKeeper, type ModeEvent, type ModeKeeper } from "./mode-keeper.ts";
import { type OneAtATime, oneAtATime, type Task } from "./one-at-a-time.ts";
import { heldLimitAt } from "./safe-valve.ts";

/** What a plan will be made for; comes before the decision that goes by it. */
export interface ForecastEvent {
  readonly kind: "forecast";
  readonly forecast: PlanForecast;
  readonly timeMs: number; // home time
}

export interface SupervisorOptions {
  readonly parts: Omit<ControlParts, "mode" | "limitHeld" | "onForecast">;
  /** Home time that a manual command holds where it names no duration. */
  readonly manual_ms: number;
  /** In force at the start. */
  readonly mode: Mode;
  /** The last plan of before the start. */
  readonly plan: KeptPlan | undefined;
  /** Takes the home to the step that an instant lies in. */
  readonly advance: (nowMs: number) => HomeStep;
  readonly publish: (event: HomeStep | ForecastEvent | ModeEvent | Decision) => void;
  /** A cause of a decision came while one was being made. */
  readonly onMerged: () => void;
}

/** Why and since when something else than the optimiser decides. */
interface Failsafe extends Pick<Choice, "reason" | "fallback" | "instead" | "planFromMs"> {
  readonly sinceMs: number; // home time
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #parts: ControlParts;
  readonly #mode: ModeKeeper;
  readonly #decisions: OneAtATime;
  #hasStarted = false;
  #kept: KeptPlan | undefined;
  #planned: Planned | undefined;
  #costs: CostAhead | undefined;
  #last: Decision | undefined;
  #forecast: PlanForecast | undefined;
  #failsafe: Failsafe | undefined;
  #optimiserFailure: string | undefined;

  constructor(options: SupervisorOptions) {
    const { parts, publish } = options;
    this.#options = options;
    this.#kept = options.plan;
    this.#mode = createModeKeeper({
      mode: options.mode,
      clock: parts.clock,
      publish,
      onExpiry: () => this.decide("the manual command has ended"),
    });
    this.#decisions = oneAtATime({
      make: (task) => this.#make(task),
      onError: (error, { id }) => parts.log.error({ err: error, decision: id }, "no decision could be made"),
      onMerged: options.onMerged,
    });
    this.#parts = {
      ...parts,
      mode: this.#mode,
      limitHeld: () => this.#last?.limit,
      onForecast: (forecast) => {
        this.#forecast = forecast;
        publish({ kind: "forecast", forecast, timeMs: parts.clock.now() });
      },
    };
  }

  /**
   * Has a decision made for a cause, in words. While one is being made, the next follows at once.
   *
   * @returns the id of the decision, and whether it begins now
   */
  decide(cause: string): { readonly id: string; readonly started: boolean } {
    return this.#decisions.begin(cause);
  }

  /** Makes the first decision; from here on the home is controlled. */
  start(): void {
    this.#hasStarted = true;
    this.decide("the core has started");
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Like `decide`, but nothing before the start. */
  decideIfStarted(cause: string): void {
    if (this.#hasStarted) this.decide(cause);
  }

  /** Like `decide`, in place of a decision being made. */
  decideInstead(cause: string): void {
    this.#decisions.beginInstead(cause);
  }

  /** A step begins, and the home decides later in it: a decision that follows a plan follows it into the step. */
  followPlan(): void {
    const next = this.#last && followPlan(this.#parts, this.#last, this.#kept);
    if (next) this.#finish(next);
  }

  /** The optimiser may answer again: decides at once where it did not the last time it was asked. */
  optimiserReturned(cause: string): void {
    const isMissed = this.#optimiserFailure !== undefined && this.#mode.now().kind === "auto";
    if (isMissed && !this.#decisions.isBusy) this.decide(cause);
  }

  /** A reading came: decides at once where a limit is crossed or a temperature is known again. */
  measured(): void {
    if (!this.#last) return;
    const { house, clock } = this.#parts;
    const zone = house.zone(clock.now());
    const { zone: before } = this.#last.observation;
    if (heldLimitAt(zone?.theta_air_c, this.#last.limit) !== this.#last.limit) {
      this.decide("a temperature limit was crossed");
    } else if (zone && !before) this.decide("a temperature is known again");
    else if (isOtherWindows(house.openWindows(clock.now()), this.#last.observation.windows))
      this.decide("a window was opened or shut");
  }

  /** Switches to manual mode; the valve is 0 to 1. */
  setValve(valve: number, duration_ms = this.#options.manual_ms): ModeState {
    this.#mode.set(manual(valve, this.#parts.clock.now(), duration_ms));
    this.decideInstead("manual command");
    return this.mode;
  }

  /** Switches to automatic mode, or keeps the valve where it is in manual mode. */
  setAuto(isAuto: boolean): ModeState {
    if (isAuto === (this.#mode.now().kind === "auto")) return this.mode;
    const valve = this.#last?.choice.valve ?? 0;
    this.#mode.set(isAuto ? auto : manual(valve, this.#parts.clock.now(), this.#options.manual_ms));
    this.decideInstead("the mode has changed");
    return this.mode;
  }

  /** Chooses who decides from now on. */
  setMode(kind: Standing["kind"]): ModeState {
    if (kind === this.#mode.now().kind) return this.mode;
    this.#mode.set({ kind });
    this.decideInstead("the mode has changed");
    return this.mode;
  }

  get mode(): ModeState {
    return this.#mode.state;
  }

  get decision(): Decision | undefined {
    return this.#last;
  }

  get plan(): PlanResponse | undefined {
    return this.#kept && planResponse(this.#kept);
  }

  /** The last plan and what it was made for; undefined before the first since the start. */
  get planned(): Planned | undefined {
    return this.#planned;
  }

  /** What heating is expected to cost; undefined while no plan is followed. */
  get costAhead(): CostAhead | undefined {
    return this.#costs && this.#costs.planId === this.#last?.choice.planId ? this.#costs : undefined;
  }

  /** What the last decision is made for, or the one being made. */
  get forecast(): PlanForecast | undefined {
    return this.#forecast;
  }

  /** Set while the optimiser should decide and does not. */
  get failsafe(): Failsafe | undefined {
    return this.#failsafe;
  }

  /** Why the optimiser gave no plan the last time it was asked; undefined where it did. */
  get optimiserFailure(): string | undefined {
    return this.#optimiserFailure;
  }

  /** Resolves when no decision is being made. */
  idle(): Promise<void> {
    return this.#decisions.idle();
  }

  async close(): Promise<void> {
    this.#mode.close();
    await this.#decisions.close();
  }

  async #make(task: Task): Promise<void> {
    this.#options.publish(this.#options.advance(this.#parts.clock.now()));
    const decision = await decide(this.#parts, task, this.#kept);
    task.signal.throwIfAborted();
    this.#finish(decision);
  }

  #finish(decision: Decision): void {
    const { optimisation, choice, timeMs } = decision;
    this.#last = decision;
    if (optimisation) this.#optimiserFailure = "why" in optimisation ? optimisation.why : undefined;
    if (optimisation && "plan" in optimisation) {
      this.#kept = { requestedMs: optimisation.requestedMs, plan: optimisation.plan };
      this.#planned = optimisation;
      this.#costs = optimisation.costs;
    }
    const sinceMs = this.#failsafe?.sinceMs ?? timeMs;
    const isFailsafe = choice.source === "failsafe";
    this.#failsafe = isFailsafe ? { ...choice, reason: sentenceOf(choice.reason), sinceMs } : undefined;
    this.#options.publish(decision);
  }
}

function isOtherWindows(now: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): boolean {
  return now.size !== before.size || [...now.keys()].some((room) => !before.has(room));
}
