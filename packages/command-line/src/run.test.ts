import { afterEach, expect, test, vi } from "vitest";
import { UsageError } from "./errors.ts";
import { runCommand } from "./run.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test.each([
  [undefined, "pnpm run setup", "pnpm run setup: no such town\n"],
  ["azru", "pnpm run setup", "azru setup: no such town\n"],
  ["azru", "pnpm start", "azru start: no such town\n"],
  ["azru", "simulate", "simulate: no such town\n"],
])("a complaint begins with the command as it was called: %s, %s", async (call, name, line) => {
  vi.stubEnv("AZRU_CALL", call);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await runCommand(name, () => Promise.reject(new UsageError("no such town")));
  expect(write).toHaveBeenCalledWith(line);
  expect(process.exitCode).toBe(2);
});
