/** The home goes on step by step, and between two steps another model of it may come into use. */
import type { BaselineStep } from "./baseline.ts";
import type { HomeEstimate } from "./home-estimate.ts";
import type { House } from "./house.ts";
import type { HouseModel } from "./house-model.ts";
import type { ModelInForce } from "./model-in-force.ts";

/** What changed when the home came to a step. */
export interface HomeStep {
  readonly kind: "step";
  readonly startMs: number; // home time
  /** The steps of the baseline that are over. */
  readonly baseline: readonly BaselineStep[];
  /** Undefined where it is not known, or has not changed. */
  readonly estimate: HomeEstimate | undefined;
  /** The model that has come into use, if any. */
  readonly newModel: HouseModel | undefined;
}

/**
 * @param step_ms the controller's step
 * @returns takes the home to the step that an instant lies in, once for each step, and a proposed model into use:
 *   here and nowhere else the model changes, when the step before is over and nothing is decided for the next
 */
export function createHomeSteps(
  house: Pick<House, "zone" | "advance" | "estimate" | "changeModel">,
  model: Pick<ModelInForce, "next" | "useNext">,
  step_ms: number,
): (nowMs: number) => HomeStep {
  let reachedMs: number | undefined;
  return (nowMs) => {
    const startMs = Math.floor(nowMs / step_ms) * step_ms;
    const isNew = startMs !== reachedMs || !house.estimate;
    const baseline = isNew ? house.advance(startMs, house.zone(nowMs)) : [];
    reachedMs = startMs;
    const newModel = model.next;
    if (newModel) {
      house.changeModel(newModel);
      model.useNext();
    }
    const estimate = isNew || newModel ? house.estimate : undefined;
    return { kind: "step", startMs, baseline, estimate, newModel };
  };
}
