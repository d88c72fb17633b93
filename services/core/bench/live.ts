/**
 * The live system under load, on this machine: `pnpm bench:live`. Real processes and a real
 * Mosquitto; prints figures, and exits with 1 where one misses its target.
 *
 * 1. While the optimiser solves back to back: event-loop delay of the core, and `GET /state` with 50 clients.
 * 2. 2,000 sensor messages a second through Mosquitto into the store, counted.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { isoTimeOf, topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { startMosquitto } from "@azru/messaging/testing";
import { openEmbeddedStore } from "@azru/timeseries";
import autocannon from "autocannon";

optionsOrExit(
  createCommand(
    "bench:live",
    "Measures the core while the optimiser solves, and the store under 2,000 messages a second.",
  ),
);

const seconds = 15;
const clients = 50;
const messagesPerSecond = 2_000;
const targets = { eventLoop_ms: 20, state_ms: 50 };
const startMs = Date.UTC(2026, 0, 15, 5);
const stepMs = 900_000;
const loopResolution_ms = 10; // prom-client's; a sample holds the pause between two looks, not the delay alone

const log = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const folder = mkdtempSync(join(tmpdir(), "azru-bench-"));
const broker = await startMosquitto();
const port = 18_000 + (process.pid % 1_000);
const api = `http://127.0.0.1:${port}`;

function start(service: "core" | "mpc", environment: Record<string, string>): ChildProcess {
  const main = fileURLToPath(new URL(`../../${service}/src/main.ts`, import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", main], {
    env: {
      ...process.env,
      MQTT_URL: broker.url,
      AZRU_LOG_LEVEL: "error",
      AZRU_DATA_DIR: folder,
      AZRU_TIME: "simulated",
      ...environment,
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

const core = start("core", {
  AZRU_HTTP_PORT: String(port),
  AZRU_HTTP_REQUESTS_PER_MINUTE: "1000000000",
});
const mpc = start("mpc", { AZRU_MPC_THREADS: "1" });
const device = connect({ url: broker.url, service: "bench", log });
await device.whenConnected();
while (!(await fetch(`${api}/health`).catch(() => undefined))) {
  if (core.exitCode !== null) throw new Error("the core has ended");
  await pause(100);
}

/** A metric of the core, the last of its name where it has labels. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${api}/metrics`)).text();
  return Number(text.match(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\S+)$`, "m"))?.[1]);
}

/** Event-loop delay, p99, of a process that does nothing meanwhile: what the machine itself adds. */
function idleDelay(): () => Promise<number> {
  const program = `
    const delay = require("node:perf_hooks").monitorEventLoopDelay({ resolution: ${loopResolution_ms} });
    delay.enable();
    process.on("message", () => process.send(delay.percentile(99) / 1e6, () => process.exit()));`;
  const child = spawn(process.execPath, ["--eval", program], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return async () => {
    const answer = once(child, "message");
    child.send("how long?");
    const [p99_ms] = await answer;
    return p99_ms - loopResolution_ms;
  };
}

async function solveBackToBack() {
  let timeMs = startMs;
  let decisions = 0;
  let goesOn = true;
  const next = async () => {
    timeMs += stepMs;
    const sim_time = isoTimeOf(timeMs);
    const temperature = 19.5 + Math.sin(timeMs / 3e6);
    await device.publish(topics.sensorMetrics, { room: "living-room" }, { temperature, sim_time });
    await device.publish(topics.clock, {}, sim_time);
  };
  const commands = device.subscribe(topics.valveSet, async () => {
    decisions++;
    if (goesOn) await next();
  });
  await commands.active;
  await next();
  while (decisions < 20) await pause(50); // the first ones compile the code

  await metric("nodejs_eventloop_lag_p99_seconds"); // begins a new measurement
  const before = decisions;
  const idle = idleDelay();
  const load = await autocannon({ url: `${api}/state`, connections: clients, duration: seconds });
  const lag_ms = 1000 * (await metric("nodejs_eventloop_lag_p99_seconds")) - loopResolution_ms;
  const idle_ms = await idle();
  goesOn = false;
  commands.close();
  const { latency, requests, non2xx, errors } = load;
  console.log(`while solving back to back (${((decisions - before) / seconds).toFixed(1)} plans/s):`);
  console.log(
    `  event-loop delay of the core, p99: ${lag_ms.toFixed(1)} ms; of an idle process: ${idle_ms.toFixed(1)} ms`,
  );
  console.log(
    `  GET /state, ${clients} clients: p50 ${latency.p50} ms, p99 ${latency.p99} ms, ${requests.mean.toFixed(0)} requests/s, ${non2xx + errors} failed`,
  );
  const isSlow = lag_ms - idle_ms > targets.eventLoop_ms || latency.p99 - idle_ms > targets.state_ms;
  return { missed: isSlow || non2xx + errors > 0, timeMs };
}

async function recordFast(fromMs: number) {
  const rooms = Array.from({ length: 10 }, (_, i) => `room-${i}`);
  const total = messagesPerSecond * seconds;
  const burst = 20;
  const startedAt = performance.now();
  for (let sent = 0; sent < total; sent += burst) {
    for (let i = sent; i < sent + burst; i++) {
      const sim_time = isoTimeOf(fromMs + 1 + i);
      const room = rooms[i % rooms.length];
      void device.publish(topics.sensorMetrics, { room }, { temperature: 20 + (i % 100) / 100, sim_time });
    }
    const due_ms = ((sent + burst) * 1000) / messagesPerSecond;
    await pause(Math.max(0, due_ms - (performance.now() - startedAt)));
  }
  const took_s = (performance.now() - startedAt) / 1000;
  const received = () => metric('azru_messages_total{topic="sensorMetrics",outcome="received"}');
  let seen = await received();
  for (let last = -1; seen !== last; seen = await received()) {
    last = seen;
    await pause(500);
  }
  while ((await metric("azru_store_pending_points")) > 0) await pause(100);
  const lost = await metric("azru_store_lost_points_total");
  const store = openEmbeddedStore({ filePath: join(folder, "azru.db") });
  const columns = await store.query({
    measurement: "sensors",
    fields: ["temperature"],
    startMs: fromMs + 1,
    stopMs: fromMs + 1 + total,
  });
  await store.close();
  const stored = columns
    .filter(({ tags }) => rooms.includes(tags.location))
    .reduce((sum, { values }) => sum + values.length, 0);
  console.log(
    `${(total / took_s).toFixed(0)} sensor messages/s for ${took_s.toFixed(0)} s through Mosquitto:`,
  );
  console.log(`  sent ${total}, stored ${stored}, lost ${total - stored} (the store gave up ${lost})`);
  return stored !== total;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

try {
  const { missed, timeMs } = await solveBackToBack();
  const isLossy = await recordFast(timeMs);
  process.exitCode = missed || isLossy ? 1 : 0;
} finally {
  await device.close();
  await end(core);
  await end(mpc);
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
}
