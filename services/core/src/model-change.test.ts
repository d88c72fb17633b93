/** Another model of the house, handed to a running core. */
import { type MpcRequest, stateResponseSchema, topics } from "@azru/contracts";
import { stateSpaceOf } from "@azru/house";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HouseModel, houseModel } from "./home/house-model.ts";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import { building, room, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const otherBuilding = {
  ...building,
  zone: { ...building.zone, thermalCapacitance_j_m2k: building.zone.thermalCapacitance_j_m2k / 2 },
  heating: { ...building.heating, maxPower_w: 3000 },
  internalGains_w: building.internalGains_w + 100,
};
const learnt = houseModel(otherBuilding, 900, {
  calibrated_at: "2026-01-15T02:30:00.000Z",
  corrects: "",
  rmse_before_k: 1,
  rmse_after_k: 0.2,
  intervals: [],
  building: otherBuilding,
});

let home: TestHome;
beforeEach(async () => {
  home = await startTestHome(brokers.find(({ available }) => available)!);
});
afterEach(() => home.stop());

/** A core whose optimiser answers when it is let. */
async function asking() {
  const device = await home.device();
  const requests = collector<MpcRequest>();
  let gate = Promise.resolve();
  await respond(device.messenger, topics.mpcRequest, topics.mpcPlan, async (request) => {
    requests.push(request);
    await gate;
    return flatPlan({ id: request.id, startMs: Date.parse(request.start), valve_position: 50 });
  }).active;
  const live = await home.core();
  return {
    device,
    requests,
    ...live,
    hold(): () => void {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
  };
}

const houseIn = ({ problem }: MpcRequest) => ({ step: problem.model, maxPower_w: problem.maxPower_w });
const asked = ({ step, maxPower_w }: HouseModel) => ({ step: stateSpaceOf(step), maxPower_w });

test("a decision being made keeps its model; the next one, at once, asks with the new", async () => {
  const { device, requests, model, hold, core, registry, store } = await asking();
  const file = model.now;
  await device.decision(startMs, { temperature: 19.6 });
  const answer = hold();
  const second = requests.next(() => true);
  const commanded = device.commands.next(() => true);
  await device.publish(startMs + stepMs, { temperature: 19.7 });
  expect(houseIn(await second)).toEqual(asked(file));

  model.propose(learnt, "the house has been learnt anew");
  expect(model.now).toBe(file);
  const third = requests.next(() => true);
  answer();
  const command = await commanded;
  expect(command).toMatchObject({ id: (await second).id, source: "mpc" });
  expect(command.planned_power).toBe(building.heating.maxPower_w / 2);
  expect(houseIn(await third)).toEqual(asked(learnt));
  await core.idle();
  const state = stateResponseSchema.parse(core.state());
  expect(state).toMatchObject({
    model: { source: "calibrated", calibrated_at: "2026-01-15T02:30:00.000Z", rmse_after: 0.2 },
    decision: { id: (await third).id, cause: "the house has been learnt anew", planned_power: 1500 },
    estimate: { heat_capacity: learnt.capacity_kwh_k, mass_temperature: (await third).problem.x_c[0] },
  });
  const changes = await registry.getSingleMetric("azru_model_changes_total")!.get();
  expect(changes.values).toMatchObject([{ value: 1, labels: { to: "calibrated" } }]);

  await store.flush();
  const stored = await store.last({ measurement: "estimate", tags: { location: room } });
  expect(stored.find(({ field }) => field === "mass_temperature")?.value).toBe((await third).problem.x_c[0]);
});

test("a model that is taken back before its turn never comes into force", async () => {
  const { device, requests, model, hold, core } = await asking();
  const file = model.now;
  const answer = hold();
  const first = requests.next(() => true);
  await device.publish(startMs, { temperature: 19.6 });
  await first;
  model.propose(learnt, "the house has been learnt anew");
  model.propose(file, "back to the building file");
  answer();
  await core.idle();
  expect(model).toMatchObject({ now: file, next: undefined });
  expect(requests.all.map(houseIn)).toEqual(requests.all.map(() => asked(file)));
  expect(core.state().model.source).toBe("file");
});
