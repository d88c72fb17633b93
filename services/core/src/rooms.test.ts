/** A core with many rooms: only those that are configured to decide do, and invented ones cost next to nothing. */
import { isoTimeOf, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
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

async function publishRoom(name: string, temperature: number, timeMs = startMs): Promise<void> {
  await device.messenger.publish(
    topics.sensorMetrics,
    { room: name },
    { temperature, sim_time: isoTimeOf(timeMs) },
  );
}

test("5,000 invented rooms neither decide nor are kept, and are counted", async () => {
  const { core, registry } = await home.core({ mpcTimeout_ms: 200 }); // nobody is there to be asked
  const first = await device.decision(startMs, { temperature: 19 });
  const seen = collector<string>();
  core.events.listen((event) => {
    if (event.event === "measurement") seen.push(event.data.room);
  });
  for (let i = 0; i < invented; i++) await publishRoom(`invented ${i}`, 35);
  const last = seen.next((name) => name === room);
  await publishRoom(room, 19, startMs + 1000);
  await last;

  const { rooms, estimate, inputs } = core.state();
  expect(rooms).toHaveLength(32);
  expect(rooms.filter(({ decides }) => decides)).toMatchObject([{ room, metrics: { temperature: 19 } }]);
  expect(estimate?.temperature).toBe(19);
  expect(inputs.temperature.source).toBe(room);
  const metrics = await registry.metrics();
  expect(metrics).toContain(`azru_room_readings_refused_total ${invented - 31}`);
  expect(metrics.match(/^azru_temperature_celsius\{/gm)).toHaveLength(32);

  const next = await device.decision(startMs + stepMs, { temperature: 19 });
  expect(next.source).toBe(first.source);
  expect(core.state().estimate?.temperature).toBe(19);
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
