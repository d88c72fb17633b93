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

/** So many cases of a property, times AZRU_FUZZ_RUNS. */
export function runs(cases: number): { numRuns: number } {
  return { numRuns: Math.max(1, Math.round(cases * factor)) };
}

/** What a test may take, ms; grows with AZRU_FUZZ_RUNS. */
export const patience_ms = 120_000 * Math.max(1, factor);
