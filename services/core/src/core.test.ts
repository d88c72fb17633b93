import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ForecastState,
  isoTimeOf,
  type MpcRequest,
  type OptimalPlan,
  planResponseSchema,
  stateResponseSchema,
  type TariffState,
  topics,
} from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import { soundPlan } from "./testing/sound-plan.ts";
import { room, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const minute = 60_000;

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`core on ${kind.name}`, () => {
    let home: TestHome;
    beforeEach(async () => {
      home = await startTestHome(kind);
    });
    afterEach(() => home.stop());

    test("decides with the real optimiser, and everything of it is seen and stored", async () => {
      const device = await home.device();
      const requests = collector<MpcRequest>();
      const plans = collector<OptimalPlan>();
      const tariffs = collector<TariffState>();
      const forecasts = collector<ForecastState>();
      device.messenger.subscribe(topics.mpcRequest, ({ payload }) => requests.push(payload));
      device.messenger.subscribe(topics.mpcPlan, ({ payload }) => plans.push(payload as OptimalPlan));
      device.messenger.subscribe(topics.tariff, ({ payload }) => tariffs.push(payload));
      await device.messenger.subscribe(topics.forecast, ({ payload }) => forecasts.push(payload)).active;
      const optimiser = await home.optimiser(device.messenger);
      const { core, store } = await home.core();

      const first = await device.decision(startMs, { temperature: 19.6, mass_temperature: 19.9 });
      const [request] = requests.all;
      const [plan] = plans.all;
      expect(first).toMatchObject({ source: "mpc", id: request.id, sim_time: "2026-01-15T05:00:00.000Z" });
      expect(request.problem.x_c).toEqual([19.6]); // the sensor in the wall decides nothing
      expect(plan.id).toBe(request.id);
      expect(first.valve_position).toBe(plan.valve_position[0]);
      expect(first.planned_power).toBeCloseTo(plan.planned_power[0], 6);

      const second = await device.decision(startMs + stepMs, { temperature: 19.7 });
      expect(second).toMatchObject({ source: "mpc", sim_time: "2026-01-15T05:15:00.000Z" });
      expect(second.id).not.toBe(first.id);

      await core.idle();
      await store.flush();
      const state = stateResponseSchema.parse(core.state());
      expect(state).toMatchObject({
        mode: "auto",
        decision: { id: second.id, plan_id: second.id, cause: "every 15 minutes", source: "mpc" },
        next_decision_at: "2026-01-15T05:30:00.000Z",
        failsafe: { active: false },
        inputs: { temperature: { source: room, issued_at: "2026-01-15T05:15:00.000Z" } },
      });
      expect(core.readiness()).toMatchObject({ status: "ready" });
      expect(tariffs.all[0]).toMatchObject({ tariff: "peak", today: { peak_price: 0.25 } });
      expect(forecasts.all.at(-1)).toMatchObject({ start: "2026-01-15T05:15:00.000Z", step_s: 900 });
      expect(forecasts.all.at(-1)?.temperature).toHaveLength(96);

      const stored = async (measurement: string) =>
        (await store.last({ measurement })).map(({ field, tags }) => ({ field, ...tags }));
      expect(await stored("sensors")).toContainEqual({ field: "temperature", location: room });
      expect(await stored("actuators")).toContainEqual(
        expect.objectContaining({ field: "valve_position", source: "mpc" }),
      );
      expect(await stored("plan")).toContainEqual({ field: "temperature", lead: "latest" });
      expect(await stored("mpc")).toContainEqual({ field: "objective" });
      expect(await stored("tariff")).toContainEqual({ field: "price" });
      expect(await stored("baseline")).toContainEqual({ field: "temperature", location: room });
      expect(await stored("estimate")).toContainEqual({ field: "mass_temperature_sd", location: room });
      const { cost, baseline_cost, walls_heat, walls_value, saved, since } = state.savings!;
      const savings = (await store.last({ measurement: "savings" })).map(({ field, value }) => [
        field,
        value,
      ]);
      expect(Object.fromEntries(savings)).toMatchObject({
        ...{ cost, baseline_cost, walls_heat, walls_value, saved, since },
      });
      expect(saved).not.toBe(0);

      optimiser.kill("SIGTERM");
      expect(await optimiser.ended).toBe(0);
    });

    test("what is no valid message never reaches the store", async () => {
      const device = await home.device();
      const raw = mqtt.connect(home.broker.url);
      const topic = `home/sensors/${room}/metrics`;
      const kept = '{"temperature":25,"sim_time":"2026-01-15T04:59:00Z"}';
      await raw.publishAsync(topic, kept, { retain: true, qos: 1 });
      const { core, store, registry } = await home.core({ mpcTimeout_ms: 50 });
      const rejected = [
        "",
        "NaN",
        "{}",
        '{"temperature":"20"}',
        '{"temperature":-300}',
        '{"temperature":4000}',
        "[20]",
        "\u0000",
      ];
      for (const bad of rejected) await raw.publishAsync(topic, bad, { qos: 1 });
      await raw.publishAsync("home/sensors/sys/metrics", '{"temperature":20}', { qos: 1 });
      await raw.endAsync();
      await device.decision(startMs, { temperature: 19.5 });
      await core.idle();
      await store.flush();
      const points = await store.query({
        measurement: "sensors",
        startMs: 0,
        stopMs: 4e12,
        fields: ["temperature"],
      });
      expect(points.map(({ tags, values }) => ({ ...tags, values }))).toEqual([
        { location: room, values: [19.5] },
      ]);
      expect(await registry.metrics()).toMatch(
        /azru_messages_total\{topic="sensorMetrics",outcome="rejected"\} 8/,
      );
    });

    test("without the optimiser: the last plan, then the thermostat, and it says why", async () => {
      const device = await home.device();
      let answers = true;
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }) => {
        const plan = soundPlan(
          { id, startMs: Date.parse(start), valve_position: 37, temperature_c: 19.5 },
          problem,
        );
        return answers
          ? plan
          : { id, worker: "w", solve_ms: 1, status: "failed" as const, error: "out of order" };
      });
      const { core, registry } = await home.core();
      expect(await device.decision(startMs, { temperature: 19.5 })).toMatchObject({
        source: "mpc",
        valve_position: 37,
      });

      answers = false;
      expect(await device.decision(startMs + stepMs, { temperature: 18.4 })).toMatchObject({
        source: "failsafe",
        valve_position: 37,
      });
      await core.idle();
      expect(core.state().failsafe).toEqual({
        active: true,
        cause: "mpc_failed",
        instead: "plan",
        plan_from: "2026-01-15T05:00:00.000Z",
        reason: "the optimiser failed: out of order: following the plan of 2026-01-15 06:00",
        since: "2026-01-15T05:15:00.000Z",
      });
      expect(core.readiness()).toMatchObject({
        status: "degraded",
        dependencies: { mpc: { status: "down" } },
      });

      expect(await device.decision(startMs + 2 * stepMs, { temperature: 17 })).toMatchObject({
        source: "failsafe",
        valve_position: 100,
      });
      await core.idle();
      expect(core.state().decision?.reason).toBe(
        "the optimiser failed: out of order, the last plan expected 19.5 degrees, it is 17.0: the thermostat decides",
      );
      expect(await registry.metrics()).toMatch(/azru_fallbacks_total\{cause="mpc_failed"\} 2/);

      answers = true;
      expect(await device.decision(startMs + 3 * stepMs, { temperature: 19.5 })).toMatchObject({
        source: "mpc",
      });
      await core.idle();
      expect(core.state().failsafe).toEqual({ active: false });
    });

    test("nobody answers: the thermostat decides after the timeout", async () => {
      const device = await home.device();
      const { core } = await home.core({ mpcTimeout_ms: 40 });
      expect(await device.decision(startMs, { temperature: 18 })).toMatchObject({
        source: "failsafe",
        valve_position: 100,
      });
      await core.idle();
      expect(core.state().decision?.reason).toBe(
        "the optimiser did not answer within 0.04 s, no plan yet: the thermostat decides",
      );
    });

    test("a restart keeps mode, plan and temperatures", async () => {
      const device = await home.device();
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }) =>
        soundPlan({ id, startMs: Date.parse(start), valve_position: 60, temperature_c: 20 }, problem),
      );
      const before = await home.core();
      await device.decision(startMs, { temperature: 20, mass_temperature: 20.5 });
      await before.core.idle();
      const plan = planResponseSchema.parse(before.core.plan());
      const byHand = device.commands.next(({ source }) => source === "manual");
      before.core.setValve({ valve_position: 12, duration_min: 60 });
      expect(await byHand).toMatchObject({ valve_position: 12, source: "manual" });
      await before.stop();

      const { core } = await home.core();
      expect(core.state()).toMatchObject({
        mode: "manual",
        manual: { valve_position: 12, expires_at: "2026-01-15T06:00:00.000Z" },
        rooms: [{ room, metrics: { temperature: 20, mass_temperature: 20.5 } }],
      });
      expect(core.plan()?.plan).toEqual(plan.plan);
      expect(await device.decision(startMs + stepMs)).toMatchObject({ source: "manual", valve_position: 12 });
      const after = await device.decision(startMs + 60 * minute);
      expect(after).toMatchObject({ source: "mpc", valve_position: 60 });
      expect(core.state().mode).toBe("auto");
    });

    test("frost protection and the upper limit hold in manual mode too, and at once", async () => {
      const device = await home.device();
      const { core } = await home.core({ mpcTimeout_ms: 40 });
      await device.decision(startMs, { temperature: 9.5 });
      const closed = device.commands.next(({ source }) => source === "manual");
      core.setValve({ valve_position: 0, duration_min: 600 });
      await closed;
      // Decided at the reading, whether the clock that follows it has come by then or not.
      const opened = device.commands.next(({ source }) => source === "failsafe");
      await device.publish(startMs + minute, { temperature: 7.5 });
      expect(await opened).toMatchObject({ valve_position: 100 });
      await core.idle();
      expect(core.state().decision).toMatchObject({
        cause: "a temperature limit was crossed",
        reason:
          "frost protection opens the valve at 7.5 degrees, instead of: manual command until 2026-01-15 16:00",
      });
      const released = device.commands.next(({ source }) => source === "manual");
      await device.publish(startMs + 2 * minute, { temperature: 9 });
      expect(await released).toMatchObject({ valve_position: 0 });

      const open = device.commands.next(({ valve_position }) => valve_position === 100);
      core.setValve({ valve_position: 100 });
      await open;
      const shut = device.commands.next(({ source }) => source === "failsafe");
      await device.publish(startMs + 3 * minute, { temperature: 30.5 }); // no air is that fast
      await device.publish(startMs + 20 * minute, { temperature: 20 });
      await device.publish(startMs + 40 * minute, { temperature: 30.5 });
      expect(await shut).toMatchObject({ valve_position: 0, sim_time: expect.not.stringContaining("05:03") });
    });

    test("a sensor's noise at the upper limit closes the heating once, not with each reading", async () => {
      const device = await home.device();
      const { core } = await home.core({ mpcTimeout_ms: 40 });
      await device.decision(startMs, { temperature: 29.8 });
      const open = device.commands.next(({ valve_position }) => valve_position === 100);
      core.setValve({ valve_position: 100, duration_min: 600 });
      await open;
      const from = device.commands.all.length;
      const noise = Array.from({ length: 40 }, (_, k) => (k % 2 ? 29.7 : 30.2));
      for (const [k, temperature] of noise.entries())
        await device.publish(startMs + (k + 1) * 30_000, { temperature });
      const again = device.commands.next(({ valve_position }) => valve_position === 100);
      await device.publish(startMs + 21 * minute, { temperature: 29.4 });
      await again;
      const positions = device.commands.all.slice(from).map(({ valve_position }) => valve_position);
      const changes = positions.filter((position, k) => position !== (positions[k - 1] ?? 100));
      expect(changes).toEqual([0, 100]);
    });

    test("a new Tempo colour and the end of a manual command decide at once", async () => {
      const device = await home.device();
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
        flatPlan({ id, startMs: Date.parse(start), valve_position: 50, temperature_c: 20 }),
      );
      const file = join(home.folder, "colours.csv");
      writeFileSync(file, "date,colour\n2026-01-15,blue\n");
      const { core } = await home.core({ tariffSpec: `tempo:${file}` });
      const noonMs = Date.UTC(2026, 0, 15, 11);
      await device.decision(noonMs);
      await core.idle();
      expect(core.tariff()).toMatchObject({ today: { colour: "blue" }, tomorrow: { colour: "unknown" } });

      writeFileSync(file, "date,colour\n2026-01-15,blue\n2026-01-16,red\n");
      await device.decision(noonMs + 5 * minute);
      await core.idle();
      expect(core.state().decision).toMatchObject({
        source: "mpc",
        cause: "new Tempo colour: tomorrow is red",
        time: "2026-01-15T11:05:00.000Z",
      });

      const byHand = device.commands.next(({ source }) => source === "manual");
      core.setValve({ valve_position: 5, duration_min: 2 });
      await byHand;
      expect(await device.decision(noonMs + 7 * minute)).toMatchObject({ source: "mpc", valve_position: 50 });
      await core.idle();
      expect(core.state()).toMatchObject({
        mode: "auto",
        decision: { cause: "the manual command has ended" },
      });
    });

    test("a temperature that grows old is not decided on, and one that comes back is at once", async () => {
      const device = await home.device();
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
        flatPlan({ id, startMs: Date.parse(start), valve_position: 50, temperature_c: 20, steps: 96 }),
      );
      const { core } = await home.core();
      await device.decision(startMs);
      const clock = (timeMs: number) => device.messenger.publish(topics.clock, {}, isoTimeOf(timeMs));

      const unseen = device.commands.next(({ source }) => source === "failsafe");
      await clock(startMs + 45 * minute);
      expect(await unseen).toMatchObject({ valve_position: 50 });
      await core.idle();
      expect(core.state()).toMatchObject({
        decision: {
          reason: "no temperature can be trusted (living-room stale): following the plan of 2026-01-15 06:00",
        },
        estimate: null,
        inputs: { temperature: { source: "none", fallback_reason: expect.stringContaining("stale") } },
      });
      expect(core.readiness().dependencies.sensors.status).toBe("down");

      // After the plan's end the house is held for the weather foreseen.
      const held = device.commands.next(() => true);
      await clock(startMs + 25 * 60 * minute);
      const { valve_position, source } = await held;
      expect(source).toBe("failsafe");
      expect(valve_position).toBeGreaterThan(5);
      expect(valve_position).toBeLessThan(80);

      const back = device.commands.next(() => true);
      await device.publish(startMs + 25 * 60 * minute + minute, { temperature: 17.5 });
      expect(await back).toMatchObject({ source: "mpc" });
      await core.idle();
      expect(core.state().decision?.cause).toBe("a temperature is known again");
    });

    test("a clock that jumps back is followed at once", async () => {
      const device = await home.device();
      respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
        flatPlan({ id, startMs: Date.parse(start), valve_position: 50, temperature_c: 20 }),
      );
      const { core } = await home.core();
      await device.decision(startMs);
      const earlier = device.commands.next(({ sim_time }) => sim_time === "2026-01-10T05:07:00.000Z");
      await device.publish(startMs - 5 * 24 * 60 * minute + 7 * minute, { temperature: 19 });
      expect(await earlier).toMatchObject({ source: "mpc" });
      await core.idle();
      expect(core.state()).toMatchObject({
        decision: { cause: "the clock has jumped back" },
        rooms: [{ status: "fresh", metrics: { temperature: 19 } }],
      });
    });
  });
}
