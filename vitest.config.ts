import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import LongFirst from "./scripts/long-first.ts";

/** Packages without files, processes or connections: their tests share a process, which saves most of their time. */
const pure = [
  "actuators",
  "comfort",
  "control",
  "house",
  "identification",
  "physics",
  "setup",
  "simulation",
  "tariff",
  "time",
  "weather",
].map((name) => `packages/${name}/**/*.test.ts`);

/** Tests that live by the wall clock: beside others, answers come too late that are in time on a home's machine. */
const alone = ["tests/soak/*.test.ts"];

/** Vitest would leave one to itself, and does little there. */
const processors = Math.max(2, availableParallelism());

/**
 * No test waits by time, so this only ends one that hangs. Where other work takes the processors, tests on real
 * processes have taken over a minute that take two seconds alone.
 */
const patience_ms = 300_000;
const shared = {
  testTimeout: patience_ms,
  hookTimeout: patience_ms,
  expect: { poll: { timeout: patience_ms } },
};

/** Of the tests on real processes, files and connections. */
const processes = {
  ...shared,
  benchmark: { include: [] },
  globalSetup: "tests/programs.ts",
  // On machines that others use too, a test on real processes may meet a pause longer than its patience.
  retry: process.env.AZRU_SECOND_CHANCE ? 1 : 0,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: pure,
          benchmark: { include: ["packages/**/*.bench.ts"] },
          isolate: false,
          pool: "threads",
          maxWorkers: processors,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...processes,
          name: "system",
          // More than there are processors: these tests wait half of their time, for processes that start and for answers.
          maxWorkers: processors + 2,
          // Loading the modules anew for each file takes longer than most files run; files put back what they change.
          isolate: false,
          include: [
            "packages/**/*.test.ts",
            "services/**/*.test.ts",
            "tests/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", ...pure, ...alone],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...processes,
          name: "soak",
          maxWorkers: 1,
          include: alone,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    sequence: { sequencer: LongFirst },
    reporters: ["./scripts/second-chances.ts", "default"],
  },
});
