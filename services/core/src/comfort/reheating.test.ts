import { defaultRequests, stepSetpoints_c } from "@azru/comfort";
import { isoTimeOf } from "@azru/contracts";
import { type Controller, mpcProblem, solveExact } from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import { affineStep, createZone, emissionSystems } from "@azru/physics";
import { type Building, closedLoop, disturbances, forecastAt, heatingCop, perfect } from "@azru/simulation";
import { stepPrices, tempoTariff } from "@azru/tariff";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { describe, expect, test } from "vitest";
import { building as medium, stepMs } from "../testing/test-home.ts";
import { planSteps, reheatingSteps, stepsInView } from "./reheating.ts";

const dtSeconds = 900;
const horizonSteps = 96;
const startMs = Date.parse("2026-01-10T08:00:00+01:00");
const returnMs = Date.parse("2026-01-17T18:00:00+01:00");
const steps = 8 * 96;

const home = (
  thermalCapacitance_j_m2k: number,
  emission: Building["heating"]["emission"],
  maxPower_w = medium.heating.maxPower_w,
): Building => ({
  ...medium,
  zone: { ...medium.zone, thermalCapacitance_j_m2k },
  heating: { ...medium.heating, emission, maxPower_w },
});
/** Little more than what holds the house on a cold day: a week's cold takes days to heat away. */
const weak = home(370_000, "floorHeating", 1500);
const houses: [string, Building][] = [
  ["very light, radiators", home(80_000, "newRadiators")],
  ["light, floor heating", home(110_000, "floorHeating")],
  ["very heavy, floor heating", home(370_000, "floorHeating")],
  ["very heavy, heated slabs", home(370_000, "tabs")],
  ["very heavy, a weak heater", weak],
];
const modelOf = ({ zone, heating }: Building) =>
  affineStep(createZone(zone), emissionSystems[heating.emission], dtSeconds);

/** Lives through a week of vacation, or a week at home, under the controller as the core makes its problems. */
async function live(building: Building, isVacation: boolean, looksBeyond = true) {
  const model = modelOf(building);
  const heating = { model, maxPower_w: building.heating.maxPower_w, phi_int_w: building.internalGains_w };
  const inView = stepsInView(horizonSteps, model);
  const reach = inView + horizonSteps;
  const source = referenceYearSource();
  const count = steps + reach;
  const endMs = startMs + count * stepMs;
  const weather = disturbances(
    building,
    stepMeans(await source.series(startMs, endMs), startMs, dtSeconds, count),
  );
  const price = stepPrices(
    tempoTariff({ calendar: { source: "none", colours: new Map() } }).rates(startMs, endMs),
    startMs,
    dtSeconds,
    count,
  );
  const requests = {
    ...defaultRequests(building, 0),
    vacation: isVacation ? { from: isoTimeOf(startMs), until: isoTimeOf(returnMs), setpoint_c: 14 } : null,
  };
  let k = 0;
  let longest = 0;
  const controller: Controller = {
    name: "core",
    horizonSteps: reach,
    decide(seen, forecast) {
      const nowMs = startMs + k++ * stepMs;
      const setpoints_c = stepSetpoints_c(requests, nowMs, stepMs, reach);
      const outdoor_c = forecast.theta_e_c.subarray(0, horizonSteps).reduce((a, b) => a + b) / horizonSteps;
      const length = looksBeyond
        ? planSteps(heating, horizonSteps, setpoints_c.subarray(0, inView), outdoor_c)
        : horizonSteps;
      longest = Math.max(longest, length);
      const comfort = { min_c: setpoints_c.subarray(0, length), max_c: building.comfort.max_c };
      const cop = (theta_e_c: number) => heatingCop(building, theta_e_c);
      const options = {
        model: stateSpaceOf(model),
        maxPower_w: heating.maxPower_w,
        cop,
        comfort,
        horizonSteps: length,
      };
      return { valve: solveExact(mpcProblem(options, seen, forecast)).valve[0] };
    },
  };
  const [lived] = [
    ...closedLoop({
      twin: { model: stateSpaceOf(model), maxPower_w: heating.maxPower_w },
      controller,
      disturbances: weather,
      price_eur_kwh: price,
      steps,
      x_start_c: [20],
      theta_air_start_c: 20,
      forecastAt: forecastAt(perfect(weather), perfect(price)),
      stopwatch: () => 0,
    }),
  ].slice(-1);
  const back = (returnMs - startMs) / stepMs;
  return {
    longest,
    cost_eur: lived.cost_eur.reduce((sum, cost) => sum + cost, 0),
    coldest_c: Math.min(...lived.theta_air_c),
    atReturn_c: lived.theta_air_c[back],
    afterReturn_c: Math.min(...lived.theta_air_c.subarray(back)),
    walls_c: lived.theta_m_c[steps - 1],
  };
}

