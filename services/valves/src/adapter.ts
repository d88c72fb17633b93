/** All rooms of a valves file between Azru's topics and the devices'. */
import type { Instant } from "@azru/actuators";
import { type SensorMetrics, topics } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import type { DeviceBus, DeviceBusOptions } from "./device-bus.ts";
import { deviceHandlers } from "./device-messages.ts";
import { createHome } from "./home.ts";
import type { Room } from "./room.ts";
import type { ValvesFile } from "./valves-file.ts";
import { ForeignPayloadError } from "./zigbee/payloads.ts";

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
  const counts: DeviceCounts = { received: 0, rejected: 0, illFields: 0 };
  const publish = (room: string, metrics: SensorMetrics) => {
    messenger.publish(topics.sensorMetrics, { room }, metrics).catch((error: unknown) => {
      log.error({ err: error, room }, "a measurement could not be published");
    });
  };
  const home = createHome(file, { send: (topic, text) => bus.send(topic, text), publish }, now, log);
  const devicesTopic = `${file.zigbee2mqtt.base_topic}/bridge/devices`;
  let needsDevices = Object.values(file.rooms).some(
    ({ valves, pilot_wires }) => valves.length > 0 || pilot_wires.some(({ closed }) => closed === undefined),
  );

  const complaints = new Set<string>();
  const complain = (topic: string, reason: string) => {
    if (complaints.has(topic)) return;
    complaints.add(topic);
    log.warn({ topic, reason }, "not understood; logged once");
  };

  const handlers = deviceHandlers({
    file,
    home,
    publish,
    onIllFields(device, fields) {
      counts.illFields += fields.length;
      complain(device, `${fields.join(", ")} make no sense`);
    },
    now,
    log,
  });
  const bus: DeviceBus = openBus({
    topics: [...handlers.keys()],
    onMessage(topic, bytes, retained) {
      // So zigbee2mqtt has the broker forget a device that has another name now or left.
      if (bytes.length === 0) return;
      try {
        handlers.get(topic)?.(bytes, retained);
        counts.received++;
        if (topic === devicesTopic) needsDevices = false;
      } catch (error) {
        if (!(error instanceof ForeignPayloadError)) throw error;
        counts.rejected++;
        complain(topic, error.message);
      }
    },
    onConnected() {
      home.forget();
      home.act();
    },
  });
  messenger.subscribe(topics.valveSet, ({ params, payload, retained }) => {
    if (home.rooms.get(params.room)?.command(payload, retained, now()) !== "accepted") return;
    if (needsDevices)
      complain(
        devicesTopic,
        "zigbee2mqtt has not published its devices: is it running, and is base_topic the one it has?",
      );
    home.act();
  });
  const ticking = setInterval(home.act, tick_ms);

  return {
    counts,
    rooms: home.rooms,
    async close() {
      clearInterval(ticking);
      const unreached = [...home.rooms].filter(([, room]) => !room.release()).map(([name]) => name);
      if (unreached.length > 0)
        log.warn({ rooms: unreached }, "devices keep their last command: the broker is away");
      await bus.close();
    },
  };
}
