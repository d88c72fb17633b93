/** The tree of prices over colours that are still to be published. */
import type { PriceBranch, PriceBranches } from "./price-branches.ts";
import type { ColourProbabilities } from "./probabilities.ts";
import type { Rate, TempoColour } from "./rate.ts";
import { stepPrices } from "./step-prices.ts";
import type { TempoDay } from "./tempo-day.ts";

/** What somebody knows of a tariff's colours, and how it grows. */
export interface Beliefs<Known> {
  readonly odds: (day: string, known: Known) => ColourProbabilities;
  readonly given: (known: Known, day: string, colour: TempoColour) => Known;
  readonly rates: (startMs: number, endMs: number, known: Known) => Rate[];
}

export interface Grid {
  readonly startMs: number;
  readonly dtSeconds: number;
  readonly count: number;
}

const colours = ["blue", "white", "red"] as const;
const deepest = 3; // days: each one more would treble the tree
const negligible = 1e-12; // probabilities below are rounding

/**
 * Builds the tree; see `Tariff.priceTree` for what it means.
 *
 * @param allOpen the days in the horizon whose colours are still to be published, in order; from the fourth on they
 *   are taken at the prices expected of them
 */
export function priceTree<Known>(
  { startMs, dtSeconds, count }: Grid,
  allOpen: readonly TempoDay[],
  now: Known,
  { odds, given, rates }: Beliefs<Known>,
): PriceBranches | undefined {
  const open = allOpen.slice(0, deepest);
  const isCut = allOpen.length > deepest;
  const dtMs = dtSeconds * 1000;
  const stepFrom = (timeMs: number) => Math.max(1, Math.ceil((timeMs - startMs) / dtMs));
  const prices = (known: Known, from: number, to: number) => {
    const fromMs = startMs + from * dtMs;
    return stepPrices(rates(fromMs, startMs + to * dtMs, known), fromMs, dtSeconds, to - from);
  };
  const possible = (i: number, known: Known) => {
    const p = odds(open[i].day, known);
    return colours.filter((colour) => p[colour] > negligible).map((colour) => [colour, p[colour]] as const);
  };
  /** Finds the days from `i` on that can have one colour only; `path` names the colours from `from` on. */
  const settle = (known: Known, i: number, path: string): { known: Known; i: number; path: string } => {
    const [certain, another] = i < open.length ? possible(i, known) : [];
    if (certain === undefined || another !== undefined) return { known, i, path };
    return settle(given(known, open[i].day, certain[0]), i + 1, `${path} ${certain[0]}`);
  };
  const tails = new Map<string, PriceBranches>();

  const branching = (known: Known, i: number, isFirst: boolean): PriceBranches => {
    const { day, publishedMs, startMs: beginsMs } = open[i];
    const step = stepFrom(publishedMs);
    const beginning = stepFrom(beginsMs);
    const branches = possible(i, known).map(([colour, probability]): PriceBranch => {
      const next = settle(given(known, day, colour), i + 1, `${i} ${colour}`);
      if (next.i < open.length) {
        const after = branching(next.known, next.i, false);
        return { probability, price_eur_kwh: prices(next.known, step, after.step), after };
      }
      if (isFirst || isCut || beginning <= step || beginning >= count) {
        return { probability, price_eur_kwh: prices(next.known, step, count) };
      }
      // From its beginning on, the last day goes on alike whatever the days before it turned out to be.
      let after = tails.get(next.path);
      if (after === undefined) {
        const tail = { probability: 1, price_eur_kwh: prices(next.known, beginning, count) };
        after = { step: beginning, branches: [tail] };
        tails.set(next.path, after);
      }
      return { probability, price_eur_kwh: prices(next.known, step, beginning), after };
    });
    return { step, branches };
  };

  const first = settle(now, 0, "");
  return first.i < open.length ? branching(first.known, first.i, true) : undefined;
}
