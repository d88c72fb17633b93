/** What zigbee2mqtt publishes of the devices of a valves file, and what each message changes. */
import type { Instant } from "@azru/actuators";
import type { SensorMetrics } from "@azru/contracts";
import type { Log } from "@azru/messaging";
import { createBatteryWatch } from "./battery.ts";
import { createNameCheck } from "./device-names.ts";
import type { Home } from "./home.ts";
import type { Room } from "./room.ts";
import type { ValvesFile } from "./valves-file.ts";
import { decodeAvailability, decodeBridgeDevices, decodeDeviceState } from "./zigbee/payloads.ts";

export interface DeviceMessageOptions {
  readonly file: ValvesFile;
  readonly home: Home;
  readonly publish: (room: string, metrics: SensorMetrics) => void;
  /** Gets the fields of a device's message whose value makes no sense. */
  readonly onIllFields: (device: string, fields: readonly string[]) => void;
  readonly now: () => Instant;
  readonly log: Log;
}

/**
 * How long after zigbee2mqtt has come online what it publishes may be its memory, ms: it sends the states that
 * it kept as soon as its parts have started (`cache_state_send_on_startup`), which takes seconds on a Pi.
 */
const memory_ms = 60_000;

/** @throws ForeignPayloadError where the message is none that zigbee2mqtt documents */
type Handler = (bytes: Uint8Array, retained: boolean) => void;

/** What to do with the messages of each topic. */
export function deviceHandlers(options: DeviceMessageOptions): ReadonlyMap<string, Handler> {
  const { file, home } = options;
  const base = file.zigbee2mqtt.base_topic;
  let onlineMs = Number.NEGATIVE_INFINITY;
  const handlers = new Map<string, Handler>([
    [`${base}/bridge/devices`, listHandler(options)],
    [`${base}/bridge/state`, bridgeHandler(options, () => (onlineMs = options.now().steadyMs))],
  ]);
  const onState = stateHandler(options, () => options.now().steadyMs - onlineMs < memory_ms);
  for (const [device, places] of placesOf(options)) {
    const ofEach = places.map((place) => availabilityHandler(place, options));
    handlers.set(`${base}/${device}`, (bytes, retained) => {
      for (const place of places) onState(place, bytes, retained);
    });
    handlers.set(`${base}/${device}/availability`, (bytes, retained) => {
      for (const handle of ofEach) handle(bytes, retained);
    });
  }
  const { meter } = file.power ?? {};
  if (meter) {
    const topic = `${base}/${meter.name}`;
    const ofRoom = handlers.get(topic);
    handlers.set(topic, (bytes, retained) => {
      const home_w = Number(decodeDeviceState(bytes).raw[meter.property] ?? Number.NaN);
      if (home_w >= 0 && !retained) home.measure(home_w);
      ofRoom?.(bytes, retained);
    });
  }
  return handlers;
}

/** A device and its room. */
interface Place {
  readonly device: string;
  readonly name: string;
  readonly room: Room;
}

/** By device its rooms: the outputs of one module may heat several. */
function placesOf({ file, home }: DeviceMessageOptions): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const [name, { sensors, valves, relays, pilot_wires }] of Object.entries(file.rooms)) {
    const names = [...sensors, ...valves, ...relays, ...pilot_wires].flatMap((one) => one.name ?? []);
    for (const device of new Set(names)) {
      const place = { device, name, room: home.rooms.get(name)! };
      places.set(device, [...(places.get(device) ?? []), place]);
    }
  }
  return places;
}

/**
 * @param mayBeMemory whether zigbee2mqtt came online so recently that a state may be one that it kept: then the
 *   temperature that was received last is not a new one
 */
function stateHandler(options: DeviceMessageOptions, mayBeMemory: () => boolean) {
  const { file, home, publish, onIllFields, now, log } = options;
  const watchBattery = createBatteryWatch(file.battery_low_percent, log);
  const lastReceived_c = new Map<Place, number>();
  return (place: Place, bytes: Uint8Array, retained: boolean) => {
    const { device, name, room } = place;
    const state = decodeDeviceState(bytes, home.ownNamesOf(device));
    if (state.illFields.length > 0) onIllFields(device, state.illFields);
    watchBattery(device, state);
    // Nobody knows how old a temperature is that the broker or zigbee2mqtt kept.
    const { temperature_c } = state;
    const isKept = retained || (mayBeMemory() && temperature_c === lastReceived_c.get(place));
    if (!isKept && temperature_c !== undefined) lastReceived_c.set(place, temperature_c);
    const metrics = room.read(device, isKept ? { ...state, temperature_c: undefined } : state, now());
    if (metrics) publish(name, metrics);
    if (!retained) room.report(device, state, now());
    home.act();
  };
}

function availabilityHandler({ device, room }: Place, { home, log }: DeviceMessageOptions): Handler {
  return (bytes, retained) => {
    const isOnline = decodeAvailability(bytes);
    if (isOnline) log.info({ device }, "device is online");
    else log.warn({ device }, "device is offline: look at its battery and its distance");
    room.setOnline(device, isOnline, !retained);
    home.act();
  };
}

function listHandler({ file, home, log }: DeviceMessageOptions): Handler {
  const checkNames = createNameCheck(file, log);
  return (bytes) => {
    const devices = new Map(decodeBridgeDevices(bytes).map((device) => [device.name, device]));
    checkNames(devices);
    home.describe(devices);
    home.act();
  };
}

/** @param onOnline called when zigbee2mqtt comes online while this service listens */
function bridgeHandler({ home, log }: DeviceMessageOptions, onOnline: () => void): Handler {
  return (bytes, retained) => {
    if (!decodeAvailability(bytes)) {
      log.warn({}, "zigbee2mqtt is offline: no valve can be reached until it is back");
      return;
    }
    log.info({}, "zigbee2mqtt is online");
    if (retained) return;
    onOnline();
    home.forget();
    home.act();
  };
}
