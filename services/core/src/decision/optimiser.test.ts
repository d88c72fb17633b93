import { type MpcPlan, type MpcRequest, mpcRequestSchema } from "@azru/contracts";
import { leastHeatingPlan, unpackProblem } from "@azru/control";
import { RequestNotSentError, RequestTimeoutError } from "@azru/messaging";
import { referenceYearSource } from "@azru/weather";
import { beforeAll, expect, test } from "vitest";
import { houseModel } from "../home/house-model.ts";
import { type HomeForecast, homeForecast } from "../outlook/home-forecast.ts";
import { tariffLoader } from "../outlook/tariff-loader.ts";
import { createTariffOutlook } from "../outlook/tariff-outlook.ts";
import { createWeatherOutlook } from "../outlook/weather-outlook.ts";
import { flatPlan } from "../testing/plans.ts";
import { soundPlan } from "../testing/sound-plan.ts";
import { building, startMs } from "../testing/test-home.ts";
import type { Ask } from "./ask.ts";
import { createOptimiser } from "./optimiser.ts";

const model = houseModel(building, 900);
const heatPump = houseModel({ ...building, heating: { ...building.heating, supply: "heatPumpAir" } }, 900);
const { signal } = new AbortController();
let forecast: HomeForecast;

beforeAll(async () => {
  const reference = referenceYearSource();
  const weather = createWeatherOutlook({
    kind: "reference_year",
    source: reference,
    substitute: reference,
    reach_ms: 48 * 3_600_000,
    needed_ms: 24 * 3_600_000,
    freshFor_ms: Number.POSITIVE_INFINITY,
  });
  await weather.refresh(startMs);
  const tariff = createTariffOutlook(tariffLoader({ spec: "peak", cacheFolder: "" }));
  const comfort = {
    of: "air" as const,
    setpoints_c: (_startMs: number, _step_ms: number, count: number) =>
      Float64Array.from({ length: count }, (_, k) => (k < 48 ? 19 : 17)),
    ceilings_c: (_startMs: number, _step_ms: number, setpoints_c: Float64Array) => setpoints_c.map(() => 28),
  };
  forecast = await homeForecast({ model, horizonSteps: 96, comfort, weather, tariff }, startMs, startMs);
});

function plan(ask: Ask, house = model, ahead = forecast) {
  let wallMs = Date.UTC(2026, 10, 24);
  const optimiser = createOptimiser({
    timeout_ms: 20_000,
    wallNow: () => {
      wallMs += 7;
      return wallMs;
    },
    ask,
  });
  return optimiser.plan("d1", { model: house, state: { x_c: [20.5] }, forecast: ahead }, signal);
}

const answering =
  (answer: (request: MpcRequest) => MpcPlan): Ask =>
  async (request) =>
    answer(request);
const good = (request: MpcRequest) => flatPlan({ id: request.id, startMs: Date.parse(request.start) });

test("asks a question that is valid on the wire, with deadline and everything that the solver needs", async () => {
  let asked: MpcRequest | undefined;
  const answer = await plan(
    answering((request) => {
      asked = request;
      return good(request);
    }),
    heatPump,
  );
  expect(answer).toMatchObject({ plan: { id: "d1" }, roundTrip_ms: 7 });
  const { problem, ...rest } = mpcRequestSchema.parse(JSON.parse(JSON.stringify(asked)));
  expect(rest).toEqual({
    id: "d1",
    issued_at: "2026-11-24T00:00:00.007Z",
    deadline: "2026-11-24T00:00:20.007Z",
    start: "2026-01-15T05:00:00.000Z",
  });
  expect(problem).toMatchObject({
    x_c: [20.5],
    maxPower_w: 4500,
    comfort: { min_c: [...forecast.min_c], max_c: 28 },
    model: { dtSeconds: 900 },
  });
  expect(problem.price_eur_kwh).toEqual([...forecast.price_eur_kwh]);
  expect(problem.theta_e_c).toEqual([...forecast.disturbances.theta_e_c]);
  expect(Math.min(...(problem.cop as number[]))).toBeGreaterThan(1.5);
});

const failing =
  (error: Error): Ask =>
  () =>
    Promise.reject(error);
