/** The model of the house that decisions go by, and the one that is to take its place. */
import type { HouseModel } from "./house-model.ts";

export interface ModelInForce {
  readonly now: HouseModel;
  /** Waits for the next decision; undefined where none does. */
  readonly next: HouseModel | undefined;
  /** Lets another model come into force with the next decision, which is asked for; `cause` in words. */
  propose(model: HouseModel, cause: string): void;
  /** The model that waits comes into force; between two decisions. */
  useNext(): void;
  /** Calls `listener` when a model begins to wait. */
  onProposal(listener: (cause: string) => void): void;
}

export function createModelInForce(first: HouseModel): ModelInForce {
  let now = first;
  let next: HouseModel | undefined;
  const listeners: ((cause: string) => void)[] = [];
  return {
    get now() {
      return now;
    },
    get next() {
      return next;
    },
    propose(model, cause) {
      next = model === now ? undefined : model;
      if (next) for (const listener of listeners) listener(cause);
    },
    useNext() {
      now = next ?? now;
      next = undefined;
    },
    onProposal(listener) {
      listeners.push(listener);
    },
  };
}
