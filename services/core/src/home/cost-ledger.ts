/**
 * What the home and its baseline cost over the same time: an instant counts where both are known, and on no side where
 * one is not.
 */
import { hourMs } from "@azru/runtime";

/** A cost spread evenly over `[startMs, endMs)`. */
export interface CostInterval {
  readonly startMs: number; // home time
  readonly endMs: number;
  readonly cost_eur: number;
}

/** The same of the baseline, with the heat that it gave. */
export interface BaselineInterval extends CostInterval {
  readonly heat_kwh: number;
}

/** Time in which both are known, and what it cost each. */
export interface Counted {
  readonly startMs: number; // home time
  readonly length_ms: number;
  readonly paid_eur: number;
  readonly baseline_eur: number;
  readonly baselineHeat_kwh: number;
}

/** What one side waits for the other at most: a reading that comes late, or a step that is not over. */
const longestWait_ms = 48 * hourMs;

/** Pairs the two sides. Intervals of a side come in order of time; one from before the last is of a clock that was set back. */
export class CostLedger {
  #paid: readonly CostInterval[] = [];
  #baseline: readonly BaselineInterval[] = [];

  /** @returns what can be counted now */
  addPaid(paid: CostInterval): readonly Counted[] {
    this.#prepareFor(paid, this.#paid);
    this.#paid = [...this.#paid, paid];
    return this.#baseline.flatMap((baseline) => overlapOf(paid, baseline));
  }

  /** @returns what can be counted now */
  addBaseline(baseline: BaselineInterval): readonly Counted[] {
    this.#prepareFor(baseline, this.#baseline);
    this.#baseline = [...this.#baseline, baseline];
    return this.#paid.flatMap((paid) => overlapOf(paid, baseline));
  }

  #prepareFor({ startMs, endMs }: CostInterval, before: readonly CostInterval[]): void {
    const hasGoneBack = startMs < (before.at(-1)?.endMs ?? startMs);
    const keptFromMs = hasGoneBack ? Number.POSITIVE_INFINITY : endMs - longestWait_ms;
    const isKept = (interval: CostInterval) => interval.endMs > keptFromMs;
    this.#paid = this.#paid.filter(isKept);
    this.#baseline = this.#baseline.filter(isKept);
  }
}

function overlapOf(paid: CostInterval, baseline: BaselineInterval): readonly Counted[] {
  const startMs = Math.max(paid.startMs, baseline.startMs);
  const length_ms = Math.min(paid.endMs, baseline.endMs) - startMs;
  if (length_ms <= 0) return [];
  const shareOf = (interval: CostInterval) => length_ms / (interval.endMs - interval.startMs);
  const baselineShare = shareOf(baseline);
  return [
    {
      startMs,
      length_ms,
      paid_eur: paid.cost_eur * shareOf(paid),
      baseline_eur: baseline.cost_eur * baselineShare,
      baselineHeat_kwh: baseline.heat_kwh * baselineShare,
    },
  ];
}
