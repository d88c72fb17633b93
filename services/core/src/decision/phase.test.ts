import { type MpcRequest, topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flatPlan } from "../testing/plans.ts";
import { startMs, startTestHome, stepMs, type TestHome } from "../testing/test-home.ts";
import { decisionPhase_ms, largestSpread_s, nextDecisionMs } from "./phase.ts";

test("is always the same for the same site, within the spread, and nothing where nothing is spread", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 1800 }), (site, spread_s) => {
      const phase_ms = decisionPhase_ms(site, spread_s);
      expect(decisionPhase_ms(site, spread_s)).toBe(phase_ms);
      expect(phase_ms).toBeGreaterThanOrEqual(0);
      expect(phase_ms).toBeLessThan(spread_s * 1000);
      expect(decisionPhase_ms(site, 0)).toBe(0);
    }),
  );
});

test("1,000 sites share the spread evenly, however they are named", () => {
  // 100 a tenth, with a standard deviation of 9.5.
  const isEven = (sites: readonly string[]) => {
    const tenths = new Array<number>(10).fill(0);
    for (const site of sites) tenths[Math.floor(decisionPhase_ms(site, 420) / 42_000)]++;
    return tenths.every((homes) => homes > 40 && homes < 160);
  };
  const numbered = fc.string().map((name) => Array.from({ length: 1_000 }, (_, i) => `${name}${i}`));
  const random = fc.uniqueArray(fc.string({ minLength: 2, maxLength: 40 }), {
    minLength: 1_000,
    maxLength: 1_000,
    size: "max",
  });
  fc.assert(fc.property(numbered, isEven), { numRuns: 30 });
  fc.assert(fc.property(random, isEven), { numRuns: 5 });
});

test("the next decision is the next instant of that phase, less than or exactly a step ahead", () => {
  expect(nextDecisionMs(1_000, 900, 30)).toBe(1_830);
  expect(nextDecisionMs(1_830, 900, 30)).toBe(2_730);
  expect(nextDecisionMs(1_829, 900, 30)).toBe(1_830);
});

test("leaves an answer half of its step", () => {
  expect(largestSpread_s(900, 20)).toBe(430);
  expect(largestSpread_s(60, 60)).toBe(0);
});

describe("homes that spread their decisions", () => {
  let home: TestHome;
  beforeEach(async () => {
    home = await startTestHome(brokers[0]);
  });
  afterEach(() => home.stop());

  /** A core that has decided at once, at `startMs`, and whose plans open the valve by 10 % more a step. */
  async function startSite(site: string) {
    const phase_ms = decisionPhase_ms(site, 420);
    const device = await home.device(site);
    const requests: MpcRequest[] = [];
    respond(device.messenger, topics.mpcRequest, topics.mpcPlan, (request) => {
      requests.push(request);
      const plan = flatPlan({ id: request.id, startMs: Date.parse(request.start) });
      const valve_position = plan.valve_position.map((_, k) => 10 + 10 * (k % 9));
      const heating_power = valve_position.map((position) => 45 * position);
      return { ...plan, valve_position, heating_power, planned_power: heating_power };
    });
    const live = await home.core({ site, phase_ms });
    await device.decision(startMs);
    return { ...live, device, requests, phase_ms };
  }

  test("decide at their own second, once a quarter of an hour, and ask for the quarter that is under way", async () => {
    const sites = await Promise.all(["riverside", "hilltop"].map(startSite));
    const decided = sites.map(() => [] as number[]);
    for (let timeMs = startMs + 1000; timeMs < startMs + 2 * stepMs; timeMs += 1000) {
      for (const [i, { clock, core, requests }] of sites.entries()) {
        const before = requests.length;
        clock.set(timeMs);
        await core.idle();
        if (requests.length > before) decided[i].push(timeMs - startMs);
      }
    }
    const expected = sites.map(({ phase_ms }) => {
      const second_ms = Math.ceil(phase_ms / 1000) * 1000;
      return [second_ms, stepMs + second_ms];
    });
    expect(decided).toEqual(expected);
    expect(expected[0][0]).not.toBe(expected[1][0]);
    for (const { requests, core, phase_ms, clock } of sites) {
      expect(requests.map(({ start }) => Date.parse(start) - startMs)).toEqual([0, 0, stepMs]);
      expect(core.plan()?.plan.time[0]).toBe(requests[2].start);
      clock.set(startMs + 2 * stepMs);
      const { time, next_decision_at } = core.state();
      expect(Date.parse(next_decision_at) - Date.parse(time)).toBe(phase_ms);
    }
  });

  test("follow their plan at the full quarter, where its next step is another, without asking", async () => {
    const { core, clock, device, requests, phase_ms, store } = await startSite("riverside");
    clock.set(startMs + phase_ms);
    await core.idle();
    const asked = requests.length;
    const { id } = requests[asked - 1];
    const followed = device.commands.next(({ valve_position }) => valve_position === 20);
    clock.set(startMs + stepMs);
    expect(await followed).toMatchObject({ source: "mpc", sim_time: "2026-01-15T05:15:00.000Z" });
    expect(requests).toHaveLength(asked);
    expect(core.state().decision).toMatchObject({
      plan_id: id,
      valve_position: 20,
      cause: "the next step of the plan",
      reason: expect.stringContaining("optimal plan"),
    });

    // The rest of the quarter is the new plan's first step.
    const decided = device.commands.next(({ valve_position }) => valve_position === 10);
    clock.set(startMs + stepMs + phase_ms);
    expect(await decided).toMatchObject({ source: "mpc" });
    await core.idle();
    expect(core.plan()?.plan.time[0]).toBe("2026-01-15T05:15:00.000Z");
    await store.flush();
    const [commands] = await store.query({
      measurement: "actuators",
      startMs: startMs + stepMs,
      stopMs: startMs + 2 * stepMs,
      fields: ["valve_position"],
    });
    expect(commands).toMatchObject({
      values: [20, 10],
      timesMs: [startMs + stepMs, startMs + stepMs + phase_ms],
    });
    const [walls] = await store.query({
      measurement: "estimate",
      startMs: startMs,
      stopMs: startMs + 2 * stepMs,
      fields: ["mass_temperature"],
    });
    expect(walls.timesMs).toEqual([startMs, startMs + stepMs]);
  });

  test("leave a valve that was set by hand where it is", async () => {
    const { core, clock, device, phase_ms } = await startSite("riverside");
    const set = device.commands.next(({ source }) => source === "manual");
    core.setValve({ valve_position: 33, duration_min: 60 });
    await set;
    await core.idle();
    const before = device.commands.all.length;
    clock.set(startMs + stepMs);
    await core.idle();
    const next = device.commands.next(() => true, before);
    clock.set(startMs + stepMs + phase_ms);
    expect(await next).toMatchObject({ source: "manual", valve_position: 33 });
    expect(core.state().decision?.time).toBe(new Date(startMs + stepMs + phase_ms).toISOString());
  });
});
