/** Replays and the home's core are one controller: on one morning both ask for the same valve. */
import type { ComfortTemperature, MpcRequest } from "@azru/contracts";
import { type Plan, solveInteriorPoint, unpackProblem } from "@azru/control";
import { createHouseFilter, typicalNoise } from "@azru/identification";
import { homeHour } from "@azru/runtime";
import { createHomeController, type Disturbances, type KnownHouse, unprovedHouse } from "@azru/simulation";
import { peakOffPeakTariff, stepPrices } from "@azru/tariff";
import { expect, test } from "vitest";
import { createOptimiser } from "./decision/optimiser.ts";
import { houseModel } from "./home/house-model.ts";
import { StatesEstimator } from "./home/states-estimator.ts";
import { building, silent } from "./testing/test-home.ts";

const dtSeconds = 900;
const stepMs = dtSeconds * 1000;
const horizonSteps = 192;
const startMs = Date.UTC(2026, 0, 15, 4);
const days = { model_k: 0.3, yesterday_k: 1, predictions: 100 };
const known: KnownHouse = { ...unprovedHouse(building), days };

/** As a home recorded it from five to eleven: what was measured in each step, and the heat that flowed. */
const recorded = Array.from({ length: 24 }, (_, k) => ({
  theta_air_c: 19.6 + 0.4 * Math.sin(k / 4) + 0.05 * ((7 * k) % 5),
  theta_e_c: 1.5 + 0.2 * k + 0.1 * ((3 * k) % 4),
  phi_HC_w: k % 6 < 3 ? 2200 : 400,
}));

function foreseen(k: number): Disturbances {
  const column = (value: (i: number) => number) =>
    Float64Array.from({ length: horizonSteps }, (_, i) => value(k + i));
  return {
    startMs: startMs + k * stepMs,
    dtSeconds,
    theta_e_c: column((i) => 2 + 3 * Math.sin(i / 15)),
    phi_sol_w: column((i) => Math.max(0, 700 * Math.sin((i - 12) / 10))),
    phi_int_w: column(() => building.internalGains_w),
    cop: column(() => 1),
  };
}

function pricesFrom(fromMs: number): Float64Array {
  const rates = peakOffPeakTariff().rates(fromMs, fromMs + horizonSteps * stepMs);
  return stepPrices(rates, fromMs, dtSeconds, horizonSteps);
}

/** What both knew of the house the day before. */
function memory() {
  const filter = createHouseFilter({ ...known, dtSeconds, hourOfDay: homeHour });
  for (let k = -48; k < 0; k++) {
    const { theta_air_c, theta_e_c, phi_HC_w } = recorded[(k + 48) % 24];
    filter.advance({
      startMs: startMs + k * stepMs,
      phi_HC_w,
      theta_e_c,
      phi_sol_w: 0,
      measured_c: theta_air_c,
    });
  }
  return filter.memory!;
}

/** The plans of the replay's controller. */
function replayed(of: ComfortTemperature): Plan[] {
  const controller = createHomeController({
    building: { ...building, comfort: { ...building.comfort, of } },
    dtSeconds,
    horizonSteps,
    solver: solveInteriorPoint,
    hourOfDay: homeHour,
    known,
    memory: memory(),
  });
  return recorded.map((_, k) => {
    const ahead = foreseen(k);
    const seen = k === 0 ? { theta_air_c: 19.6, phi_HC_w: 0 } : recorded[k - 1];
    const forecast = { ...ahead, price_eur_kwh: pricesFrom(ahead.startMs) };
    const { valve, plan } = controller.decide({ timeMs: ahead.startMs, ...seen }, forecast);
    expect(plan?.valve[0]).toBe(valve);
    return plan!;
  });
}

/** The plans that the core's questions to the optimiser lead to. */
async function plannedAtHome(of: ComfortTemperature): Promise<Plan[]> {
  const model = { ...houseModel(building, dtSeconds, undefined, known), known };
  const estimate = new StatesEstimator({ model, freshFor_ms: stepMs, memory: memory(), log: silent });
  const requests: MpcRequest[] = [];
  const optimiser = createOptimiser({
    timeout_ms: 1,
    wallNow: () => 0,
    ask: async (request) => {
      requests.push(request);
      throw new Error("nobody answers: the question alone matters");
    },
  });
  for (const k of recorded.keys()) {
    const ahead = foreseen(k);
    const atMs = ahead.startMs;
    if (k > 0) {
      const { theta_air_c, theta_e_c } = recorded[k - 1];
      estimate.sample(atMs, { theta_air_c, theta_e_c });
    }
    estimate.advance(atMs, undefined);
    estimate.order(atMs, recorded[k].phi_HC_w);
    estimate.foresee(ahead);
    const price_eur_kwh = pricesFrom(atMs);
    const { theta_e_c, phi_sol_w, phi_int_w, margin_k, marginAbove_k } = estimate.corrected({
      ...ahead,
      price_eur_kwh,
    });
    const forecast = {
      startMs: atMs,
      weather: undefined as never, // no part of a question
      disturbances: { ...ahead, theta_e_c, phi_sol_w, phi_int_w },
      rates: [],
      price_eur_kwh,
      of,
      min_c: new Float64Array(horizonSteps).fill(building.comfort.min_c),
      max_c: new Float64Array(horizonSteps).fill(building.comfort.max_c),
      margin_k: margin_k!,
      marginAbove_k: marginAbove_k!,
    };
    const question = { model, state: { x_c: estimate.now!.x_c! }, forecast };
    await optimiser.plan(`step-${k}`, question, new AbortController().signal);
  }
  return requests.map(({ problem }) => solveInteriorPoint(unpackProblem(problem)));
}

test.each(["air", "operative"] as const)(
  "a recorded morning leads to the same valves in a replay and at home, over the wire, comfort being asked of %s",
  async (of) => {
    const [replay, home] = [replayed(of), await plannedAtHome(of)];
    expect(home).toHaveLength(recorded.length);
    const there = replay.map(({ valve }) => valve[0]);
    for (const [k, { valve }] of home.entries()) expect(valve[0], `step ${k}`).toBeCloseTo(there[k], 6);
    expect(Math.max(...there)).toBeGreaterThan(0.2);
    expect(Math.min(...there)).toBeLessThan(0.1);
    // The first valve alone would hide another horizon, or a back-off that acts later.
    for (const [k, { valve, theta_air_c }] of home.entries()) {
      expect(valve, `step ${k}`).toHaveLength(horizonSteps);
      for (const [i, value] of valve.entries()) {
        expect(value, `step ${k}, ${i} ahead`).toBeCloseTo(replay[k].valve[i], 6);
        expect(theta_air_c[i], `step ${k}, ${i} ahead`).toBeCloseTo(replay[k].theta_air_c[i], 6);
      }
    }
    expect(typicalNoise(building.zone.floorArea_m2)).toEqual(known.noise);
  },
);
