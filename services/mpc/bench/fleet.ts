/**
 * How many homes one broker and a few workers serve on this machine: `pnpm bench:fleet [--window 10]`.
 * Real Mosquitto, real workers, simulated homes with a connection each.
 *
 * 1. For each solver and number of workers, the largest fleet whose homes all have their plan before they ask
 *    again, where every home asks once in a window, one after the other. A home asks once in 900 s, so what is
 *    answered in a second serves 900 homes; only their connections are fewer.
 * 2. A worker is killed under two thirds of that fleet: whether anyone is left without a plan.
 * 3. What a message costs the broker, by size, and what a connection does.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createCommand, number, optionsOrExit } from "@azru/command-line";
import { topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { startMosquitto, type TestBroker } from "@azru/messaging/testing";
import mqtt from "mqtt";
import type { SolverName } from "../src/solver.ts";
import { createFleet, type Tick } from "../src/testing/fleet.ts";

const { window: window_s } = optionsOrExit<{ window: number }>(
  createCommand(
    "bench:fleet",
    "Looks for the largest fleet of homes that a broker and a few workers serve.",
  ).option("--window <seconds>", "in which each home asks once", number(1), 10),
);
const window_ms = window_s * 1000;
const step_ms = 900_000;
const smallestFleet = 64;
const largestFleet = 16_384;
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const log = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
// A fleet asks in bursts: more waits for a worker than the 1,000 messages that Mosquitto keeps by default.
const config = () => ["max_queued_messages 100000", "max_inflight_messages 1000"];

/** Processor time of a process since its start, s; `ticks` of Linux have 10 ms. */
function cpu_s(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function resident_kb(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1]);
}

async function startWorkers(broker: TestBroker, count: number, solver: SolverName): Promise<ChildProcess[]> {
  const watcher = connect({ url: broker.url, site: "fleet", service: "watcher", log });
  let online = 0;
  let wake = () => undefined as unknown;
  const all = new Promise<void>((resolve) => {
    wake = () => online === count && resolve();
  });
  const status = watcher.subscribe(
    topics.status,
    ({ payload }) => {
      if (payload === "online") online++;
      wake();
    },
    { params: { service: "mpc" } },
  );
  await status.active;
  const workers = Array.from({ length: count }, (_, i) =>
    spawn(process.execPath, ["--import", "tsx", main], {
      env: {
        ...process.env,
        MQTT_URL: broker.url,
        AZRU_LOG_LEVEL: "error",
        AZRU_SITE: "fleet",
        AZRU_MPC_FLEET: "true",
        AZRU_MPC_SOLVER: solver,
        AZRU_MPC_WORKER: `worker-${i}`,
        AZRU_MPC_THREADS: "1",
        AZRU_MPC_QUEUE: "100000",
        AZRU_MPC_LONGEST_SECONDS: "600",
      },
      stdio: ["ignore", "inherit", "inherit"],
    }),
  );
  await all;
  await watcher.close();
  return workers;
}

async function stop(workers: readonly ChildProcess[]): Promise<void> {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    const exit = once(worker, "exit");
    worker.kill("SIGKILL");
    await exit;
  }
}

interface Trial {
  readonly homes: number;
  readonly served: boolean;
  readonly plansPerSecond: number;
  readonly latencies_ms: readonly number[];
  readonly workerCpu_ms: number; // of each plan, all workers
  readonly brokerCpu_ms: number;
  readonly requestBytes: number;
  readonly planBytes: number;
  readonly askedAgain: number;
  readonly answered: number;
}

/** Every home asks once, spread over the window. */
async function trial(
  broker: TestBroker,
  workers: readonly ChildProcess[],
  homes: number,
  { retry_ms, halfway }: { retry_ms: number; halfway?: () => void },
): Promise<Trial> {
  const fleet = await createFleet({ url: broker.url, homes, retry_ms, deadline_ms: 600_000 });
  const pids = workers.map(({ pid }) => pid!);
  const workersCpu = () => pids.reduce((sum, pid) => sum + cpu_s(pid), 0);
  const before = { workers: workersCpu(), broker: cpu_s(broker.pid!) };
  const startedAt = performance.now();
  const ticks: Promise<Tick>[] = [];
  while (ticks.length < homes) {
    const due = Math.min(homes, Math.ceil(((performance.now() - startedAt) / window_ms) * homes));
    while (ticks.length < due) ticks.push(fleet.tick(ticks.length));
    if (halfway && ticks.length >= homes / 2) {
      halfway();
      halfway = undefined;
    }
    await pause(5);
  }
  const done = await Promise.all(ticks);
  const elapsed_s = (performance.now() - startedAt) / 1000;
  const alive = workers.every(({ signalCode }) => signalCode === null);
  const used = alive ? workersCpu() - before.workers : Number.NaN;
  await fleet.close();
  const latencies_ms = done.map(({ latency_ms }) => latency_ms).sort((a, b) => a - b);
  const { counts } = fleet;
  return {
    homes,
    served: latencies_ms.at(-1)! <= window_ms && counts.failed === 0,
    plansPerSecond: homes / elapsed_s,
    latencies_ms,
    workerCpu_ms: (used * 1000) / homes,
    brokerCpu_ms: ((cpu_s(broker.pid!) - before.broker) * 1000) / homes,
    requestBytes: counts.requestBytes / counts.asked,
    planBytes: counts.planBytes / homes,
    askedAgain: counts.asked - homes,
    answered: done.length,
  };
}

