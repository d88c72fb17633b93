/**
 * Five rooms, end to end: a core with a rooms file, an optimiser, the valves service with pilot-wire modules on 7 kVA, a
 * broker between them; in the place of the home our twin of the rooms, whose radiators do as the modules are ordered.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTimeOf, topics, type ValveCommand } from "@azru/contracts";
import { discretiseRooms } from "@azru/house/testing";
import { connect, type Messenger } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, masses_j_m2k } from "../../bench/rooms/src/bench-home.ts";
import { fiveRooms } from "../../bench/rooms/src/five-rooms.ts";
import { heatedByRooms, readHeatedRooms } from "../../services/core/src/heated-rooms.ts";
import { houseModel } from "../../services/core/src/home/house-model.ts";
import { createModelInForce } from "../../services/core/src/home/model-in-force.ts";
import {
  type LiveCore,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "../../services/core/src/testing/test-home.ts";
import { type Adapter, startAdapter } from "../../services/valves/src/adapter.ts";
import { type DeviceBus, openDeviceBus } from "../../services/valves/src/device-bus.ts";
import { valvesFile as valvesFileKind } from "../../services/valves/src/valves-file.ts";

const { rooms, network, whole: wholeHome } = createHome(fiveRooms, masses_j_m2k.medium);

const minute_ms = 60_000;
const power = { subscribed_kva: 7, base_load_w: 1000 };
const available_w = 6000; // of 8 kW of radiators
const outdoor_c = 2;
const cold_c = 19;
const dial_c = 24;
/** Asked of each room, all day. */
const comfort_c = [19.5, 19, 18, 18, 21];
const moduleOf = (room: string) => `radiateur ${room}`;
const sensorOf = (room: string) => `thermometre ${room}`;

const valvesFile = {
  power,
  rooms: Object.fromEntries(
    rooms.map(({ name, rated_w }) => [
      name,
      { sensors: [{ name: sensorOf(name) }], pilot_wires: [{ name: moduleOf(name), rated_w }] },
    ]),
  ),
};
/** No power in it: the core takes that of the modules. */
const roomsFile = {
  rooms: Object.fromEntries(
    rooms.map(({ name }, i) => [name, { presets_c: { comfort: comfort_c[i], eco: comfort_c[i] - 1 } }]),
  ),
};
/** As zigbee2mqtt announces NodOn's modules and a thermometer. */
const devices = rooms.flatMap(({ name }) => [
  {
    friendly_name: moduleOf(name),
    definition: {
      vendor: "NodOn",
      model: "SIN-4-FP-21",
      exposes: [
        {
          type: "enum",
          name: "pilot_wire_mode",
          property: "pilot_wire_mode",
          access: 7,
          values: ["comfort", "eco", "frost_protection", "off", "comfort_-1", "comfort_-2"],
        },
      ],
    },
  },
  {
    friendly_name: sensorOf(name),
    definition: {
      vendor: "Xiaomi",
      model: "WSDCGQ01LM",
      exposes: [{ type: "numeric", name: "temperature", property: "temperature", access: 1, unit: "°C" }],
    },
  },
]);

/** What a module was ordered when. */
interface Order {
  readonly minute: number;
  readonly mode: string;
}

let folder: string;
let home: TestHome;
let live: LiveCore;
let adapter: Adapter;
let bus: DeviceBus;
let messenger: Messenger;
let client: mqtt.MqttClient;
const stops: (() => Promise<unknown>)[] = [];
const orders = new Map<string, Order[]>(rooms.map(({ name }) => [name, []]));
let minute = 0;
const nowMs = () => startMs + minute * minute_ms;

