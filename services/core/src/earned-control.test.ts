/** A home of several states: a thermostat with the Tempo rule heats until the model has proved itself. */
import { join } from "node:path";
import { isoTimeOf, type MpcRequest, stateResponseSchema, topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { type KnownHouse, unprovedHouse } from "@azru/simulation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { houseModel } from "./home/house-model.ts";
import { createModelInForce } from "./home/model-in-force.ts";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import { building, room, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const unproved = unprovedHouse(building);
const proved: KnownHouse = { ...unproved, days: { model_k: 0.2, yesterday_k: 1, predictions: 72 } };
const modelOf = (known: KnownHouse) => houseModel(building, stepMs / 1000, undefined, known);

let home: TestHome;
beforeEach(async () => {
  home = await startTestHome(brokers.find(({ available }) => available)!);
});
afterEach(() => home.stop());

async function homeWith(known: KnownHouse) {
  const device = await home.device();
  const requests = collector<MpcRequest>();
  await respond(device.messenger, topics.mpcRequest, topics.mpcPlan, async (request) => {
    requests.push(request);
    const { start, problem } = request;
    const steps = problem.price_eur_kwh.length;
    return flatPlan({ id: request.id, startMs: Date.parse(start), steps, valve_position: 30 });
  }).active;
  const houseFile = join(home.folder, "house.json");
  const start = (of: KnownHouse) => home.core({ model: createModelInForce(modelOf(of)), houseFile });
  return { device, requests, start, live: await start(known) };
}

test("the rule heats as a thermostat would and nobody is asked, until a model that is proved comes into force", async () => {
  const { device, requests, live } = await homeWith(unproved);
  const cold = await device.decision(startMs, { temperature: 18.5 });
  expect(cold).toMatchObject({ source: "thermostat" });
  expect(cold.valve_position).toBeGreaterThan(20);
  const warm = await device.decision(startMs + stepMs, { temperature: 24 });
  expect(warm).toMatchObject({ source: "thermostat", valve_position: 0 });
  expect(requests.all).toEqual([]);
  const { model, decision, failsafe } = stateResponseSchema.parse(live.core.state());
  expect(model.standing).toEqual({
    trusted: false,
    reason: "The model of the house has to prove itself on 3 more days of this home.",
  });
  expect(decision?.reason).toContain("prove itself");
  expect(failsafe.active).toBe(false);

  live.model.propose(modelOf(proved), "the house has been learnt anew");
  await live.core.idle();
  const planned = await device.decision(startMs + 2 * stepMs, { temperature: 20 });
  expect(planned).toMatchObject({ source: "mpc", valve_position: 30 });
  const { problem } = requests.all.at(-1)!;
  expect(problem.x_c).toHaveLength(problem.model.b.length);
  expect(problem.model.b.length).toBeGreaterThan(1);
  expect(problem.terminal.weights).toHaveLength(problem.model.b.length);
  expect(stateResponseSchema.parse(live.core.state()).model.standing?.trusted).toBe(true);
});

test("a first temperature that comes within a step is estimated by and planned with at once", async () => {
  const { device, live } = await homeWith(proved);
  const blind = device.commands.next(() => true);
  await device.messenger.publish(topics.clock, {}, isoTimeOf(startMs));
  expect(await blind).toMatchObject({ source: "failsafe" });
  await live.core.idle();
  expect(live.core.state().estimate).toBeNull();
  const seen = device.commands.next(() => true);
  await device.messenger.publish(
    topics.sensorMetrics,
    { room },
    { temperature: 18.5, sim_time: isoTimeOf(startMs) },
  );
  expect(await seen).toMatchObject({ source: "mpc", valve_position: 30 });
  await live.core.idle();
  expect(live.core.state().estimate).toMatchObject({ temperature: 18.5 });
});

test("a model that was proved before a restart heats after it, with what it knew", async () => {
  const { device, requests, start, live } = await homeWith(proved);
  await device.decision(startMs, { temperature: 20 });
  await device.decision(startMs + stepMs, { temperature: 20 });
  const { estimate, savings } = stateResponseSchema.parse(live.core.state());
  const before = estimate!;
  expect(savings!.against).toEqual({ thermostat: "night_setback", on_c: 19.5, off_c: 20.5, house: "states" });
  await live.stop();
  const again = await start(unproved);
  const command = await device.decision(startMs + 2 * stepMs, { temperature: 20 });
  expect(command.source).toBe("mpc");
  expect(requests.all.length).toBeGreaterThan(0);
  expect(again.core.state().estimate!.mass_temperature).toBeCloseTo(before.mass_temperature, 0);
});