describe("a week of vacation in winter", () => {
  test("a weak heater would be late if the plan did not look beyond its day", async () => {
    expect((await live(weak, true, false)).atReturn_c).toBeLessThan(19 - 0.2);
    expect((await live(weak, true)).longest).toBeGreaterThan(horizonSteps);
  });

  test.each(houses)(
    "%s: cool meanwhile, warm at the return, cheaper than heating through",
    async (_name, building) => {
      const away = await live(building, true);
      const through = await live(building, false);
      expect(away.atReturn_c).toBeGreaterThan(19 - 0.2);
      expect(away.afterReturn_c).toBeGreaterThan(19 - 0.2);
      expect(away.coldest_c).toBeLessThan(17);
      expect(away.coldest_c).toBeGreaterThan(14 - 0.2);
      expect(away.cost_eur).toBeLessThan(0.9 * through.cost_eur);
    },
  );
});

test("reheating takes longer the heavier the house, the colder it is and the weaker the heater", () => {
  const heatingOf = (building: Building, maxPower_w = building.heating.maxPower_w) => ({
    model: modelOf(building),
    maxPower_w,
    phi_int_w: 0,
  });
  const [[, light], , [, heavy]] = houses;
  const hoursOf = (...[heating, from_c, theta_e_c]: [ReturnType<typeof heatingOf>, number, number]) =>
    reheatingSteps(heating, from_c, 19, theta_e_c, 288) / 4;
  expect(hoursOf(heatingOf(heavy), 14, 5)).toBeGreaterThan(3 * hoursOf(heatingOf(light), 14, 5));
  expect(hoursOf(heatingOf(heavy), 12, 5)).toBeGreaterThan(hoursOf(heatingOf(heavy), 16, 5));
  expect(hoursOf(heatingOf(heavy), 14, -5)).toBeGreaterThan(hoursOf(heatingOf(heavy), 14, 8));
  expect(hoursOf(heatingOf(heavy, 500), 14, -5)).toBe(72);
  expect(hoursOf(heatingOf(light), 19, 5)).toBe(0);
});

test("a plan is longer than the horizon only where a rise needs the time", () => {
  const [[, light], , [, heavy]] = houses;
  const rising = (atHours: number, from_c: number) =>
    Float64Array.from({ length: 288 }, (_, k) => (k < 4 * atHours ? from_c : 19));
  const length = (building: Building, setpoints_c: Float64Array) =>
    planSteps(
      { model: modelOf(building), maxPower_w: building.heating.maxPower_w, phi_int_w: 0 },
      96,
      setpoints_c,
      2,
    );
  expect(length(light, rising(20, 17))).toBe(96);
  expect(length(heavy, new Float64Array(288).fill(19))).toBe(96);
  expect(length(heavy, rising(30, 14))).toBe(96);
  expect(length(weak, new Float64Array(288).fill(19))).toBe(96);
  expect(length(weak, rising(30, 14))).toBe(4 * 30 + 96);
  expect(length(weak, rising(71, 18.5))).toBe(96);
});
