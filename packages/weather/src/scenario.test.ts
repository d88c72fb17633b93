import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearSkyGlobal_w_m2, cloudTransmittance } from "./radiation.ts";
import { parseScenario, type Scenario, scenarioSource, scenarios } from "./scenario.ts";
import { validateSeries } from "./series.ts";
import { solarDay, sunOver } from "./sun.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const days = fc.array(
  fc
    .record({
      min_c: fc.integer({ min: -20, max: 15 }),
      range_k: fc.integer({ min: 0, max: 15 }),
      nebulosity: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ min_c, range_k, nebulosity }) => ({ min_c, max_c: min_c + range_k, nebulosity })),
  { minLength: 1, maxLength: 12 },
);
const scenarioOf = (list: Scenario["days"]): Scenario => ({
  name: "test",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  first_day: "2026-02-01",
  utc_offset_h: 1,
  days: list,
});
/** Midnight of the scenario's standard time (UTC+1). */
const firstMs = Date.UTC(2026, 1, 1) - hourMs;

describe("scenarioSource", () => {
  it("has each day's minimum at 04 h and maximum at 16 h, and lies between its neighbours' otherwise", async () => {
    await fc.assert(
      fc.asyncProperty(days, async (list) => {
        const series = await scenarioSource(scenarioOf(list)).series(firstMs, firstMs + list.length * dayMs);
        for (const [d, day] of list.entries()) {
          const theta = series.dryBulbTemperature_c;
          expect(theta[d * 24 + 4]).toBeCloseTo(day.min_c, 10);
          expect(theta[d * 24 + 10]).toBeCloseTo((day.min_c + day.max_c) / 2, 10);
          expect(theta[d * 24 + 16]).toBeCloseTo(day.max_c, 10);
          const next = list[(d + 1) % list.length];
          const evening = theta.subarray(d * 24 + 16, d * 24 + 25);
          expect(Math.min(...evening)).toBeGreaterThanOrEqual(Math.min(day.max_c, next.min_c) - 1e-9);
          expect(Math.max(...evening)).toBeLessThanOrEqual(Math.max(day.max_c, next.min_c) + 1e-9);
        }
      }),
    );
  });

  it("repeats beyond its days, on both sides", async () => {
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: -40, max: 40 }), async (list, shift) => {
        const source = scenarioSource(scenarioOf(list));
        const there = firstMs + shift * list.length * dayMs;
        const here = await source.series(firstMs, firstMs + 2 * dayMs);
        const far = await source.series(there, there + 2 * dayMs);
        expect(far.dryBulbTemperature_c).toEqual(here.dryBulbTemperature_c);
        expect(far.cloudCover).toEqual(here.cloudCover);
      }),
    );
  });

  it("has a day's light as a half sine of the clear sky's peak, split so that it adds up", async () => {
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 0, max: 364 }), async (list, offset) => {
        const scenario = scenarioOf(list);
        const startMs = firstMs + offset * dayMs;
        const series = await scenarioSource(scenario).series(startMs, startMs + dayMs);
        let daily = 0;
        for (let i = 0; i < 24; i++) {
          const { sinElevation } = sunOver(scenario.location, startMs + i * hourMs, 3600);
          daily +=
            series.directNormalIrradiance_w_m2[i] * sinElevation + series.diffuseHorizontalIrradiance_w_m2[i];
        }
        const sun = solarDay(scenario.location, startMs + dayMs / 2);
        const peak = clearSkyGlobal_w_m2(sun.noonSinElevation) * cloudTransmittance(series.cloudCover[0]);
        expect(daily).toBeCloseTo((peak * sun.daylightMs * 2) / Math.PI / hourMs, 6); // Wh/m2
      }),
    );
  });

  it("begins where the run says", async () => {
    const scenario = scenarioOf([
      { min_c: -5, max_c: 1, nebulosity: 0 },
      { min_c: 3, max_c: 8, nebulosity: 1 },
    ]);
    const moved = await scenarioSource(scenario, "2026-02-02").series(firstMs, firstMs + 2 * dayMs);
    expect(moved.dryBulbTemperature_c[4]).toBe(3);
    expect(moved.dryBulbTemperature_c[28]).toBe(-5);
    expect(() => scenarioSource(scenario, "tomorrow")).toThrow(
      'firstDay must be a date YYYY-MM-DD, got "tomorrow"',
    );
  });

  it("ships a harsh winter and a sunny spring of 30 days", async () => {
    for (const scenario of Object.values(scenarios)) {
      expect(scenario.days.length).toBe(30);
      const startMs = Date.parse(scenario.first_day) - hourMs;
      validateSeries(await scenarioSource(scenario).series(startMs, startMs + 30 * dayMs));
    }
    const coldest = Math.min(...scenarios["harsh-winter"].days.map((day) => day.min_c));
    expect(coldest).toBeLessThan(-11);
    expect(coldest).toBeGreaterThan(-13);
    const spring = scenarios["sunny-spring"].days;
    expect(spring.reduce((sum, day) => sum + day.nebulosity, 0) / 30).toBeLessThan(0.3);
  });
});

describe("parseScenario", () => {
  const good = scenarioOf([{ min_c: 1, max_c: 2, nebulosity: 0.5 }]);

  it("accepts a scenario as JSON, in UTC+1 unless it says otherwise", () => {
    expect(parseScenario(JSON.parse(JSON.stringify(good)))).toEqual(good);
    const { utc_offset_h, ...silent } = good;
    expect(parseScenario(silent).utc_offset_h).toBe(utc_offset_h);
  });

  it.each([
    [{ ...good, days: [] }, "scenario.days: "],
    [{ ...good, days: [{ min_c: "cold", max_c: 2, nebulosity: 0 }] }, "scenario.days[0].min_c: "],
    [
      { ...good, days: [{ min_c: 3, max_c: 2, nebulosity: 0 }] },
      "scenario.days[0].max_c: must not be below min_c",
    ],
    [{ ...good, days: [{ min_c: 1, max_c: 2, nebulosity: 80 }] }, "scenario.days[0].nebulosity: "],
    [{ ...good, first_day: "2026-02-30" }, "scenario.first_day: "],
    [{ ...good, location: { ...good.location, latitude_deg: 95 } }, "scenario.location.latitude_deg: "],
    [{ ...good, name: { length: { valueOf: 1, toString: 1 } } }, "scenario.name: "],
    [{ ...good, days: { length: { valueOf: 1, toString: 1 } } }, "scenario.days: "],
    ["a text", "scenario.value: "],
  ])("names the field that is wrong (%#)", (value, message) => {
    expect(() => parseScenario(value)).toThrow(RangeError);
    expect(() => parseScenario(value)).toThrow(message);
  });
});
