/** How far a room's switched heaters were on between two measurements: what they gave, beside what was commanded. */

export interface HeatGiven {
  /** Goes on to a time of the steady clock. @param isOn by heater, from now on; undefined where nobody knows */
  step(nowMs: number, isOn: readonly boolean[] | undefined): void;
  /** Share of their power since it was last taken, or now, %; undefined where it is not known for all of that time. */
  take(): number | undefined;
}

/** @param rated_w by heater; where none is known, heaters count alike */
export function createHeatGiven(rated_w: readonly number[]): HeatGiven {
  const isRated = rated_w.some((power) => power > 0);
  const weights = rated_w.map((power) => (isRated ? power : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let last: { readonly atMs: number; readonly share: number | undefined } | undefined;
  let [on_ms, all_ms, isKnown] = [0, 0, true];
  return {
    step(nowMs, isOn) {
      if (last) {
        const elapsed_ms = Math.max(0, nowMs - last.atMs);
        all_ms += elapsed_ms;
        on_ms += elapsed_ms * (last.share ?? 0);
        if (last.share === undefined && elapsed_ms > 0) isKnown = false;
      }
      const share = isOn && isOn.reduce((sum, one, i) => sum + (one ? weights[i] : 0), 0) / total;
      last = { atMs: nowMs, share };
    },
    take() {
      const share = all_ms > 0 ? on_ms / all_ms : last?.share;
      const given = isKnown && share !== undefined ? Math.round(10_000 * share) / 100 : undefined;
      [on_ms, all_ms, isKnown] = [0, 0, true];
      return given;
    },
  };
}
