import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { withinTime } from "./time-limit.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function untilAborted(limit: AbortSignal): Promise<string> {
  while (!limit.aborted) await setImmediate();
  return "ended";
}

it("ends the work after the time, though garbage is collected meanwhile", async () => {
  const work = async (limit: AbortSignal) => {
    await setImmediate();
    collectGarbage();
    return untilAborted(limit);
  };
  expect(await withinTime(1, new AbortController().signal, work)).toBe("ended");
});

it("ends the work with the other signal", async () => {
  const shutdown = new AbortController();
  const ended = withinTime(2 ** 30, shutdown.signal, untilAborted);
  shutdown.abort();
  expect(await ended).toBe("ended");
  expect(await withinTime(2 ** 30, shutdown.signal, untilAborted)).toBe("ended");
});