test.each<[string, Ask, object]>([
  [
    "no answer",
    failing(new RequestTimeoutError("late")),
    { cause: "mpc_timeout", why: "the optimiser did not answer within 20 s" },
  ],
  [
    "no broker",
    failing(new RequestNotSentError("away")),
    { cause: "broker_away", why: "the broker is away" },
  ],
  [
    "anything else",
    failing(new Error("odd")),
    { cause: "error", why: "the optimiser could not be asked: odd" },
  ],
  [
    "a failure",
    answering(({ id }) => ({ id, worker: "w", solve_ms: 3, status: "failed", error: "infeasible" })),
    { cause: "mpc_failed", why: "the optimiser failed: infeasible" },
  ],
  [
    "a plan of another length",
    answering(({ id }) => flatPlan({ id, startMs, steps: 48 })),
    { cause: "bad_plan", why: "unusable plan: it has 48 steps, 96 were asked for" },
  ],
  [
    "a plan of another step",
    answering(({ id }) => flatPlan({ id, startMs, step_s: 1800 })),
    { cause: "bad_plan", why: "unusable plan: its step is 1800 s, not 900 s" },
  ],
  [
    "a plan of another time",
    answering(({ id }) => flatPlan({ id, startMs: startMs - 900_000 })),
    {
      cause: "bad_plan",
      why: "unusable plan: it begins at 2026-01-15T04:45:00.000Z, not at 2026-01-15T05:00:00.000Z",
    },
  ],
  [
    "a plan whose open valve gives no heat",
    answering(({ id, start }) => ({
      ...flatPlan({ id, startMs: Date.parse(start), valve_position: 100 }),
      heating_power: new Array<number>(96).fill(0),
    })),
    {
      cause: "bad_plan",
      why: "unusable plan: at 2026-01-15T05:00:00.000Z its valve of 100 % gives 4500 W of heat, not 0 W",
    },
  ],
  [
    "a plan whose heat costs no electricity",
    answering((request) => ({ ...good(request), planned_power: new Array<number>(96).fill(0) })),
    {
      cause: "bad_plan",
      why: "unusable plan: at 2026-01-15T05:00:00.000Z it gives 1800 W of heat by 0 W of electricity",
    },
  ],
  [
    "a plan that says another cost than its heat's",
    answering((request) => ({ ...good(request), energy_cost: 100 })),
    { cause: "bad_plan", why: expect.stringMatching(/^unusable plan: it is said to cost 100\.00 EUR where/) },
  ],
  [
    "a plan that never heats",
    answering(({ id, start }) =>
      flatPlan({ id, startMs: Date.parse(start), valve_position: 0, temperature_c: 14 }),
    ),
    {
      cause: "worse_plan",
      why: expect.stringMatching(
        /^the plan is not followed: by the model of the house the room would be \d\.\d K colder than asked for, on average$/,
      ),
    },
  ],
  [
    "a plan that heats as much as it can",
    answering(({ id, start }) => ({
      ...flatPlan({ id, startMs: Date.parse(start), valve_position: 100, temperature_c: 35 }),
      energy_cost: 17,
    })),
    { cause: "worse_plan", why: expect.stringMatching(/K warmer than asked for, on average$/) },
  ],
])("%s is an answer with its cause", async (_, ask, expected) => {
  expect(await plan(ask)).toMatchObject(expected);
});

test("a plan is followed where electricity is paid for taking, and its cost is still held against its heat", async () => {
  const paidFor = { ...forecast, price_eur_kwh: forecast.price_eur_kwh.map(() => -0.05) };
  const planned = (request: MpcRequest) => {
    const { energyCost_eur } = leastHeatingPlan(unpackProblem(request.problem));
    const flat = { id: request.id, startMs: Date.parse(request.start) };
    return { ...soundPlan(flat, request.problem), energy_cost: energyCost_eur };
  };
  expect(await plan(answering(planned), model, paidFor)).toMatchObject({ plan: { id: "d1" } });
  const dear = answering((request) => ({ ...planned(request), energy_cost: 100 }));
  expect(await plan(dear, model, paidFor)).toMatchObject({ cause: "bad_plan" });
});
