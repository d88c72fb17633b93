/** All rooms of a valves file between Azru's topics and the devices'. */
import type { Instant } from "@azru/actuators";
import { type SensorMetrics, topics } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import { createBatteryWatch } from "./battery.ts";
import type { DeviceBus, DeviceBusOptions } from "./device-bus.ts";
import { createNameCheck } from "./device-names.ts";
import { createHomeHeaters } from "./home-heaters.ts";
import { createRoom, type Room } from "./room.ts";
import type { ValvesFile } from "./valves-file.ts";
import {
  decodeAvailability,
  decodeBridgeDevices,
  decodeDeviceState,
  ForeignPayloadError,
} from "./zigbee/payloads.ts";

/** What became of the devices' messages. */
interface DeviceCounts {
  /** Arrived and understood. */
  received: number;
  /** Arrived, but not what zigbee2mqtt documents; dropped. */
  rejected: number;
  /** Fields of understood messages whose value makes no sense. */
  illFields: number;
}

export interface AdapterOptions {
  readonly file: ValvesFile;
  readonly messenger: Pick<Messenger, "publish" | "subscribe">;
  readonly openBus: (options: Pick<DeviceBusOptions, "topics" | "onMessage" | "onConnected">) => DeviceBus;
  readonly now: () => Instant;
  readonly log: Log;
}

export interface Adapter {
  readonly counts: Readonly<DeviceCounts>;
  readonly rooms: ReadonlyMap<string, Pick<Room, "verdicts">>;
  /** Sends the devices to where they are safe without us, and leaves; warns where the broker is away. */
  close(): Promise<void>;
}

/** How often it is looked whether a relay must switch or Azru has fallen silent. */
const tick_ms = 1_000;

