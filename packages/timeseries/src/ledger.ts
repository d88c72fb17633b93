/** Book-keeping of what was written: no point disappears without a line in it. */
import type { LossReason, StoreStats, WriteProblem } from "./store.ts";
import { StoreError } from "./store-error.ts";

export class Ledger {
  #accepted = 0;
  #written = 0;
  readonly #lossesByReason: Record<LossReason, number> = {
    "buffer-full": 0,
    rejected: 0,
    closed: 0,
    unreadable: 0,
  };
  #unreported = 0;
  #lastLoss = "";
  readonly #onProblem: (problem: WriteProblem) => void;

  constructor(onProblem: (problem: WriteProblem) => void = () => {}) {
    this.#onProblem = onProblem;
  }

  get stats(): StoreStats {
    return {
      accepted: this.#accepted,
      written: this.#written,
      pending: this.#accepted - this.settled,
      lost: this.#lost,
      lossesByReason: { ...this.#lossesByReason },
    };
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** Points whose fate is known. */
  get settled(): number {
    return this.#written + this.#lost;
  }

  get #lost(): number {
    return Object.values(this.#lossesByReason).reduce((sum, points) => sum + points);
  }

  accept(points: number): void {
    this.#accepted += points;
  }

  wrote(points: number): void {
    this.#written += points;
  }

  lose(points: number, reason: LossReason, message: string): void {
    if (points === 0) return;
    this.#lossesByReason[reason] += points;
    this.#unreported += points;
    this.#lastLoss = message;
    this.#onProblem({ reason, points, message });
  }

  retrying(points: number, message: string): void {
    this.#onProblem({ reason: "retrying", points, message });
  }

  memoryOnly(points: number, message: string): void {
    this.#onProblem({ reason: "memory-only", points, message });
  }

  /** @throws StoreError "lost" when points were lost since the last call */
  throwUnreported(): void {
    if (this.#unreported === 0) return;
    const points = this.#unreported;
    this.#unreported = 0;
    throw new StoreError("lost", `${countPoints(points)} lost: ${this.#lastLoss}`);
  }
}

/** "1 point is", "2 points are". */
export function countPoints(points: number): string {
  return points === 1 ? "1 point is" : `${points} points are`;
}