/** Resolves after so many more messages as have been counted already plus `more`. */
function counter() {
  let [count, wanted] = [0, 0];
  let resolve = () => {};
  return {
    add() {
      if (++count >= wanted) resolve();
    },
    after(more: number): Promise<void> {
      wanted = count + more;
      return new Promise((done) => {
        resolve = done;
      });
    },
  };
}
const received = counter();
const measured = counter();
const commanded = counter();
const marked = counter();
const ordered = counter();
const commands = new Map<string, ValveCommand[]>(rooms.map(({ name }) => [name, []]));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "azru-five-rooms-"));
  const paths = { rooms: join(folder, "rooms.yaml"), valves: join(folder, "valves.yaml") };
  writeFileSync(paths.rooms, JSON.stringify(roomsFile));
  writeFileSync(paths.valves, JSON.stringify(valvesFile));
  home = await startTestHome(brokers[0]);
  const { url } = home.broker;

  const heatedRooms = (await readHeatedRooms(paths, silent))!;
  const building = heatedByRooms(wholeHome, heatedRooms, silent);
  live = await home.core({
    heatedRooms,
    model: createModelInForce(houseModel(building, stepMs / 1000)),
    rooms: { deciding: [...heatedRooms.keys()], mostRooms: 32, forgetAfter_ms: 72 * 3_600_000 },
  });
  await live.messenger.subscribe(topics.sensorMetrics, ({ params }) => {
    if (params.room === "marker") measured.add();
  }).active;
  await home.optimiser(live.messenger);

  client = await mqtt.connectAsync(url, { protocolVersion: 4 });
  stops.push(() => client.endAsync(true));
  client.on("message", takeOrder);
  await client.subscribeAsync(["zigbee2mqtt/+/set", "test/marker"], { qos: 1 });
  await client.publishAsync("zigbee2mqtt/bridge/devices", JSON.stringify(devices), { qos: 1, retain: true });

  messenger = connect({ url, site: "home", service: "valves", log: silent });
  stops.push(() => messenger.close());
  // Each module is ordered to be safe as soon as the service knows the devices, and so listens to them.
  const listening = ordered.after(rooms.length);
  adapter = startAdapter({
    file: await valvesFileKind.read(paths.valves),
    messenger,
    openBus(options) {
      bus = openDeviceBus({
        url,
        clientId: "home-valves-devices",
        username: undefined,
        password: undefined,
        ...options,
        onMessage(topic, ...message) {
          options.onMessage(topic, ...message);
          if (topic.includes("thermometre")) received.add();
        },
        log: silent,
      });
      return bus;
    },
    now: () => ({ homeMs: nowMs(), steadyMs: nowMs() - startMs }),
    log: silent,
  });
  await messenger.subscribe(topics.valveSet, ({ params, payload }) => {
    commands.get(params.room)!.push(payload);
    commanded.add();
  }).active;
  await messenger.whenConnected();
  await listening;
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  await home?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A module takes its order, and reports it as zigbee2mqtt does. */
function takeOrder(topic: string, bytes: Uint8Array): void {
  if (topic === "test/marker") {
    marked.add();
    return;
  }
  const device = topic.split("/")[1];
  const room = rooms.find(({ name }) => moduleOf(name) === device)!;
  const { pilot_wire_mode: mode } = JSON.parse(bytes.toString()) as { pilot_wire_mode: string };
  orders.get(room.name)!.push({ minute, mode });
  ordered.add();
  client.publish(`zigbee2mqtt/${device}`, JSON.stringify({ pilot_wire_mode: mode }));
}

/** Resolves when the modules have all orders that the valves service has sent: one connection keeps their order. */
async function ordersArrived(): Promise<void> {
  const arrived = marked.after(1);
  bus.send("test/marker", String(minute));
  await arrived;
}

/** A thermometer reports every three minutes, in turn, and all of them before a decision. */
async function measure(air_c: readonly number[]): Promise<void> {
  const reporting = [...rooms.entries()].filter(([i]) => minute % 15 === 0 || (minute + i) % 3 === 0);
  const known = received.after(reporting.length);
  for (const [i, { name }] of reporting) {
    const temperature = Math.round(air_c[i] * 10) / 10;
    client.publish(`zigbee2mqtt/${sensorOf(name)}`, JSON.stringify({ temperature }), { qos: 1 });
  }
  await known;
  // One connection keeps the order of what it publishes: the core has all that was measured.
  const measurements = measured.after(1);
  await messenger.publish(topics.sensorMetrics, { room: "marker" }, { temperature: 20 });
  await measurements;
  await ordersArrived();
}

async function decide(): Promise<void> {
  const all = commanded.after(rooms.length);
  await live.messenger.publish(topics.clock, {}, isoTimeOf(nowMs()));
  await all;
  await live.core.idle();
  await ordersArrived();
}

