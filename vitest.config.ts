import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

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

const shared = { testTimeout: 60_000, hookTimeout: 60_000 };

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
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: "system",
          // Vitest leaves a core to itself by default; these tests mostly wait for processes.
          maxWorkers: Math.max(2, availableParallelism() - 1),

          benchmark: { include: [] },
          include: [
            "packages/**/*.test.ts",
            "services/**/*.test.ts",
            "tests/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", ...pure],
          // On machines that others use too, a test on real processes may meet a pause longer than its patience.
          retry: process.env.AZRU_SECOND_CHANCE ? 1 : 0,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: ["./scripts/second-chances.ts", "default"],
  },
});
