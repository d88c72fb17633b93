import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ForecastState,
  type MpcRequest,
  type OptimalPlan,
  type TariffState,
  topics,
} from "@azru/contracts";
import { connect, respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import type { ServiceProcess } from "@azru/runtime/testing";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import { soundPlan } from "./testing/sound-plan.ts";
import {
  type Device,
  silent,
  startMs,
  startOptimiser,
  startTestHome,
  stepMs,
  type TestHome,
} from "./testing/test-home.ts";

/** So long that no test waits for it: what comes, comes for another reason. */
const mpcTimeout_ms = 600_000;
const mosquitto = brokers.find(({ protocolVersion }) => protocolVersion === 5)!;

describe.skipIf(!mosquitto.available)(`faults of the optimiser and of ${mosquitto.name}`, () => {
  let home: TestHome;
  let device: Device;
  const workers: ServiceProcess[] = [];
  beforeEach(async () => {
    home = await startTestHome(mosquitto);
    device = await home.device();
  });
  afterEach(async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await Promise.all(workers.splice(0).map(({ ended }) => ended));
    await home.stop();
  });

  /** Workers that take requests. */
  async function start(...names: string[]): Promise<ServiceProcess[]> {
    let online = 0;
    const all = collector<number>();
    const watching = device.messenger.subscribe(
      topics.status,
      ({ payload, retained }) => {
        if (payload === "online" && !retained) all.push(++online);
      },
      { params: { service: "mpc" } },
    );
    await watching.active;
    const come = all.next((count) => count === names.length);
    const started = names.map((name) => startOptimiser(home.broker.url, name));
    workers.push(...started);
    await come;
    watching.close();
    return started;
  }

  async function answers() {
    const plans = collector<OptimalPlan>();
    await device.messenger.subscribe(topics.mpcPlan, ({ payload }) => plans.push(payload as OptimalPlan))
      .active;
    return plans;
  }

  test("a worker killed while it solves: another is asked, and no decision is missed", async () => {
    const [first] = await start("first");
    const { core } = await home.core({ mpcTimeout_ms });
    const requests = collector<MpcRequest>();
    const plans = await answers();
    await device.messenger.subscribe(topics.mpcRequest, ({ payload }) => requests.push(payload)).active;
    first.kill("SIGSTOP");
    const asked = requests.next(() => true);
    const decided = device.decision(startMs);
    const { id } = await asked;
    await start("second");
    first.kill("SIGKILL");
    expect(await decided).toMatchObject({ id, source: "mpc" });
    expect(plans.all.map((plan) => plan.worker)).toContain("second");
    await core.idle();
    expect(core.state().failsafe).toEqual({ active: false });
  });

  test("the last worker killed: the core fails safe at once, says so, and optimises when one is back", async () => {
    const [only] = await start("only");
    const { core, registry } = await home.core({ mpcTimeout_ms });
    expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });
    expect(core.readiness().status).toBe("ready");
    only.kill("SIGKILL");
    await only.ended;
    expect(await device.decision(startMs + stepMs)).toMatchObject({ source: "failsafe" });
    await core.idle();
    expect(core.state().failsafe).toMatchObject({
      active: true,
      reason: expect.stringContaining("no worker of the optimiser is online: following the plan of"),
    });
    expect(core.readiness()).toMatchObject({
      status: "degraded",
      dependencies: { mpc: { status: "down", detail: expect.stringContaining("no worker") } },
    });
    expect(await registry.metrics()).toContain('azru_fallbacks_total{cause="mpc_offline"} 1');

    const optimised = device.commands.next(({ source }) => source === "mpc");
    await start("again");
    expect(await optimised).toMatchObject({ source: "mpc" });
    await core.idle();
    expect(core.state().decision?.cause).toBe("the optimiser is back");
    expect(core.readiness().status).toBe("ready");
  });

  test("one of three workers killed is not the end of the optimiser", async () => {
    const [first] = await start("first", "second", "third");
    const { core } = await home.core({ mpcTimeout_ms });
    first.kill("SIGKILL");
    await first.ended;
    for (let k = 0; k < 6; k++) {
      expect(await device.decision(startMs + k * stepMs)).toMatchObject({ source: "mpc" });
    }
    await core.idle();
    expect(core.readiness().status).toBe("ready");
  });

  test("a question that a stranger took from the workers is asked again", async () => {
    const thief = connect({ url: home.broker.url, service: "thief", log: silent });
    const stolen = collector<MpcRequest>();
    await thief.subscribe(topics.mpcRequest, ({ payload }) => stolen.push(payload), { group: "mpc" }).active;
    const { core } = await home.core({ mpcTimeout_ms });
    const taken = stolen.next(() => true);
    const decided = device.decision(startMs);
    const { id } = await taken;
    await thief.close();
    respond(device.messenger, topics.mpcRequest, topics.mpcPlan, (request) =>
      flatPlan({ id: request.id, startMs: Date.parse(request.start) }),
    );
    await device.messenger.publish(topics.status, { service: "mpc" }, "online");
    expect(await decided).toMatchObject({ id, source: "mpc" });
    await core.idle();
  });

  test("a plan that comes too late is dropped and counted", async () => {
    const { core, registry } = await home.core({ mpcTimeout_ms: 100 });
    const requests = collector<MpcRequest>();
    await device.messenger.subscribe(topics.mpcRequest, ({ payload }) => requests.push(payload)).active;
    const asked = requests.next(() => true);
    expect(await device.decision(startMs, { temperature: 18 })).toMatchObject({ source: "failsafe" });
    const { id, start } = await asked;
    await device.messenger.publish(
      topics.mpcPlan,
      {},
      flatPlan({ id, startMs: Date.parse(start), valve_position: 1 }),
    );
    expect(await device.decision(startMs + stepMs, { temperature: 18 })).toMatchObject({
      valve_position: 100,
    });
    await core.idle();
    const metrics = await registry.metrics();
    expect(metrics).toContain("azru_mpc_unmatched_plans_total 1");
    expect(metrics).toContain('azru_fallbacks_total{cause="mpc_timeout"} 2');
    expect(core.plan()).toBeUndefined();
  });

  test.each([
    ["a valve beyond its bounds", { valve_position: 101 }, Number.POSITIVE_INFINITY, 2],
    ["half of its text", {}, 5_000, 2],
    ["temperatures that the house cannot have", { temperature_c: 400 }, Number.POSITIVE_INFINITY, 0],
    ["another length", { steps: 48 }, Number.POSITIVE_INFINITY, 0],
  ])("a plan with %s is not followed, and not waited for", async (_, wrong, length, rejected) => {
    const { core, registry } = await home.core({ mpcTimeout_ms });
    device.messenger.subscribe(topics.mpcRequest, ({ payload: { id, start } }) => {
      const plan = JSON.stringify(flatPlan({ id, startMs: Date.parse(start), ...wrong }));
      stranger.publish("home/mpc/plan", plan.slice(0, length));
    });
    const stranger = await mqtt.connectAsync(home.broker.url);
    expect(await device.decision(startMs, { temperature: 18 })).toMatchObject({
      source: "failsafe",
      valve_position: 100,
    });
    await stranger.endAsync();
    await core.idle();
    expect(core.state().failsafe.active).toBe(true);
    const metrics = await registry.metrics();
    expect(metrics).toContain('azru_fallbacks_total{cause="bad_plan"} 1');
    expect(metrics).toContain(`azru_messages_total{topic="mpcPlan",outcome="rejected"} ${rejected}`);
  });

  test("a broker that lost everything, three times: all of it is published again, and decisions go on", async () => {
    await start("only");
    const { core, messenger } = await home.core({ mpcTimeout_ms });
    expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });
    for (let round = 1; round <= 3; round++) {
      const lost = new Promise<void>((resolve) => {
        const stop = messenger.onConnectionChange((connected) => {
          if (connected) return;
          stop();
          resolve();
        });
      });
      await home.broker.kill();
      await lost;
      expect(core.readiness()).toMatchObject({
        status: "not_ready",
        dependencies: { broker: { status: "down" } },
      });
      await home.broker.restart();
      const late = connect({ url: home.broker.url, service: "late", log: silent });
      const tariffs = collector<TariffState>();
      const forecasts = collector<ForecastState>();
      const online = collector<string>();
      late.subscribe(topics.tariff, ({ payload }) => tariffs.push(payload));
      late.subscribe(topics.forecast, ({ payload }) => forecasts.push(payload));
      late.subscribe(topics.status, ({ payload, params }) => {
        if (payload === "online") online.push(params.service);
      });
      await Promise.all([
        tariffs.next(() => true, 0),
        forecasts.next(() => true, 0),
        ...["core", "mpc"].map((name) => online.next((service) => service === name, 0)),
        device.messenger.whenConnected(),
      ]);
      await late.close();
      expect(await device.decision(startMs + round * stepMs)).toMatchObject({ source: "mpc" });
    }
    const ids = device.commands.all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("without weather and colours from the start the home is heated, and says by what", async () => {
    respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
      flatPlan({ id, startMs: Date.parse(start) }),
    );
    const { core, registry } = await home.core({
      weatherSource: { name: "no network", series: () => Promise.reject(new Error("getaddrinfo ENOTFOUND")) },
      tariffSpec: `tempo:${join(home.folder, "no-such.csv")}`,
    });
    expect(await device.decision(startMs)).toMatchObject({ source: "mpc" });
    await core.idle();
    expect(core.state().inputs).toMatchObject({
      weather: {
        source: expect.stringContaining("reference"),
        fallback_reason: expect.stringContaining("ENOTFOUND"),
      },
      tariff: { fallback_reason: expect.stringContaining("no-such.csv") },
    });
    expect(core.readiness()).toMatchObject({
      status: "degraded",
      dependencies: { weather: { status: "degraded" }, tariff: { status: "degraded" } },
    });
    const metrics = await registry.metrics();
    expect(metrics).toContain('azru_substitute_active{input="weather"} 1');
    expect(metrics).toContain('azru_substitute_active{input="tariff"} 1');
  });

  test("colours that turn out to be others are taken over at once, a red day in summer too", async () => {
    respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }) =>
      soundPlan({ id, startMs: Date.parse(start), valve_position: 0 }, problem),
    );
    const file = join(home.folder, "colours.csv");
    const noonMs = Date.UTC(2026, 6, 15, 10);
    writeFileSync(file, "date,colour\n2026-07-15,blue\n2026-07-16,white\n");
    const { core } = await home.core({ tariffSpec: `tempo:${file}` });
    await device.decision(noonMs);
    await core.idle();
    expect(core.tariff()).toMatchObject({ today: { colour: "blue" }, tomorrow: { colour: "white" } });

    writeFileSync(file, "date,colour\n2026-07-15,white\n2026-07-16,red\n");
    expect(await device.decision(noonMs + 5 * 60_000)).toMatchObject({ source: "mpc" });
    await core.idle();
    expect(core.tariff()).toMatchObject({ today: { colour: "white" }, tomorrow: { colour: "red" } });
    expect(core.state().decision?.cause).toContain("new Tempo colour");
  });
});
