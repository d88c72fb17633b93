/** Messages that wait for the broker: the latest of each topic name, oldest first. */
import type { Topic } from "@azru/contracts";

export interface Waiting {
  readonly topic: Topic;
  readonly name: string;
  readonly text: string;
}

const capacity = 1000; // topic names; a home has some ten

export class Outbox {
  readonly #waiting = new Map<string, Waiting>();

  /** Keeps a message; returns the one that it replaces or pushes out. */
  put(message: Waiting): Waiting | undefined {
    const replaced = this.#waiting.get(message.name);
    this.#waiting.delete(message.name);
    this.#waiting.set(message.name, message);
    if (replaced || this.#waiting.size <= capacity) return replaced;
    const [oldest] = this.#waiting.values();
    this.#waiting.delete(oldest.name);
    return oldest;
  }

  /** Hands out everything that waits, and forgets it. */
  take(): Waiting[] {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return all;
  }
}
