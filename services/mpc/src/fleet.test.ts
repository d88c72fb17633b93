import { topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { afterEach, describe, expect, it } from "vitest";
import { createFleet } from "./testing/fleet.ts";

const main = new URL("./main.ts", import.meta.url);
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const mosquitto = brokers.find(({ protocolVersion }) => protocolVersion === 5)!;
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Starts workers for a fleet, and waits until all of them take requests. */
async function workersOn(url: string, ...names: string[]): Promise<ServiceProcess[]> {
  const watcher = connect({ url, site: "fleet", service: "watcher", log: silent });
  open.push(() => watcher.close());
  let online = 0;
  let check = () => undefined as unknown;
  const all = new Promise<void>((resolve) => {
    check = () => online === names.length && resolve();
  });
  await watcher.subscribe(
    topics.status,
    ({ payload }) => {
      if (payload === "online") online++;
      check();
    },
    { params: { service: "mpc" } },
  ).active;
  const workers = names.map((name) => {
    const worker = startService(main, {
      MQTT_URL: url,
      AZRU_SITE: "fleet",
      AZRU_MPC_FLEET: "true",
      AZRU_MPC_SOLVER: "exact",
      AZRU_MPC_WORKER: name,
      AZRU_MPC_THREADS: "1",
      AZRU_MPC_QUEUE: "1000",
    });
    open.push(async () => {
      worker.kill("SIGKILL");
      await worker.ended;
    });
    return worker;
  });
  await all;
  return workers;
}

describe.skipIf(!mosquitto.available)(`a fleet on ${mosquitto.name}`, () => {
  it("of 50 homes lives by its own plans, though a worker dies under it", async () => {
    const broker = await mosquitto.start();
    open.push(broker.stop);
    const [first] = await workersOn(broker.url, "first", "second");
    const fleet = await createFleet({
      url: broker.url,
      homes: 50,
      retry_ms: 5_000,
      deadline_ms: 600_000,
    });
    open.push(() => fleet.close());

    const round = () => Promise.all(fleet.sites.map((_, home) => fleet.tick(home)));
    const before = await round();
    expect(new Set(before.map(({ worker }) => worker))).toEqual(new Set(["first", "second"]));

    const ticks = round();
    first.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    expect(await ticks).toHaveLength(50);
    const after = await round();
    expect(new Set(after.map(({ worker }) => worker))).toEqual(new Set(["second"]));
    expect(fleet.counts.failed).toBe(0);
  });
});
