import { parseBuilding } from "@azru/contracts";
import { heatingCop } from "@azru/simulation";
import { expect, test } from "vitest";
import { type HistoryRequest, toHistory } from "./history.ts";
import type { Measurements, Samples } from "./measurements.ts";

const building = parseBuilding(
  JSON.stringify({
    name: "home",
    location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
    zone: {
      floorArea_m2: 45,
      wallsArea_m2: 90,
      windowsArea_m2: 10,
      roomVolume_m3: 112.5,
      totalInternalArea_m2: 270,
      uWalls_w_m2k: 0.4,
      uWindows_w_m2k: 1.5,
      ventilation_ach: 0.5,
      infiltration_ach: 0.2,
      thermalCapacitance_j_m2k: 165000,
    },
    windows: [{ azimuth_deg: 0, area_m2: 6 }],
    heating: { emission: "floorHeating", supply: "heatPumpAir", maxPower_w: 4500 },
  }),
  "home",
);
const startMs = Date.parse("2026-01-15T10:00:00Z");
const minute = 60_000;
const request: HistoryRequest = { heat: "auto", cacheFolder: "unused", nowMs: startMs };

/** A value every `every` minutes, `count` times. */
function samples(count: number, every: number, value: (i: number) => number): Samples {
  const timesMs = Array.from({ length: count }, (_, i) => startMs + i * every * minute);
  return { timesMs, values: timesMs.map((_, i) => value(i)) };
}

const measured: Measurements = {
  source: "test",
  air_c: samples(24, 5, (i) => 20 + i),
  valve_percent: samples(8, 15, (i) => (i < 4 ? 100 : 0)),
  outdoor_c: samples(8, 15, () => 2),
  solar_w: samples(8, 15, () => 300),
};

test("takes the means of a quarter of an hour where samples are closer", async () => {
  const history = await toHistory(measured, building, request);
  expect(history.dtSeconds).toBe(900);
  expect([...history.theta_air_c]).toEqual([21, 24, 27, 30, 33, 36, 39, 42]);
  expect([...history.valve]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  expect(history).toMatchObject({ startMs, solarGains: "measured" });
  expect(history.phi_HC_w).toBeUndefined();
});

test("lays samples of every ten minutes on quarters of an hour", async () => {
  const air_c = samples(12, 10, (i) => 20 + i);
  const history = await toHistory({ ...measured, air_c }, building, request);
  expect(history.dtSeconds).toBe(900);
  expect([...history.theta_air_c]).toEqual([20.5, 22, 23.5, 25, 26.5, 28, 29.5, 31]);
});

test("takes the samples' own step where they are farther apart, and what is between start and end", async () => {
  const air_c = samples(10, 30, (i) => i);
  const history = await toHistory({ ...measured, air_c }, building, {
    ...request,
    startMs: startMs + 30 * minute,
    endMs: startMs + 120 * minute,
  });
  expect(history.dtSeconds).toBe(1800);
  expect([...history.theta_air_c]).toEqual([1, 2, 3]);
});

test("leaves the air unknown where it was not measured, holds valve and weather for an hour", async () => {
  const history = await toHistory(
    {
      ...measured,
      air_c: { timesMs: [0, 15, 120].map((m) => startMs + m * minute), values: [20, 21, 22] },
      valve_percent: samples(1, 15, () => 40),
    },
    building,
    { ...request, dtSeconds: 900 },
  );
  const nothing = Number.NaN;
  expect([...history.theta_air_c]).toEqual([
    20,
    21,
    nothing,
    nothing,
    nothing,
    nothing,
    nothing,
    nothing,
    22,
  ]);
  expect([...history.valve]).toEqual([0.4, 0.4, 0.4, 0.4, 0.4, nothing, nothing, nothing, nothing]);
});

test("turns metered electricity into heat by the heating's coefficient of performance", async () => {
  const electric_w = samples(8, 15, () => 1000);
  const history = await toHistory({ ...measured, electric_w }, building, request);
  expect(history.phi_HC_w?.[3]).toBeCloseTo(1000 * heatingCop(building, 2), 9);
  expect(heatingCop(building, 2)).toBeGreaterThan(2);
  const byValve = await toHistory({ ...measured, electric_w }, building, { ...request, heat: "valve" });
  expect(byValve.phi_HC_w).toBeUndefined();
});

test("takes sun and missing outdoor temperatures from the weather, through the building's windows", async () => {
  const { outdoor_c, solar_w, ...indoors } = measured;
  const lit = await toHistory(indoors, building, { ...request, weather: "reference" });
  expect(lit.solarGains).toBe("windows");
  expect(Math.max(...lit.phi_sol_w)).toBeGreaterThan(20);
  const outdoor = [...lit.theta_e_c];
  const known = await toHistory({ ...indoors, outdoor_c: samples(1, 15, () => -7) }, building, {
    ...request,
    weather: "reference",
  });
  expect([...known.theta_e_c]).toEqual([-7, -7, -7, -7, -7, ...outdoor.slice(5)]);
});

test.each<[RegExp, Partial<Record<keyof Measurements, undefined>>, Partial<HistoryRequest>]>([
  [/no outdoor temperature; the weather must be given/, { outdoor_c: undefined }, {}],
  [/no solar gains; the weather must be given/, { solar_w: undefined }, {}],
  [/neither a valve position nor the electric power/, { valve_percent: undefined }, {}],
  [/the heat is not metered: test has no electric power/, {}, { heat: "metered" }],
  [/no air temperatures in the time asked for/, {}, { startMs: startMs + 1e9 }],
  [/the weather: unknown weather "sunny"/, {}, { weather: "sunny" }],
])("says what is missing: %s", async (says, absent, more) => {
  const present = Object.fromEntries(Object.entries(measured).filter(([field]) => !(field in absent)));
  await expect(
    toHistory(present as unknown as Measurements, building, { ...request, ...more }),
  ).rejects.toThrow(says);
});

test("refuses weather of other days, but not that of these days with a thermometer that errs", async () => {
  const days = 4;
  const air_c = samples(96 * days, 15, () => 20);
  const valve_percent = samples(96 * days, 15, () => 0);
  const weather = "reference";
  const bare = { source: "test", air_c, valve_percent };
  const { theta_e_c } = await toHistory(bare, building, { ...request, weather });
  const warm = samples(96 * days, 15, (i) => theta_e_c[i] + 3);
  const history = await toHistory({ ...bare, outdoor_c: warm }, building, { ...request, weather });
  expect(history.theta_e_c[50]).toBeCloseTo(theta_e_c[50] + 3, 9);

  const other = samples(96 * days, 15, (i) => 10 * Math.sin((2 * Math.PI * i) / 130));
  await expect(toHistory({ ...bare, outdoor_c: other }, building, { ...request, weather })).rejects.toThrow(
    /^the weather reference is not that of these days: its outdoor temperature goes \d+\.\d K/,
  );
});
