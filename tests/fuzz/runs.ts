/** How many cases the fuzz tests try. */
import { numeric, readConfig } from "@azru/runtime";

const { factor } = readConfig(
  {
    factor: {
      env: "AZRU_FUZZ_RUNS",
      schema: numeric(0.001, 1e6).default(1),
      description: "multiplies the number of cases of every fuzz test",
    },
  },
  process.env,
);

/** Share of the cases where there are thousands: each run draws others, so that many runs are as thorough as a long one. */
const everyday = 1 / 3;

/** So many cases of a property, of many a third, times AZRU_FUZZ_RUNS. */
export function runs(cases: number): { numRuns: number } {
  const daily = Math.max(Math.min(cases, 1_000), cases * everyday);
  return { numRuns: Math.max(1, Math.round(daily * factor)) };
}

/** What a test may take, ms; grows with AZRU_FUZZ_RUNS. */
export const patience_ms = 120_000 * Math.max(1, factor);
