import { defaultRequests, stepCeilings_c, stepSetpoints_c } from "@azru/comfort";
import { type OptimalPlan, timeMsOf } from "@azru/contracts";
import type { WeatherSteps } from "@azru/weather";
import { expect, test } from "vitest";
import { holdingPower_w } from "../home/holding.ts";
import { houseModel } from "../home/house-model.ts";
import { tariffLoader } from "../outlook/tariff-loader.ts";
import { createTariffOutlook } from "../outlook/tariff-outlook.ts";
import { flatPlan } from "../testing/plans.ts";
import { building } from "../testing/test-home.ts";
import { type CostAheadOptions, costAhead, expectedCost } from "./cost-ahead.ts";

const house = houseModel(building, 900);
const model = house.step;
const outdoor_c = 3;
const gains_w = 120;
const requests = defaultRequests(building, 0);

/** A sunless world of one temperature. */
function world(tariffSpec: "peak" | "tempo"): CostAheadOptions {
  const steps = async (startMs: number, dtSeconds: number, count: number) => {
    const all = (value: number) => new Float64Array(count).fill(value);
    const steps: WeatherSteps = {
      source: "constant",
      location: { name: "here", latitude_deg: 45, longitude_deg: 5 },
      startMs,
      dtSeconds,
      dryBulbTemperature_c: all(outdoor_c),
      directNormalIrradiance_w_m2: all(0),
      diffuseHorizontalIrradiance_w_m2: all(0),
      cloudCover: all(1),
    };
    return { steps, source: "constant", issuedMs: startMs };
  };
  return {
    model: house,
    house: { gainsAhead_w: (phi_int_w) => phi_int_w.map(() => gains_w) },
    comfort: {
      of: "air",
      setpoints_c: (startMs, step_ms, count, fromMs) =>
        stepSetpoints_c(requests, startMs, step_ms, count, fromMs),
      ceilings_c: (startMs, step_ms, setpoints_c) =>
        stepCeilings_c(requests.settings, house.building.comfort.max_c, { startMs, step_ms }, setpoints_c),
    },
    weather: { kind: "reference_year", refresh: async () => false, steps },
    tariff: createTariffOutlook(tariffLoader({ spec: tariffSpec, cacheFolder: "unused" })),
  };
}

/** A plan from an instant on that ends with walls at rest at the least comfort. */
function planFrom(time: string, steps = 96): OptimalPlan {
  const plan = flatPlan({ startMs: timeMsOf(time), steps });
  const heat_w = holdingPower_w(model, 19, outdoor_c, gains_w);
  const atRest_c = (model.bq * heat_w + model.bo * outdoor_c + model.bi * gains_w) / (1 - model.a);
  return { ...plan, mass_temperature: plan.mass_temperature.map(() => atRest_c) };
}

test("counts the plan to midnight and from there, and then just what the least comfort needs", async () => {
  const plan = planFrom("2026-01-15T18:00:00+01:00");
  const ahead = await costAhead(world("peak"), plan, timeMsOf(plan.time[0]));
  const nowMs = timeMsOf("2026-01-15T18:05:00+01:00");
  const { rest_of_today, tomorrow, plan_until } = expectedCost(ahead, nowMs);

  const planned_eur_h = ((plan.planned_power[0] / 1000) * 16) / 100;
  expect(rest_of_today.cost).toBeCloseTo(planned_eur_h * (6 - 5 / 60), 9);
  expect(plan_until).toBe("2026-01-16T17:00:00.000Z");
  // Peak to 22:00 at 0.25, then off-peak.
  const held_kw = holdingPower_w(model, 19, outdoor_c, gains_w) / 1000;
  const [peak, offPeak] = world("peak").tariff.rates(nowMs, nowMs + 86_400_000, nowMs);
  const beyond = held_kw * (4 * peak.price_eur_kwh + 2 * offPeak.price_eur_kwh);
  expect(peak.price_eur_kwh).toBeGreaterThan(offPeak.price_eur_kwh);
  expect(tomorrow.cost).toBeCloseTo(planned_eur_h * 18 + beyond, 9);
  expect([rest_of_today, tomorrow].map((span) => span.unknown_from)).toEqual([null, null]);
});

test.each([
  { what: "that is known to its end by the plan", steps: 192 },
  { what: "that spring shortens", steps: 144, start: "2026-03-28T12:00:00+01:00", hours: 23 },
  { what: "that autumn lengthens", steps: 148, start: "2026-10-24T12:00:00+02:00", hours: 25 },
])("a tomorrow $what", async ({ steps, start = "2026-01-15T12:00:00+01:00", hours = 24 }) => {
  const plan = planFrom(start, steps);
  const nowMs = timeMsOf(plan.time[0]);
  const { rest_of_today, tomorrow } = expectedCost(await costAhead(world("peak"), plan, nowMs), nowMs);
  const planned_eur_h = ((plan.planned_power[0] / 1000) * 16) / 100;
  expect(rest_of_today.cost).toBeCloseTo(12 * planned_eur_h, 9);
  expect(tomorrow.cost).toBeCloseTo(hours * planned_eur_h, 9);
});

test("says from when on the colour is not known", async () => {
  const plan = planFrom("2026-01-15T18:00:00+01:00");
  const options = world("tempo");
  const isFromSix = { ...options, tariff: { ...options.tariff, rates: knownUntil(6) } };
  const ahead = await costAhead(isFromSix, plan, timeMsOf(plan.time[0]));
  const { rest_of_today, tomorrow } = expectedCost(ahead, timeMsOf(plan.time[0]));
  expect(rest_of_today.unknown_from).toBeNull();
  expect(tomorrow.unknown_from).toBe("2026-01-16T05:00:00.000Z");

  function knownUntil(hour: number): typeof options.tariff.rates {
    const untilMs = timeMsOf(`2026-01-16T0${hour}:00:00+01:00`);
    return (...range) =>
      options.tariff
        .rates(...range)
        .map((rate) => (rate.startMs < untilMs ? { ...rate, colour: "blue" as const } : rate));
  }
});
