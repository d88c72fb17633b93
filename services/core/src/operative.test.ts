/** Comfort asked of air and surfaces together, through the running core and its API. */
import { join } from "node:path";
import {
  comfortResponseSchema,
  type MpcRequest,
  type OptimalPlan,
  planResponseSchema,
  stateResponseSchema,
  topics,
} from "@azru/contracts";
import { planOf, solveInteriorPoint, unpackProblem } from "@azru/control";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { unprovedHouse } from "@azru/simulation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "./app.ts";
import { houseModel } from "./home/house-model.ts";
import { createModelInForce } from "./home/model-in-force.ts";
import { flatPlan } from "./testing/plans.ts";
import {
  building,
  room,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "./testing/test-home.ts";

/** Its walls are colder than its air. */
const cold = {
  ...building,
  zone: { ...building.zone, uWalls_w_m2k: 1.2 },
  heating: { ...building.heating, emission: "convector" as const },
};
const days = { model_k: 0.2, yesterday_k: 1, predictions: 72 };

let home: TestHome;
beforeEach(async () => {
  home = await startTestHome(brokers.find(({ available }) => available)!);
});
afterEach(() => home.stop());

/** What the optimiser answers. */
function solved({ id, start, problem: packed }: MpcRequest): OptimalPlan {
  const problem = unpackProblem(packed);
  const plan = planOf(problem, solveInteriorPoint(problem).valve);
  const { time } = flatPlan({ startMs: Date.parse(start), steps: plan.valve.length });
  return {
    ...{ id, worker: "test", solve_ms: 1, status: "optimal", step_s: plan.dtSeconds, time },
    ...{ objective: plan.objective_eur, energy_cost: plan.energyCost_eur },
    ...{ discomfort_below: plan.discomfortBelow_kh, discomfort_above: plan.discomfortAbove_kh },
    valve_position: Array.from(plan.valve, (valve) => 100 * valve),
    heating_power: [...plan.phi_HC_w],
    planned_power: [...plan.phi_HC_w],
    temperature: [...plan.theta_air_c],
    mass_temperature: [...plan.theta_m_c],
    external_temperature: [...packed.theta_e_c],
    electricity_price: [...packed.price_eur_kwh],
  };
}

async function homeOf(form: "zone" | "states") {
  const known = form === "states" ? { ...unprovedHouse(cold), days } : undefined;
  const device = await home.device();
  await respond(device.messenger, topics.mpcRequest, topics.mpcPlan, async (request) => solved(request))
    .active;
  const start = async () => {
    const model = createModelInForce(houseModel(cold, stepMs / 1000, undefined, known));
    const live = await home.core({ model, ...(known && { houseFile: join(home.folder, "house.json") }) });
    const app = await createApp({ core: live.core, registry: live.registry, version: "1.2.3", log: silent });
    const ask = async (method: "GET" | "PUT", url: string, payload?: object) =>
      app.inject({ method, url, ...(payload && { payload }), headers: { host: "localhost:8000" } });
    return {
      live,
      ask,
      comfort: async () => comfortResponseSchema.parse((await ask("GET", "/comfort")).json()),
      state: async () => stateResponseSchema.parse((await ask("GET", "/state")).json()),
      plan: async () => planResponseSchema.parse((await ask("GET", "/plan")).json()).plan,
      close: async () => {
        await app.close();
        await live.stop();
      },
    };
  };
  return { device, start };
}

/** Of the plan's second half, by when a cold home has been warmed up. */
const coldest = (values: readonly number[]) => Math.min(...values.slice(values.length / 2));

test.each(["zone", "states"] as const)(
  "a home of %s keeps air and walls together as warm as asked for, where its people ask for that",
  async (form) => {
    const { device, start } = await homeOf(form);
    const first = await start();
    for (const k of [0, 1]) await device.decision(startMs + k * stepMs, { temperature: 19.6 });
    await first.live.core.idle();
    const air = { state: await first.state(), plan: await first.plan() };
    const floor_c = cold.comfort.min_c;
    expect(air.state.comfort.of).toBe("air");
    expect(air.state.estimate!.operative_temperature).toBeLessThan(air.state.estimate!.temperature);
    expect(coldest(air.plan.temperature)).toBeGreaterThan(floor_c - 0.05);
    expect(coldest(air.plan.operative_temperature!)).toBeLessThan(floor_c - 0.3);

    const { settings } = await first.comfort();
    const refused = await first.ask("PUT", "/comfort", { ...settings, of: "walls" });
    expect([refused.statusCode, refused.body]).toEqual([400, expect.stringContaining("body.of")]);
    expect((await first.ask("PUT", "/comfort", { ...settings, of: "operative" })).statusCode).toBe(200);
    expect(comfortResponseSchema.parse((await first.ask("PUT", "/comfort", settings)).json()).of).toBe(
      "operative",
    );
    await first.live.core.idle();
    const both = { state: await first.state(), plan: await first.plan() };
    expect(both.state.comfort.of).toBe("operative");
    expect(coldest(both.plan.operative_temperature!)).toBeGreaterThan(floor_c - 0.05);
    expect(coldest(both.plan.temperature)).toBeGreaterThan(floor_c + 0.2);
    expect(both.plan.energy_cost).toBeGreaterThan(1.02 * air.plan.energy_cost);

    await first.live.store.flush();
    const stored = await first.live.store.last({ measurement: "estimate", tags: { location: room } });
    expect(stored.find(({ field }) => field === "operative_temperature")?.value).toBe(
      both.state.estimate!.operative_temperature,
    );
    const band = await first.live.store.last({ measurement: "comfort", fields: ["of"] });
    expect(band.map(({ value }) => value)).toEqual(["operative"]);
    const [planned] = await first.live.store.last({
      measurement: "plan",
      tags: { lead: "latest" },
      fields: ["operative_temperature"],
    });
    expect(planned.value).toBe(both.plan.operative_temperature!.at(-1));

    await first.close();
    const again = await start();
    expect((await again.comfort()).of).toBe("operative");
    await again.close();
  },
);
