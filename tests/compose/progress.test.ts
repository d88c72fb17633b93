import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchProgress } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("ends what has stalled, however long it went on before", () => {
  const { signal, made } = watchProgress(10);
  for (let minute = 0; minute < 100; minute += 9) {
    vi.advanceTimersByTime(9 * 60_000);
    expect(signal.aborted).toBe(false);
    made();
  }
  vi.advanceTimersByTime(10 * 60_000);
  expect(signal.reason).toMatchObject({ message: "nothing went on for 10 minutes, the limit of --stall" });
});
