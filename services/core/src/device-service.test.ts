import type { Messenger } from "@azru/messaging";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchDeviceService } from "./device-service.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A messenger that gives what a test says the service's status is. */
function statuses() {
  let handler: (message: { payload: string }) => void = () => {};
  const subscribe = (_topic: unknown, onMessage: typeof handler) => {
    handler = onMessage;
    return { close() {} };
  };
  return {
    messenger: { subscribe } as unknown as Messenger,
    say: (payload: "online" | "offline") => handler({ payload }),
  };
}

test("says how to start the service that nobody has started, once it had a minute to come", () => {
  const { messenger, say } = statuses();
  const watch = watchDeviceService(messenger, true);
  vi.advanceTimersByTime(59_000);
  expect(watch.problem).toBeUndefined();
  vi.advanceTimersByTime(2_000);
  expect(watch.problem).toContain("docker compose --profile valves up -d");
  say("online");
  expect(watch.problem).toBeUndefined();
  say("offline");
  expect(watch.problem).toBeUndefined();
  vi.advanceTimersByTime(61_000);
  expect(watch.problem).toContain("does not run");
});

test("misses no service where no devices were named", () => {
  const watch = watchDeviceService(statuses().messenger, false);
  vi.advanceTimersByTime(120_000);
  expect(watch.problem).toBeUndefined();
});
