/** What an operator of `pnpm start` meets: ports in use, Ctrl-C, crashes, restarts, a broker of their own. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { stateResponseSchema, timeMsOf } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import mqtt from "mqtt";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import {
  addressesOf,
  cleanUp,
  isAlive,
  type RunningSystem,
  startCommand,
  startSystem,
  temporaryFolder,
  whenRunning,
} from "./running-system.ts";
import { listenToSite } from "./site-listener.ts";

const services = ["core", "mpc", "sensor-simulator"];
const freePorts = ["--http-port", "0", "--mqtt-port", "0"];

afterEach(({ task }) => cleanUp(task.result?.state === "fail"));

describe("a port that is taken", () => {
  it.for([
    { option: "--http-port", what: "the API", advice: "" },
    { option: "--mqtt-port", what: "MQTT", advice: " (or use that broker: MQTT_URL)" },
  ])("is named, with the option $option", async ({ option, what, advice }) => {
    const port = await takenPort();
    const system = startSystem([...freePorts, "--data", temporaryFolder(), option, String(port)]);
    expect(await system.exit).toEqual({ code: 1, signal: null });
    expect(system.complaints).toEqual([
      `pnpm start: port ${port} for ${what} is taken by another program: stop it, or choose another with ${option}${advice}`,
    ]);
  });
});

it("a configuration that a service refuses ends the start, with the service's own words", async () => {
  const options = [...freePorts, "--data", temporaryFolder()];
  const system = startSystem(options, { environment: { AZRU_HORIZON_HOURS: "a day" } });
  expect((await system.exit).code).toBe(2);
  await system.record(({ msg }) => msg === 'core: AZRU_HORIZON_HOURS must be a number, got "a day"');
  expect(system.complaints).toEqual(['pnpm start: core: AZRU_HORIZON_HOURS must be a number, got "a day"']);
});

it("a data folder that is a file is named", async () => {
  const file = join(temporaryFolder(), "data");
  writeFileSync(file, "");
  const system = startSystem([...freePorts, "--data", file], { command: startCommand });
  expect(await system.exit).toEqual({ code: 2, signal: null });
  expect(system.complaints).toEqual([
    `pnpm start: --data ${file} is not a folder: name another one (or AZRU_DATA_DIR)`,
  ]);
});

it("Ctrl-C, also twice, ends all processes in order", async () => {
  const system = startSystem([...freePorts, "--data", temporaryFolder()]);
  await whenRunning(system);
  const pids = services.flatMap(system.pids);
  expect(pids.map(isAlive)).toEqual([true, true, true]);

  system.signalGroup("SIGINT");
  system.signalGroup("SIGINT");

  expect(await system.exit).toEqual({ code: 0, signal: null });
  expect(pids.map(isAlive)).toEqual([false, false, false]);
  for (const service of [...services, "standalone"]) {
    expect(await system.record((line) => line.service === service && line.msg === "stopped")).toMatchObject({
      exitCode: 0,
    });
  }
  expect(system.complaints).toEqual([]);
});

it("an optimiser that crashes is started again, and decides again", async () => {
  const system = startSystem([...freePorts, "--data", temporaryFolder()], {
    environment: { AZRU_MPC_TIMEOUT_SECONDS: "2" },
  });
  const site = await listenToSite((await addressesOf(system)).mqtt);
  onTestFinished(() => site.close());
  await whenRunning(system);
  const [pid] = system.pids("mpc");

  process.kill(pid, "SIGKILL");
  const report = await system.record(({ child, msg }) => child === "mpc" && msg.includes("ended"));
  expect(report.msg).toBe("mpc ended (SIGKILL), starting it again in 0.5 s");

  const byAnother = await site.until(
    "mpcPlan",
    ({ payload }) => payload.status === "optimal" && payload.worker !== `${hostname()}-${pid}`,
  );
  await site.until(
    "valveSet",
    ({ payload }) => payload.source === "mpc" && payload.id === byAnother.payload.id,
  );
  expect(system.pids("mpc")).toHaveLength(2);
  expect(system.pids("core")).toHaveLength(1);
});

it("no process outlives the one that started it, and the next start goes on with its data", async () => {
  const options = [...freePorts, "--data", temporaryFolder()];
  const first = startSystem(options, { command: startCommand });
  await whenRunning(first);
  const pids = services.flatMap(first.pids);
  first.signal("SIGKILL");
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false, false]);

  const second = startSystem(options);
  await expectDecisions(second);
  second.signalGroup("SIGINT");
  expect(await second.exit).toEqual({ code: 0, signal: null });
});

it("works through pnpm, to Ctrl-C", async () => {
  const command = ["npx", "-y", "pnpm@12", "start"];
  const system = startSystem([...freePorts, "--data", temporaryFolder()], { command });
  await whenRunning(system);
  const pids = services.flatMap(system.pids);
  system.signalGroup("SIGINT");
  await system.record(({ service, msg }) => service === "standalone" && msg === "stopped");
  await system.exit;
  expect(pids.map(isAlive)).toEqual([false, false, false]);
  expect(system.complaints.join("\n")).not.toContain("ELIFECYCLE");
});

const mosquitto = brokers.find(({ name }) => name.startsWith("Mosquitto"))!;
it.skipIf(!mosquitto.available)(`heats a real home over a broker of its own: ${mosquitto.name}`, async () => {
  const broker = await mosquitto.start();
  onTestFinished(() => broker.stop());
  const system = startSystem(["--no-simulator", "--http-port", "0", "--data", temporaryFolder()], {
    environment: { MQTT_URL: broker.url, AZRU_WEATHER: "reference", AZRU_TARIFF: "peak" },
  });
  const { api } = await addressesOf(system);
  const site = await listenToSite(broker.url);
  onTestFinished(() => site.close());
  await whenRunning(system);

  const sensor = await mqtt.connectAsync(broker.url);
  onTestFinished(() => sensor.endAsync());
  await sensor.publishAsync("home/sensors/living-room/metrics", JSON.stringify({ temperature: 15 }));

  const { payload } = await site.until("valveSet", ({ payload }) => payload.valve_position > 50);
  expect(Math.abs(timeMsOf(payload.issued_at!) - Date.now())).toBeLessThan(60_000);
  const state = stateResponseSchema.parse(await (await fetch(`${api}/state`)).json());
  expect(state).toMatchObject({ simulated: false, rooms: [{ metrics: { temperature: 15 } }] });
  expect(system.pids("sensor-simulator")).toEqual([]);
});

it("connects the valves of a file in a real home, and refuses it beside a simulated one", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "valves.yaml");
  writeFileSync(file, "rooms: { living-room: { valves: [{ name: radiator }] } }");
  const environment = { AZRU_VALVES: file, AZRU_WEATHER: "reference", AZRU_TARIFF: "peak" };
  const simulated = startSystem([...freePorts, "--data", folder], { environment });
  expect((await simulated.exit).code).toBe(2);
  expect(simulated.complaints).toEqual([
    "pnpm start: AZRU_VALVES is for a real home: add --no-simulator, or unset it",
  ]);
  const system = startSystem(["--no-simulator", ...freePorts, "--data", folder], { environment });
  const { mqtt: url } = await addressesOf(system);
  const site = await listenToSite(url);
  onTestFinished(() => site.close());
  await site.until("status", ({ topic, payload }) => topic.service === "valves" && payload === "online");
  const device = await mqtt.connectAsync(url);
  onTestFinished(() => device.endAsync());
  await device.publishAsync("zigbee2mqtt/radiator", JSON.stringify({ local_temperature: 18.5 }));
  await site.until("sensorMetrics", ({ payload }) => payload.temperature === 18.5);
  system.signalGroup("SIGINT");
  expect((await system.exit).code).toBe(0);
});

/** Sees the running system decide twice. */
async function expectDecisions(system: RunningSystem): Promise<void> {
  const site = await listenToSite((await addressesOf(system)).mqtt);
  onTestFinished(() => site.close());
  const first = await site.until("valveSet", ({ payload }) => payload.source === "mpc");
  await site.until("valveSet", ({ payload }) => payload.source === "mpc" && payload.id !== first.payload.id);
  expect(site.invalid).toEqual([]);
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
