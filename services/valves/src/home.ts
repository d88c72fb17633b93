/** The rooms of a valves file: their heaters take turns, and keep within the subscribed power. */
import { createHeaterGroup, type Instant } from "@azru/actuators";
import type { SensorMetrics } from "@azru/contracts";
import type { Log } from "@azru/messaging";
import { createRoom, type Room } from "./room.ts";
import type { ValvesFile } from "./valves-file.ts";
import { inOwnNames, type SetMessage, type ZigbeeDevice } from "./zigbee/payloads.ts";

export interface Home {
  readonly rooms: ReadonlyMap<string, Room>;
  /** Has all devices do what they are to do now. */
  act(): void;
  /** Takes note of what the devices can do, and what they call it. */
  describe(devices: ReadonlyMap<string, ZigbeeDevice>): void;
  /** What a device calls its properties, see `ZigbeeDevice`. */
  ownNamesOf(device: string): ReadonlyMap<string, string> | undefined;
  /** Has everything sent again. */
  forget(): void;
  /** Takes note of what the whole home draws. */
  measure(home_w: number): void;
}

/** What leads out of the home. */
export interface HomePorts {
  /** Publishes on any topic; false when the broker is away. */
  readonly send: (topic: string, text: string) => boolean;
  /** Publishes what a room measures. */
  readonly publish: (room: string, metrics: SensorMetrics) => void;
}

export function createHome(
  file: ValvesFile,
  { send, publish }: HomePorts,
  now: () => Instant,
  log: Log,
): Home {
  const base = file.zigbee2mqtt.base_topic;
  let known: ReadonlyMap<string, ZigbeeDevice> = new Map();
  const set = (device: string, message: SetMessage) => {
    const described = known.get(device);
    const text = JSON.stringify(described ? inOwnNames(described, message) : message);
    return send(`${base}/${device}/set`, text);
  };
  const rooms = new Map(
    Object.entries(file.rooms).map(([name, settings]) => [
      name,
      createRoom({ name, settings, file, set, send, log }),
    ]),
  );
  const names = [...rooms.keys()];
  const all = [...rooms.values()];
  const heaters = createHeaterGroup(
    all.map((room) => room.heaters),
    file.power,
    now().steadyMs,
  );
  let isShort = false;
  return {
    rooms,
    act() {
      const instant = now();
      const duties = all.map((room) => room.duties(instant));
      const areCold = all.map(({ isCold }) => isCold);
      const states = heaters.step(instant.steadyMs, duties, areCold);
      const wasShort = isShort;
      isShort = states.flat().some(({ isHeldBack }) => isHeldBack);
      if (isShort && !wasShort) log.info({}, "heaters share the subscribed power");
      all.forEach((room, i) => {
        const metrics = room.act(instant, states[i]);
        if (metrics) publish(names[i], metrics);
      });
    },
    describe(devices) {
      known = devices;
      for (const room of all) room.describe(devices);
    },
    ownNamesOf: (device) => known.get(device)?.ownNames,
    forget() {
      for (const room of all) room.forget();
    },
    measure: (home_w) => heaters.measure(home_w, now().steadyMs),
  };
}