/** Listens, and has the devices act, until closed. */
export function startAdapter({ file, messenger, openBus, now, log }: AdapterOptions): Adapter {
  const base = file.zigbee2mqtt.base_topic;
  const counts: DeviceCounts = { received: 0, rejected: 0, illFields: 0 };
  const needsDevices = Object.values(file.rooms).some(
    ({ valves, pilot_wires }) => valves.length > 0 || pilot_wires.some(({ closed }) => closed === undefined),
  );
  const checkNames = createNameCheck(file, log);
  const complaints = new Set<string>();
  const watchBattery = createBatteryWatch(file.battery_low_percent, log);
  const roomOf = new Map<string, Room>();

  const rooms = new Map(
    Object.entries(file.rooms).map(([name, settings]): [string, Room] => {
      const room = createRoom({
        name,
        settings,
        file,
        set: (device, message) => bus.send(`${base}/${device}/set`, JSON.stringify(message)),
        say: (topic, text) => bus.send(topic, text),
        log,
      });
      const { sensors, valves, relays, pilot_wires } = settings;
      for (const { name: device } of [...sensors, ...valves, ...relays, ...pilot_wires])
        if (device !== undefined) roomOf.set(device, room);
      return [name, room];
    }),
  );
  const nameOf = new Map([...rooms].map(([name, room]) => [room, name]));
  const heaters = createHomeHeaters([...rooms.values()], file.power, now().steadyMs, log);
  const act = () => {
    const instant = now();
    const all = [...rooms.values()];
    const states = heaters.step(instant.steadyMs, new Map(all.map((room) => [room, room.duties(instant)])));
    for (const room of all) room.act(instant, states.get(room)!);
  };
  const tell = (room: string, metrics: SensorMetrics) => {
    messenger.publish(topics.sensorMetrics, { room }, metrics).catch((error: unknown) => {
      log.error({ err: error, room }, "measurement cannot be told");
    });
  };

  const hearDevice = (device: string, room: Room, bytes: Uint8Array, retained: boolean) => {
    const state = decodeDeviceState(bytes);
    counts.illFields += state.illFields.length;
    if (state.illFields.length > 0) complain(device, `${state.illFields.join(", ")} make no sense`);
    watchBattery(device, state);
    // Nobody knows how old a temperature is that the broker kept.
    const metrics = room.hear(device, retained ? { ...state, temperature_c: undefined } : state, now());
    if (metrics) tell(nameOf.get(room)!, metrics);
    if (!retained) room.report(device, state, now());
    act();
  };
  const hearMeter = (property: string, bytes: Uint8Array, retained: boolean) => {
    const home_w = Number(decodeDeviceState(bytes).raw[property] ?? Number.NaN);
    if (home_w >= 0 && !retained) heaters.measure(home_w, now().steadyMs);
  };
  const hearAvailability = (device: string, room: Room, bytes: Uint8Array, retained: boolean) => {
    const isOnline = decodeAvailability(bytes);
    if (isOnline) log.info({ device }, "device is online");
    else log.warn({ device }, "device is offline: look at its battery and its distance");
    room.setOnline(device, isOnline, !retained);
    act();
  };
  let knowsDevices = false;
  const hearDevices = (bytes: Uint8Array) => {
    const devices = new Map(decodeBridgeDevices(bytes).map((device) => [device.name, device]));
    knowsDevices = true;
    checkNames(devices);
    for (const room of rooms.values()) room.describe(devices);
    act();
  };
  const hearBridge = (bytes: Uint8Array, retained: boolean) => {
    if (decodeAvailability(bytes)) {
      log.info({}, "zigbee2mqtt is online");
      if (retained) return;
      for (const room of rooms.values()) room.forget();
      act();
    } else log.warn({}, "zigbee2mqtt is offline: no valve hears us until it is back");
  };

  const handlers = new Map<string, (bytes: Uint8Array, retained: boolean) => void>([
    [`${base}/bridge/devices`, hearDevices],
    [`${base}/bridge/state`, hearBridge],
  ]);
  for (const [device, room] of roomOf) {
    handlers.set(`${base}/${device}`, (bytes, retained) => hearDevice(device, room, bytes, retained));
    handlers.set(`${base}/${device}/availability`, (bytes, retained) =>
      hearAvailability(device, room, bytes, retained),
    );
  }
  const meter = file.power?.meter;
  if (meter) {
    const topic = `${base}/${meter.name}`;
    const ofRoom = handlers.get(topic);
    handlers.set(topic, (bytes, retained) => {
      hearMeter(meter.property, bytes, retained);
      ofRoom?.(bytes, retained);
    });
  }
  const complain = (topic: string, reason: string) => {
    if (complaints.has(topic)) return;
    complaints.add(topic);
    log.warn({ topic, reason }, "not understood; told once");
  };

  const bus: DeviceBus = openBus({
    topics: [...handlers.keys()],
    onMessage(topic, bytes, retained) {
      try {
        handlers.get(topic)?.(bytes, retained);
        counts.received++;
      } catch (error) {
        if (!(error instanceof ForeignPayloadError)) throw error;
        counts.rejected++;
        complain(topic, error.message);
      }
    },
    onConnected() {
      for (const room of rooms.values()) room.forget();
      act();
    },
  });
  messenger.subscribe(topics.valveSet, ({ params, payload, retained }) => {
    const room = rooms.get(params.room);
    if (room?.command(payload, retained, now()) !== "obeyed") return;
    if (!knowsDevices && needsDevices)
      complain(
        `${base}/bridge/devices`,
        "zigbee2mqtt has not told its devices: is it running, and is base_topic the one it has?",
      );
    act();
  });
  const ticking = setInterval(act, tick_ms);

  return {
    counts,
    rooms,
    async close() {
      clearInterval(ticking);
      const untold = [...rooms].filter(([, room]) => !room.release()).map(([name]) => name);
      if (untold.length > 0)
        log.warn({ rooms: untold }, "devices keep what they were told last: the broker is away");
      await bus.close();
    },
  };
}
