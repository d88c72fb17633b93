import { readyResponseSchema } from "@azru/contracts";
import type { StoreStats } from "@azru/timeseries";
import { expect, test } from "vitest";
import { type Dependencies, readiness, watchStore } from "./readiness.ts";

const well: Dependencies = {
  brokerConnected: true,
  storeProblem: undefined,
  optimiserFailure: undefined,
  workersProblem: undefined,
  hasPlan: true,
  weatherFallback: undefined,
  tariffFallback: undefined,
  temperatureProblem: undefined,
  doubtedThermometer: undefined,
  devicesProblem: undefined,
  heatingProblem: undefined,
  failsafe: undefined,
  hasDecided: true,
};

const ready = (changes: Partial<Dependencies> = {}) =>
  readyResponseSchema.parse(readiness({ ...well, ...changes }));

test("is ready when all is well", () => {
  const { status, dependencies } = ready();
  expect(status).toBe("ready");
  expect(Object.keys(dependencies)).toEqual([
    "broker",
    "store",
    "mpc",
    "weather",
    "tariff",
    "sensors",
    "heating",
  ]);
});

test.each<[Partial<Dependencies>, string, object]>([
  [{ storeProblem: "disk full; 3 points wait" }, "store", { status: "degraded" }],
  [{ weatherFallback: "HTTP 503" }, "weather", { status: "degraded", detail: "HTTP 503" }],
  [{ tariffFallback: "no colours yet" }, "tariff", { status: "degraded" }],
  [{ hasPlan: false }, "mpc", { status: "degraded", detail: "no plan yet" }],
  [{ workersProblem: "nobody is online" }, "mpc", { status: "down", detail: "nobody is online" }],
  [{ devicesProblem: "the valves service does not run" }, "devices", { status: "down" }],
  [{ temperatureProblem: "no temperature was ever measured" }, "sensors", { status: "down" }],
  [
    { optimiserFailure: "no answer", failsafe: { reason: "no answer: following the plan", sinceMs: 0 } },
    "mpc",
    { status: "down", detail: "no answer: following the plan", since: "1970-01-01T00:00:00.000Z" },
  ],
])("with %j the home is heated still, and %s is to blame", (changes, dependency, expected) => {
  const { status, dependencies } = ready(changes);
  expect(status).toBe("degraded");
  expect(dependencies[dependency]).toMatchObject(expected);
});

test("is not ready where no valve can be commanded", () => {
  expect(ready({ brokerConnected: false })).toMatchObject({
    status: "not_ready",
    dependencies: { broker: { status: "down" } },
  });
  expect(ready({ hasDecided: false }).status).toBe("not_ready");
});

test("reports a problem once a minute, with everything that was lost meanwhile", () => {
  const reported: [string, number][] = [];
  let nowMs = 0;
  const watch = watchStore(
    ({ reason, points }) => reported.push([reason, points]),
    () => nowMs,
  );
  for (; nowMs < 120_000; nowMs += 10_000) {
    watch.onProblem({ reason: "buffer-full", points: 3, message: "full" });
    watch.onProblem({ reason: "retrying", points: 100, message: "away" });
  }
  expect(reported).toEqual([
    ["buffer-full", 3],
    ["retrying", 100],
    ["buffer-full", 18],
    ["retrying", 100],
  ]);
});

test("a problem of the store is over when it stores again", () => {
  const reported: string[] = [];
  const watch = watchStore(({ message }) => reported.push(message));
  const stats = (written: number, pending: number): StoreStats => ({
    accepted: written + pending,
    written,
    pending,
    lost: 0,
    lossesByReason: { "buffer-full": 0, rejected: 0, closed: 0, unreadable: 0 },
  });
  expect(watch.problem(stats(10, 0))).toBeUndefined();
  watch.onProblem({ reason: "retrying", points: 5, message: "InfluxDB answers 503" });
  expect(watch.problem(stats(10, 5))).toBe("InfluxDB answers 503; 5 points wait");
  expect(watch.problem(stats(10, 8))).toBe("InfluxDB answers 503; 8 points wait");
  expect(watch.problem(stats(18, 2))).toBeUndefined();
  expect(reported).toEqual(["InfluxDB answers 503"]);
});

test("a problem is over at the first look, where points were stored since", () => {
  let written = 10;
  const watch = watchStore(
    () => undefined,
    () => 0,
    () => written,
  );
  const losses = { "buffer-full": 0, rejected: 0, closed: 0, unreadable: 0 };
  const stats = () => ({ accepted: written + 5, written, pending: 5, lost: 0, lossesByReason: losses });
  watch.onProblem({ reason: "retrying", points: 5, message: "the disk is full" });
  expect(watch.problem(stats())).toBe("the disk is full; 5 points wait");
  written = 20;
  expect(watch.problem(stats())).toBeUndefined();
});