const modeOf = (room: string) => orders.get(room)!.at(-1)?.mode;

/** How often a room stayed in an order for fewer minutes than 3, until the last minute. */
function tooShort(all: readonly Order[], mode: string): number {
  const changes = all.filter((order, i) => i === 0 || order.mode !== all[i - 1].mode);
  return changes
    .slice(0, -1)
    .filter((order, i) => order.mode === mode && changes[i + 1].minute - order.minute < 3).length;
}

test("a plan becomes the heat of each room, and this the orders of its module, within the subscribed power", async () => {
  const twin = discretiseRooms(network, 60);
  let x_c: Float64Array = Float64Array.from(twin.C_j_k, () => cold_c);
  const air_c = () => twin.air.map((place) => x_c[place]);
  const minutes = 4 * 60;
  const history: { readonly air_c: readonly number[]; readonly power_w: number }[] = [];
  for (; minute < minutes; minute++) {
    await measure(air_c());
    if (minute % 15 === 0) await decide();
    const phi_HC_w = rooms.map(({ name, rated_w }, i) =>
      modeOf(name) === "comfort" && air_c()[i] < dial_c ? rated_w : 0,
    );
    const ordered_w = rooms.reduce(
      (sum, { name, rated_w }) => sum + (modeOf(name) === "comfort" ? rated_w : 0),
      0,
    );
    expect(ordered_w, `W in comfort, minute ${minute}`).toBeLessThanOrEqual(available_w);
    const none = rooms.map(() => 0);
    x_c = twin.next(x_c, { theta_e_c: outdoor_c, phi_HC_w, phi_sol_w: none, phi_int_w: none });
    history.push({ air_c: air_c(), power_w: ordered_w });
  }

  const { decision, rooms: states } = live.core.state();
  expect(decision?.source).toBe("mpc");
  expect(Math.max(...history.map(({ power_w }) => power_w))).toBeGreaterThan(available_w - 1500); // it is made use of
  const settled = history.slice(120);
  for (const [i, { name, rated_w }] of rooms.entries()) {
    const own = settled.map((one) => one.air_c[i]);
    // They take turns: while the limit holds one back, its air falls by a few tenths.
    expect(Math.min(...own), `${name}, lowest`).toBeGreaterThan(comfort_c[i] - 0.6);
    const mean_c = own.reduce((sum, air) => sum + air, 0) / own.length;
    expect(mean_c, `${name}, mean`).toBeGreaterThan(comfort_c[i]);
    expect(Math.max(...own), `${name}, warmest`).toBeLessThan(dial_c + 0.5);
    const given = orders.get(name)!;
    expect(new Set(given.map(({ mode }) => mode)), name).toEqual(
      new Set(["eco", "comfort", "frost_protection"]),
    );
    expect(tooShort(given, "frost_protection"), `${name}, short breaks`).toBe(0);
    // A heater that takes its turn is not taken for an open window, of which no command would name a setpoint.
    const setpoints = new Set(commands.get(name)!.map(({ setpoint }) => setpoint));
    expect(setpoints, name).toEqual(new Set([comfort_c[i]]));
    expect(states.find(({ room }) => room === name)?.heating).toMatchObject({
      setpoint: comfort_c[i],
      power: rated_w,
    });
  }
  // Never below the heat of the plan: what is commanded is given, or more where a room would fall below its setpoint.
  const commandedHeat_w = rooms.reduce(
    (sum, { name, rated_w }) =>
      sum +
      commands
        .get(name)!
        .slice(8)
        .reduce((part, one) => part + (one.valve_position / 100) * rated_w, 0) /
        8,
    0,
  );
  const given_w = settled.reduce((sum, { power_w }) => sum + power_w, 0) / settled.length;
  expect(given_w).toBeGreaterThan(commandedHeat_w * 0.9);

  await adapter.close();
  await ordersArrivedAfterClose();
  expect(rooms.map(({ name }) => modeOf(name))).toEqual(rooms.map(() => "eco"));
}, 180_000);

/** The valves service has left: what it sent last comes before what the test itself sends now. */
async function ordersArrivedAfterClose(): Promise<void> {
  const arrived = marked.after(1);
  await client.publishAsync("test/marker", "closed", { qos: 1 });
  await arrived;
}
