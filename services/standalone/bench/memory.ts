/**
 * Starts the whole system as `pnpm start` does and prints how long it takes to the first plan applied, and the
 * resident memory of the three services while the simulated home runs:
 *
 *     pnpm bench:memory [--seconds 60]
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createCommand, optionsOrExit, wholeNumber } from "@azru/command-line";
import { topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { createLogger } from "@azru/runtime";

const limit_mb = 350;
const { seconds: duration_s } = optionsOrExit<{ seconds: number }>(
  createCommand(
    "bench:memory",
    "Starts the whole system, and prints the time to the first plan and the memory of its services.",
  ).option("--seconds <count>", "how long memory is watched, from the first plan on", wholeNumber(1), 60),
);
const sampleEvery_ms = 1_000;
const together = "together";

const data = mkdtempSync(join(tmpdir(), "azru-bench-"));
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const options = ["--http-port", "0", "--mqtt-port", "0", "--data", data, "--log-format", "json"];
const startedAt = performance.now();
const system = spawn(process.execPath, ["--import", "tsx", main, ...options], {
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(system, "close");

const pids = new Map<string, number>();
const firstPlan = new Promise<number>((resolve, reject) => {
  createInterface({ input: system.stdout }).on("line", (line) => {
    const { msg, child, pid, mqttUrl } = JSON.parse(line);
    if (msg === `${child} started`) pids.set(child, pid);
    if (msg === "starting") listen(mqttUrl, resolve);
  });
  void ended.then(() => reject(new Error("the system ended before its first plan")));
});

try {
  const firstPlan_ms = await firstPlan;
  console.log(`Node ${process.versions.node}, ${pids.size} services, ${duration_s} s after the first plan\n`);
  const peaks = await watchMemory();
  for (const [name, peak_mb] of peaks) console.log(`${name.padEnd(20)}${peak_mb.toFixed(0).padStart(6)} MB`);
  const sum_mb = peaks.get(together)!;
  console.log(
    `\nlimit               ${String(limit_mb).padStart(6)} MB, ${sum_mb < limit_mb ? "kept" : "exceeded"}`,
  );
  console.log(`first plan applied  ${(firstPlan_ms / 1000).toFixed(1).padStart(6)} s after the start`);
  process.exitCode = sum_mb < limit_mb ? 0 : 1;
} finally {
  system.kill("SIGINT");
  await ended;
  rmSync(data, { recursive: true });
}

/** Calls with the ms since the start when the valve gets its first planned position. */
function listen(url: string, report: (elapsed_ms: number) => void): void {
  const log = createLogger({ service: "bench", level: "warn" });
  const messenger = connect({ url, service: "bench", log });
  messenger.subscribe(topics.valveSet, ({ payload }) => {
    if (payload.source !== "mpc") return;
    report(performance.now() - startedAt);
    void messenger.close();
  });
}

/** The most resident memory, MB, of each service and of all at the same time. */
async function watchMemory(): Promise<Map<string, number>> {
  const peaks = new Map<string, number>();
  const raise = (name: string, value_mb: number) => peaks.set(name, Math.max(peaks.get(name) ?? 0, value_mb));
  for (let elapsed_s = 0; elapsed_s < duration_s; elapsed_s += sampleEvery_ms / 1000) {
    let sum_mb = 0;
    for (const [name, pid] of pids) {
      const resident_mb = Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024;
      raise(name, resident_mb);
      sum_mb += resident_mb;
    }
    raise(together, sum_mb);
    await setTimeout(sampleEvery_ms);
  }
  return peaks;
}
