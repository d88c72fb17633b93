/** How long to wait before trying the broker again. */

/** Growing pauses, each shortened by up to half at random, so that many clients do not return as one. */
export function reconnectPauses(min_ms: number, max_ms: number) {
  let pause_ms = min_ms;
  return {
    next(): number {
      const jittered = pause_ms * (0.5 + 0.5 * Math.random());
      pause_ms = Math.min(max_ms, pause_ms * 2);
      return Math.max(1, Math.round(jittered));
    },
    reset(): void {
      pause_ms = min_ms;
    },
  };
}
