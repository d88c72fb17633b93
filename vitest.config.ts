import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "services/**/*.test.ts", "tests/**/*.test.ts", "bench/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On machines that others use too a test may meet a pause longer than its patience; the report names who needed it.
    retry: process.env.CI ? 1 : 0,
    benchmark: { include: ["packages/**/*.bench.ts", "services/**/*.bench.ts"] },
  },
});
