/** A running core whose thermometer or heating is alive and wrong, with a home that lives a life of its own. */
import { join } from "node:path";
import { brokers } from "@azru/messaging/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Life, liveIn } from "./testing/life.ts";
import { building, room, startTestHome, type TestHome } from "./testing/test-home.ts";
import { rememberWatching } from "./testing/watched-home.ts";

const broker = brokers.find(({ available }) => available)!;
const { maxPower_w } = building.heating;

let home: TestHome;
beforeEach(async () => {
  home = await startTestHome(broker);
});
afterEach(() => home.stop());

const live = (life: Life) => liveIn(home, life);

const warmUp_h = 12;
const { min_c } = building.comfort;

test("a thermometer that says 5 for good is doubted, and the room stays near its floor", async () => {
  const sensor = (air_c: number, hour: number) => (hour < warmUp_h ? air_c : 5);
  const { warmest_c, coldest_c, doubtedAt, last, metrics } = await live({ hours: 48, sensor });
  expect(warmest_c(warmUp_h)).toBeLessThan(min_c + 4);
  expect(coldest_c(warmUp_h)).toBeGreaterThan(min_c - 2);
  expect(doubtedAt).toBeLessThan(warmUp_h + 4);
  expect(last.state.rooms[0].reason).toMatch(
    /^It says [45]\.\d °C where the house, heated as it is, should have/,
  );
  expect(last.state.failsafe).toMatchObject({ active: true, cause: "doubt", instead: "holding" });
  expect(last.ready).toMatchObject({ status: "degraded", dependencies: { sensors: { status: "down" } } });
  expect(metrics).toContain(`azru_temperature_trusted{room="${room}"} 0`);
  expect(metrics).toContain('azru_sensor_distrusted_total{reason="doubted"} 1');
});

test("a thermometer that says 30 for good is doubted, and the room stays near its floor", async () => {
  const sensor = (air_c: number, hour: number) => (hour < warmUp_h ? air_c : 30);
  const { warmest_c, coldest_c, doubtedAt, last } = await live({ hours: 48, sensor });
  expect(coldest_c(warmUp_h)).toBeGreaterThan(min_c - 2);
  expect(warmest_c(warmUp_h)).toBeLessThan(29);
  expect(doubtedAt).toBeLessThan(warmUp_h + 3);
  expect(Math.abs(last.state.estimate?.unknown_gains ?? 0)).toBeLessThan(500);
});

test("a thermometer that is doubted is doubted still after a restart, and trusted when it is right", async () => {
  const sensor = (air_c: number, hour: number) => (hour >= warmUp_h && hour < 24 ? 30 : air_c);
  const { life, last, coldest_c } = await live({ hours: 30, sensor, restartHour: 18 });
  const stuck = life.filter(({ hour }) => hour >= warmUp_h + 3 && hour < 24);
  expect(stuck.filter(({ state }) => state.rooms[0].status !== "doubted")).toEqual([]);
  expect(last.state.rooms[0].status).toBe("fresh");
  expect(coldest_c(warmUp_h)).toBeGreaterThan(min_c - 2);
}, 60_000);

test("a thermometer that is right again is trusted again", async () => {
  const sensor = (air_c: number, hour: number) => (hour >= warmUp_h && hour < 18 ? 30 : air_c);
  const { doubtedAt, last, coldest_c } = await live({ hours: 36, sensor });
  expect(doubtedAt).toBeLessThan(18);
  expect(last.state.rooms[0].status).toBe("fresh");
  expect(last.state.failsafe.active).toBe(false);
  expect(coldest_c(warmUp_h)).toBeGreaterThan(min_c - 2);
});

test("heating that does not heat is said, is not explained by unknown gains, and is well again by itself", async () => {
  const heater = (heat_w: number, hour: number) => (hour >= warmUp_h && hour < 40 ? 0 : heat_w);
  const { life, doubtedAt, last, metrics } = await live({ hours: 60, heater });
  expect(doubtedAt).toBeLessThan(warmUp_h + 12);
  const broken = life.find(({ hour }) => hour === 39)!;
  expect(broken.state.heating).toMatchObject({ status: "not_heating" });
  expect(broken.state.heating.reason).toMatch(/^Heat is ordered and not felt: it is/);
  expect(broken.ready.dependencies.heating).toMatchObject({ status: "down" });
  expect(Math.abs(broken.state.estimate?.unknown_gains ?? 0)).toBeLessThan(700);
  expect(last.state.heating).toEqual({ status: "ok" });
  expect(last.ready.dependencies.heating).toEqual({ status: "up" });
  expect(metrics).toContain('azru_heating_fault{fault="not_heating"} 0');
});

test("heating that does not stop is said within hours", async () => {
  const heater = (heat_w: number, hour: number) => (hour >= warmUp_h ? maxPower_w : heat_w);
  const { doubtedAt, last, metrics } = await live({ hours: 36, heater });
  expect(doubtedAt).toBeLessThan(warmUp_h + 12);
  expect(last.state.heating).toMatchObject({ status: "not_stopping" });
  expect(metrics).toContain('azru_heating_fault{fault="not_stopping"} 1');
});

test("half of the heater's power is found within three days in which it was ordered, and said as a share", async () => {
  await rememberWatching(join(home.folder, "memory.json"), 10);
  const heater = (heat_w: number, hour: number) => (hour >= warmUp_h ? heat_w / 2 : heat_w);
  const { life, doubtedAt, last } = await live({ hours: warmUp_h + 64, heater });
  expect(life.filter(({ hour, state }) => hour < warmUp_h && state.heating.status !== "ok")).toEqual([]);
  expect(doubtedAt! - warmUp_h).toBeLessThan(72);
  expect(last.state.heating.status).toBe("not_heating");
  expect(Math.abs(last.state.heating.felt! - 0.5)).toBeLessThan(0.25);
  expect(last.state.heating.reason).toMatch(/^About \d0 % of the heat ordered is felt: it is/);
  expect(last.ready.dependencies.heating).toMatchObject({ status: "down" });
  expect(last.state.rooms[0].status).toBe("fresh");
}, 240_000);

test.each([
  ["3 K too high", (air_c: number, hour: number) => (hour < warmUp_h ? air_c : air_c + 3), min_c - 4, 26],
  ["3 K too low", (air_c: number, hour: number) => (hour < warmUp_h ? air_c : air_c - 3), min_c - 1, 26],
  [
    "on a radiator",
    (air_c: number, hour: number, heat_w: number) =>
      hour < warmUp_h ? air_c : air_c + (15 * heat_w) / maxPower_w,
    min_c - 3,
    26,
  ],
])("a thermometer %s does no more harm than its error", async (_, sensor, least_c, most_c) => {
  const { coldest_c, warmest_c } = await live({ hours: 48, sensor });
  expect(coldest_c(warmUp_h)).toBeGreaterThan(least_c);
  expect(warmest_c(warmUp_h)).toBeLessThan(most_c);
});

test("nothing is doubted in a usual home", async () => {
  const { life } = await live({ hours: 96 });
  for (const { state } of life) {
    expect(state.rooms[0].status).toBe("fresh");
    expect(state.heating).toEqual({ status: "ok" });
    expect(state.failsafe.active).toBe(false);
  }
});
