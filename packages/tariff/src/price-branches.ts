/** Prices that are not decided yet, as a tree over what turns out. */

/** What turns out before a step begins. */
export interface PriceBranches {
  /** Counted from the first step of the horizon. */
  readonly step: number;
  readonly branches: readonly PriceBranch[];
}

/** One way in which it may turn out. */
export interface PriceBranch {
  /** Given all that turned out before; the probabilities of siblings sum to 1 and none is 0. */
  readonly probability: number;
  /** Of the steps from the branching on, until the next one or the end of the horizon. */
  readonly price_eur_kwh: Float64Array;
  /** What turns out next; the same object for branches that go on alike. */
  readonly after?: PriceBranches;
}

/**
 * A tree of `from` steps earlier, cut to a horizon of `count` steps. What has turned out since then does so
 * before the second step: whoever holds an old tree learns of it no sooner. What makes no difference within
 * the horizon is left as a single branch. Objects that were shared still are.
 *
 * @param tree reaches the end of the horizon at least
 * @returns undefined when nothing turns out that makes a difference within the horizon
 */
export function cutBranches(tree: PriceBranches, from: number, count: number): PriceBranches | undefined {
  const cuts = new Map<PriceBranches, PriceBranches | undefined>();

  const cutOnce = (whole: PriceBranches): PriceBranches | undefined => {
    const step = Math.max(whole.step - from, 1);
    if (step >= count) return undefined;
    const branches = whole.branches.map(({ probability, price_eur_kwh, after: next }): PriceBranch => {
      const after = next && cut(next);
      const first = step + from - whole.step;
      const prices = price_eur_kwh.subarray(first, first + (after?.step ?? count) - step);
      return { probability, price_eur_kwh: prices, ...(after && { after }) };
    });
    const [one] = branches;
    return {
      step,
      branches: branches.every((each) => isAlike(each, one)) ? [{ ...one, probability: 1 }] : branches,
    };
  };
  const cut = (whole: PriceBranches) => {
    if (!cuts.has(whole)) cuts.set(whole, cutOnce(whole));
    return cuts.get(whole);
  };

  const all = cut(tree);
  const isDecided = all?.branches.length === 1 && all.branches[0].after === undefined;
  return isDecided ? undefined : all;
}

function isAlike(a: PriceBranch, b: PriceBranch): boolean {
  return a.after === b.after && a.price_eur_kwh.every((price, k) => price === b.price_eur_kwh[k]);
}
