/** What became of the control that a model has to earn. */
import type { HomeController, HomeDecision } from "@azru/simulation";

export interface ControlAccount {
  /** Share of the decisions that a plan made, 0 to 1; the rule made the others. */
  readonly planned_share: number;
  /** How often a model lost the control that it had. */
  readonly lost: number;
  /** Attempts to learn the house that were accepted, and those that were refused. */
  readonly learnt: number;
  readonly refused: number;
}

/** Counts decisions, and learnings when they change. */
export function createControlAccount() {
  let [decisions, planned, lost, learnt, refused] = [0, 0, 0, 0, 0];
  let wasTrusted = false;
  let last: HomeController["learning"];
  return {
    /** @param learning the last attempt to learn, that of the step before where there was none in between */
    note({ plan, standing }: HomeDecision, learning: HomeController["learning"]): void {
      decisions++;
      if (plan) planned++;
      if (wasTrusted && !standing.isTrusted) lost++;
      wasTrusted = standing.isTrusted;
      if (learning === last) return;
      last = learning;
      if (learning?.accepted) learnt++;
      else refused++;
    },
    get account(): ControlAccount {
      return { planned_share: decisions > 0 ? planned / decisions : 0, lost, learnt, refused };
    },
  };
}