const quantile = (sorted: readonly number[], q: number) => sorted[Math.ceil(q * sorted.length) - 1];
const load = () => loadavg()[0].toFixed(1);

/** Doubles the fleet until it is not served any more, then halves the interval twice. */
async function largest(broker: TestBroker, workers: readonly ChildProcess[]): Promise<Trial> {
  const run = (homes: number) => trial(broker, workers, homes, { retry_ms: 10 * window_ms });
  await run(smallestFleet); // warms up
  let best = await run(smallestFleet);
  let tooMany = largestFleet + 1;
  while (best.homes * 2 < tooMany) {
    const next = await run(best.homes * 2);
    if (next.served) best = next;
    else tooMany = next.homes;
  }
  for (let halvings = 0; halvings < 2 && tooMany <= largestFleet; halvings++) {
    const next = await run(Math.round((best.homes + tooMany) / 2));
    if (next.served) best = next;
    else tooMany = next.homes;
  }
  return best;
}

console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.versions.node}, load ${load()}`);
console.log(`every home asks once in ${window_ms / 1000} s for a plan of 96 steps\n`);
console.log(
  "solver workers homes plans/s homes/900s p50_ms p95_ms p99_ms worker_ms/plan broker_ms/plan bytes load",
);
for (const solver of ["lp", "exact"] as const) {
  for (const count of [1, 2]) {
    const broker = await startMosquitto({ config });
    const workers = await startWorkers(broker, count, solver);
    const best = await largest(broker, workers);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(best.latencies_ms, q).toFixed(0));
    console.log(
      [
        solver,
        count,
        best.homes,
        best.plansPerSecond.toFixed(0),
        ((best.plansPerSecond * step_ms) / 1000).toFixed(0),
        p50,
        p95,
        p99,
        best.workerCpu_ms.toFixed(2),
        best.brokerCpu_ms.toFixed(2),
        `${best.requestBytes.toFixed(0)}+${best.planBytes.toFixed(0)}`,
        load(),
      ].join(" "),
    );
    if (count === 2) {
      const homes = Math.round((best.homes * 2) / 3);
      const killed = await trial(broker, workers, homes, {
        retry_ms: window_ms / 2,
        halfway: () => workers[0].kill("SIGKILL"),
      });
      console.log(
        `  a worker killed under ${homes} homes: ${killed.answered} answered, ${killed.askedAgain} asked again, slowest ${(killed.latencies_ms.at(-1)! / 1000).toFixed(1)} s`,
      );
    }
    await stop(workers);
    await broker.stop();
  }
}

for (const bytes of [100, 6_000, 20_000]) {
  const broker = await startMosquitto({ config });
  const [from, to] = await Promise.all(
    ["from", "to"].map((clientId) => mqtt.connectAsync(broker.url, { clientId, protocolVersion: 5 })),
  );
  await to.subscribeAsync("a", { qos: 1 });
  const count = bytes > 1_000 ? 5_000 : 20_000;
  let received = 0;
  const all = new Promise<void>((resolve) => {
    to.on("message", () => ++received === count && resolve());
  });
  const payload = "x".repeat(bytes);
  const before_s = cpu_s(broker.pid!);
  const startedAt = performance.now();
  for (let sent = 0; sent < count; sent += 100) {
    await Promise.all(Array.from({ length: 100 }, () => from.publishAsync("a", payload, { qos: 1 })));
  }
  await all;
  const elapsed_s = (performance.now() - startedAt) / 1000;
  const cpu_us = ((cpu_s(broker.pid!) - before_s) * 1e6) / count;
  console.log(
    `broker, ${bytes} bytes, QoS 1: ${(count / elapsed_s).toFixed(0)} messages/s passed on, ${cpu_us.toFixed(0)} us of its processor each`,
  );
  await Promise.all([from.endAsync(true), to.endAsync(true)]);
  await broker.stop();
}

const broker = await startMosquitto({ config });
const before_kb = resident_kb(broker.pid!);
const homes = 3_000;
const idle = await createFleet({ url: broker.url, homes, retry_ms: step_ms, deadline_ms: step_ms });
console.log(
  `a connection that waits: ${((resident_kb(broker.pid!) - before_kb) / homes).toFixed(1)} kB of the broker`,
);
await idle.close();
await broker.stop();
