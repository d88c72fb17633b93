/** A core with many rooms: only those that are configured to decide do, and invented ones cost next to nothing. */
import { type HeatedRoom, isoTimeOf, topics, type ValveCommand } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Device, room, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const invented = 5000;

let home: TestHome;
let device: Device;

beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  device = await home.device();
});

afterAll(async () => {
  await home?.stop();
});

async function publishRoom(name: string, temperature: number): Promise<void> {
  await device.messenger.publish(
    topics.sensorMetrics,
    { room: name },
    { temperature, sim_time: isoTimeOf(startMs) },
  );
}

test("5,000 invented rooms neither decide nor are kept, and are counted", async () => {
  const { core, registry } = await home.core({ mpcTimeout_ms: 200 }); // nobody is there to be asked
  const first = await device.decision(startMs, { temperature: 19 });
  for (let i = 0; i < invented; i++) await publishRoom(`invented ${i}`, 35);
  // In one connection messages keep their order: all rooms are known when the next step is decided.
  const next = await device.decision(startMs + stepMs, { temperature: 19 });
  expect(next.source).toBe(first.source);

  const { rooms, estimate, inputs } = core.state();
  expect(rooms).toHaveLength(32);
  expect(rooms.filter(({ decides }) => decides)).toMatchObject([{ room, metrics: { temperature: 19 } }]);
  expect(estimate?.temperature).toBe(19);
  expect(inputs.temperature.source).toBe(room);
  const metrics = await registry.metrics();
  expect(metrics).toContain(`azru_room_readings_refused_total ${invented - 31}`);
  expect(metrics.match(/^azru_temperature_celsius\{/gm)).toHaveLength(32);
});

test("another room's temperature steers nothing until it is named, and /state says which rooms measure", async () => {
  const { core } = await home.core({ site: "named", mpcTimeout_ms: 200 });
  const other = await home.device("named");
  const measured = new Promise<void>((resolve) => {
    core.events.listen((event) => {
      if (event.event === "measurement" && event.data.room === "Salon (nord)") resolve();
    });
  });
  const payload = { temperature: 17, sim_time: isoTimeOf(startMs) };
  await other.messenger.publish(topics.sensorMetrics, { room: "Salon (nord)" }, payload);
  await measured;
  expect(core.state().rooms).toMatchObject([{ room: "Salon (nord)", decides: false }]);
  expect(core.state().inputs.temperature.fallback_reason).toBe(
    "no room that decides has measured; Salon (nord) did: name a room in AZRU_ROOM",
  );
  expect(core.readiness().dependencies.sensors.status).toBe("down");
});

const heatedRooms = new Map<string, HeatedRoom>([
  [room, { power_w: 3000 }],
  ["Chambre d'amis", { power_w: 1500, presets_c: { comfort: 17 }, off: [{ from: "21:00", until: "09:00" }] }],
  ["Salle de bain", { power_w: 1000, presets_c: { comfort: 21 } }],
]);

test("rooms that are heated each by itself get commands of their own, and one that is silent spoils nothing", async () => {
  const site = "by-room";
  const { core, messenger } = await home.core({
    site,
    heatedRooms,
    mpcTimeout_ms: 200,
    rooms: { deciding: [...heatedRooms.keys()], mostRooms: 32, forgetAfter_ms: 72 * 3_600_000 },
  });
  core.setMode("thermostat");
  await core.idle();
  const own = await home.device(site);
  const commands = new Map<string, ValveCommand>();
  await messenger.subscribe(topics.valveSet, ({ params, payload }) => commands.set(params.room, payload))
    .active;
  const publish = (name: string, temperature: number, timeMs: number) =>
    own.messenger.publish(topics.sensorMetrics, { room: name }, { temperature, sim_time: isoTimeOf(timeMs) });
  const decided = async (timeMs: number) => {
    const due = own.commands.next(({ sim_time = "" }) => Date.parse(sim_time) >= timeMs);
    await own.messenger.publish(topics.clock, {}, isoTimeOf(timeMs));
    await due;
    await core.idle();
  };

  const firstMs = startMs + stepMs;
  await publish(room, 18, firstMs);
  await publish("Chambre d'amis", 16, firstMs);
  await publish("Salle de bain", 20.5, firstMs);
  await decided(firstMs);
  expect(core.state().estimate?.temperature).toBeCloseTo((3000 * 18 + 1500 * 16 + 1000 * 20.5) / 5500, 9);
  const rooms = () => new Map(core.state().rooms.map((state) => [state.room, state]));
  expect(rooms().get("Chambre d'amis")?.heating).toMatchObject({
    off: true,
    setpoint: 12,
    valve_position: 0,
  });
  expect(rooms().get("Salle de bain")?.heating).toMatchObject({ off: false, setpoint: 21, power: 1000 });
  expect(rooms().get(room)?.heating?.valve_position).toBeGreaterThan(0);
  expect([...commands.keys()].sort()).toEqual([...heatedRooms.keys()].sort());
  expect(commands.get("Chambre d'amis")).toMatchObject({ valve_position: 0, source: "thermostat" });

  const laterMs = firstMs + 3 * stepMs; // the bathroom has been silent for longer than counts
  await publish(room, 19.5, laterMs);
  await publish("Chambre d'amis", 15.9, laterMs);
  await decided(laterMs);
  expect(rooms().get("Salle de bain")?.status).toBe("stale");
  const withoutBath = (3000 * 19.5 + 1500 * 15.9) / 4500;
  const { temperature } = core.state().estimate!;
  expect(temperature).toBeGreaterThan(withoutBath); // it is taken to be as much warmer than the others as it was
  expect(temperature - withoutBath).toBeLessThan(1);
});

test("a room has what is asked for in it, over a restart of the core too", async () => {
  const site = "asked-room";
  const options = {
    site,
    heatedRooms,
    mpcTimeout_ms: 200,
    rooms: { deciding: [...heatedRooms.keys()], mostRooms: 32, forgetAfter_ms: 72 * 3_600_000 },
  };
  const { core, stop } = await home.core(options);
  core.setMode("thermostat");
  const own = await home.device(site);
  await own.messenger.publish(topics.clock, {}, isoTimeOf(startMs));
  const noon = startMs + stepMs;
  for (const [name, temperature] of [
    [room, 19.5],
    ["Chambre d'amis", 18],
    ["Salle de bain", 21.5],
  ] as const)
    await own.messenger.publish(
      topics.sensorMetrics,
      { room: name },
      { temperature, sim_time: isoTimeOf(noon) },
    );
  await own.messenger.publish(topics.clock, {}, isoTimeOf(noon));
  await expect.poll(() => core.state().time).toBe(isoTimeOf(noon));
  const heatingOf = async (name: string, of = core) => {
    await of.idle();
    return of.state().rooms.find((one) => one.room === name)?.heating;
  };

  core.setRoom({ room: "Salle de bain", mode: "off" });
  core.setRoom({ room, preset: "boost" });
  const { rooms } = core.setRoom({ room: "Chambre d'amis", setpoint_c: 19, duration_min: 30 });
  expect(rooms).toMatchObject({
    "Salle de bain": { preset: "off", until: null },
    [room]: { preset: "boost", setpoint_c: 21, until: isoTimeOf(noon + 3_600_000) },
    "Chambre d'amis": { preset: null, setpoint_c: 19, until: isoTimeOf(noon + 1_800_000) },
  });
  expect(await heatingOf("Salle de bain")).toMatchObject({ off: true, target: 12, valve_position: 0 });
  expect(await heatingOf("Chambre d'amis")).toMatchObject({ off: false, target: 19 });
  expect((await heatingOf(room))?.target).toBe(21);

  core.setRoom({ room, preset: "none" });
  expect((await heatingOf(room))?.target).toBe(19);
  expect(() => core.setRoom({ room, setpoint_c: 29 })).toThrow(/^body.setpoint_c must be <= .*got 29$/);
  expect(() => core.setRoom({ room: "Cave", mode: "off" })).toThrow(/^body.room must be one of .*got Cave$/);

  await stop();
  const { core: restarted } = await home.core(options);
  expect(Object.keys(restarted.comfort.response.rooms)).toEqual(["Salle de bain", "Chambre d'amis"]);
});

test("a home that is heated as one has no comfort of single rooms", async () => {
  const { core } = await home.core({ site: "as-one", mpcTimeout_ms: 200 });
  expect(() => core.setRoom({ room, mode: "off" })).toThrow(/^body.room must be heated by itself/);
});

test("an open window closes the heating of its home for a while, by a contact and by how the air falls", async () => {
  const site = "window";
  const { core } = await home.core({ site, mpcTimeout_ms: 200 });
  core.setMode("thermostat");
  await core.idle();
  const own = await home.device(site);
  const at = (k: number) => startMs + k * stepMs;
  expect((await own.decision(at(1), { temperature: 18 })).valve_position).toBe(100);
  expect((await own.decision(at(2), { temperature: 18, window_open: 1 })).valve_position).toBe(0);
  expect(core.state().rooms[0].window).toMatchObject({ cause: "contact" });
  expect(core.state().decision?.reason).toMatch(/^not heated: a window is open in living-room, instead of: /);
  expect((await own.decision(at(3), { temperature: 18, window_open: 0 })).valve_position).toBe(100);
  expect(core.state().rooms[0].window).toBeUndefined();
  core.setValve({ valve_position: 60 });
  await core.idle();
  expect((await own.decision(at(4), { temperature: 18, window_open: 1 })).valve_position).toBe(60);
});
