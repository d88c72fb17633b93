/** Stands in for zigbee2mqtt with its own converters: real devices of the list on a real broker, without a radio. */
import mqtt from "mqtt";
import { type Definition, type SimulatedDevice, simulate } from "./converters.ts";

export interface StandIn {
  readonly devices: ReadonlyMap<string, SimulatedDevice>;
  /** What a converter refused, in words. */
  readonly refused: readonly string[];
  /** A device reports on its own: its state, changed by this. */
  report(name: string, changes: object): Promise<void>;
  close(): Promise<void>;
}

export interface StandInOptions {
  readonly url: string;
  readonly base: string;
  readonly account?: { readonly username: string; readonly password: string };
  /** By the name that a user gave. */
  readonly devices: ReadonlyMap<string, Definition>;
}

export async function startStandIn({ url, base, account, devices }: StandInOptions): Promise<StandIn> {
  const simulated = new Map<string, SimulatedDevice>();
  for (const [name, definition] of devices) simulated.set(name, await simulate(definition));
  const client = await mqtt.connectAsync(url, { ...account, reconnectPeriod: 1_000 });
  const refused: string[] = [];
  const publishState = async (name: string) => {
    await client.publishAsync(`${base}/${name}`, JSON.stringify(simulated.get(name)!.state));
  };
  client.on("message", (topic, bytes) => {
    const name = topic.slice(base.length + 1, -"/set".length);
    const device = simulated.get(name);
    if (!device) return;
    device
      .set(JSON.parse(bytes.toString()) as Record<string, unknown>)
      .then(() => publishState(name))
      .catch((error: unknown) => refused.push(`${name}: ${(error as Error).message}`));
  });
  await client.subscribeAsync([...devices.keys()].map((name) => `${base}/${name}/set`));
  const retain = { retain: true, qos: 1 } as const;
  const listed = [...simulated].map(([friendly_name, { definition, exposes }]) => ({
    friendly_name,
    definition: { model: definition.model, vendor: definition.vendor, exposes },
  }));
  await client.publishAsync(`${base}/bridge/devices`, JSON.stringify(listed), retain);
  await client.publishAsync(`${base}/bridge/state`, JSON.stringify({ state: "online" }), retain);
  return {
    devices: simulated,
    refused,
    async report(name, changes) {
      Object.assign(simulated.get(name)!.state, changes);
      await publishState(name);
    },
    async close() {
      for (const device of simulated.values()) device.stop();
      await client.endAsync(true);
    },
  };
}
