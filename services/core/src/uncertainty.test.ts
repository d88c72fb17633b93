/** What a running core makes of what it does not know: nowcast, distance from the floor, noise that it has learnt. */
import { type MpcProblem, topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { type Disturbances, disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { below_kh, erringForecast, liveNoisily, type NoisyLife } from "./testing/noisy-home.ts";
import { flatPlan } from "./testing/plans.ts";
import { building, type Device, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const broker = brokers.find(({ available }) => available)!;
const { min_c, max_c } = building.comfort;

let home: TestHome;
let device: Device;
beforeEach(async () => {
  home = await startTestHome(broker);
  device = await home.device();
});
afterEach(() => home.stop());

const heat = ({ valve }: NoisyLife) => valve.reduce((sum, position) => sum + position, 0);

/** Answers the core, and keeps what it was asked last. */
function asked() {
  const problems: MpcProblem[] = [];
  respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }) => {
    problems.push(problem);
    return flatPlan({ id, startMs: Date.parse(start), steps: problem.theta_e_c.length });
  });
  return () => problems.at(-1)!;
}

describe("the outdoor temperature", () => {
  let foreseen: Disturbances;
  let problem: () => MpcProblem;
  beforeEach(async () => {
    const series = await referenceYearSource().series(startMs, startMs + 300 * stepMs);
    foreseen = disturbances(building, stepMeans(series, startMs, 900, 300));
    problem = asked();
    await home.core();
  });
  const moved_k = (k: number) =>
    problem().theta_e_c.map((theta_e_c, i) => theta_e_c - foreseen.theta_e_c[k + i]);

  test("that is measured moves the hours to come, less and less", async () => {
    await device.decision(startMs, { external_temperature: 3 });
    const external_temperature = foreseen.theta_e_c[0] + 3;
    await device.decision(startMs + stepMs, { external_temperature });
    const by_k = moved_k(1);
    expect(by_k[0]).toBeCloseTo(3 * Math.exp(-0.25 / 12), 6);
    expect(by_k[47]).toBeCloseTo(3 / Math.E, 6);
    for (let k = 1; k < by_k.length; k++) expect(by_k[k]).toBeLessThan(by_k[k - 1]);
  });

  test("that nobody measures is the one foreseen", async () => {
    await device.decision(startMs);
    await device.decision(startMs + stepMs);
    for (const by_k of moved_k(1)) expect(by_k).toBeCloseTo(0, 9);
  });

  test("that is farther from the forecast than weather can be is not used", async () => {
    await device.decision(startMs, { external_temperature: foreseen.theta_e_c[0] });
    await device.decision(startMs + stepMs, { external_temperature: foreseen.theta_e_c[0] + 43 });
    for (const by_k of moved_k(1)) expect(by_k).toBeCloseTo(0, 9);
    await device.decision(startMs + 2 * stepMs, { external_temperature: foreseen.theta_e_c[1] - 14 });
    expect(moved_k(2)[0]).toBeLessThan(-13);
  });

  test("of a thermometer that is stuck, and of one that has gone silent, is the one foreseen", async () => {
    const measure = (k: number, external_temperature?: number) =>
      device.decision(startMs + k * stepMs, {
        temperature: 20 + (k % 3) / 10,
        ...(external_temperature !== undefined && { external_temperature }),
      });
    for (let k = 0; k < 50; k++) await measure(k, 3);
    for (const by_k of moved_k(49)) expect(by_k).toBeCloseTo(0, 9);
    await measure(50, foreseen.theta_e_c[49] - 4);
    expect(moved_k(50)[0]).toBeLessThan(-3);
    for (let k = 51; k < 54; k++) await measure(k);
    for (const by_k of moved_k(53)) expect(by_k).toBeCloseTo(0, 9);
  });
});

describe("the distance from the floor", () => {
  test("raises the floor that is planned for, up to the ceiling, and not the one that is requested", async () => {
    const problem = asked();
    const { core } = await home.core();
    const live = async (k: number) => {
      await device.decision(startMs + k * stepMs, { temperature: 20 + (k % 3) / 10 });
      await core.idle();
      const floor_c = problem().comfort.min_c as number[];
      const { comfort, decision } = core.state();
      return { floor_c, comfort, reason: decision!.reason };
    };
    await live(0);
    const { floor_c, comfort, reason } = await live(1);
    for (const floor of floor_c) expect(floor).toBeGreaterThan(min_c + 0.01);
    expect(comfort).toMatchObject({ min: min_c, setpoint_c: min_c });
    expect(comfort.margin).toBeCloseTo(floor_c[0] - min_c, 9);
    expect(reason).toContain(`${comfort.margin.toFixed(2)} K kept from the floor`);

    core.comfort.setVacation({ until: "2026-02-01", setpoint_c: 12 });
    await core.idle();
    const away = await live(2);
    expect(away.floor_c[0]).toBeCloseTo(12 + away.comfort.margin, 9);
    expect(away.comfort).toMatchObject({ min: 12, margin: expect.closeTo(comfort.margin, 0) });
    core.comfort.setSetpoint({ setpoint_c: max_c });
    await core.idle();
    const hot = await live(3);
    expect(hot.floor_c[0]).toBe(max_c);
    expect(hot.comfort.margin).toBe(0);
  });

  test("is none where none is wanted", async () => {
    const problem = asked();
    const { core } = await home.core({ margin: 0 });
    for (const k of [0, 1]) await device.decision(startMs + k * stepMs);
    await core.idle();
    expect(problem().comfort.min_c).toEqual(new Array(96).fill(min_c));
    expect(core.state().comfort.margin).toBe(0);
    expect(core.state().decision?.reason).not.toContain("floor");
  });

  test("keeps the rooms warm that would be cold at times, for little more heat", async () => {
    await home.optimiser(device.messenger);
    const live = async (margin: number) => {
      const weather = erringForecast();
      const { stop } = await home.core({ margin, weather, horizonSteps: 48, mpcTimeout_ms: 600_000 });
      const life = await liveNoisily(device, startMs, 144);
      await stop();
      return life;
    };
    const careful = await live(2.5);
    const bold = await live(0);
    expect(below_kh(bold, min_c)).toBeGreaterThan(0.3);
    expect(below_kh(careful, min_c)).toBeLessThan(0.05);
    expect(heat(careful) / heat(bold)).toBeLessThan(1.1);
  });
});
