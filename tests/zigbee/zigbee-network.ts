/** zigbee2mqtt with its stick and its devices, on a broker: what a user does on its page, by the requests of that page. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openZigbeeBridge, type ZigbeeBridge } from "../../services/valves/src/testing/zigbee-bridge.ts";
import { type Coordinator, startCoordinator } from "./coordinator.ts";
import { createDevice, type DeviceModel, type EmulatedDevice } from "./emulated-device.ts";
import { configure, startZigbee2mqtt, type Zigbee2mqtt } from "./zigbee2mqtt.ts";

export interface ZigbeeNetwork {
  readonly stick: Coordinator;
  readonly messages: ZigbeeBridge;
  /** Lets a device join, waits until it has been asked about itself, and gives it a name. */
  pair(model: DeviceModel, name: string): Promise<EmulatedDevice>;
  /** Asks zigbee2mqtt for something and waits until it has done it. */
  request(what: string, body: object): Promise<void>;
  /** Resolves once its list has had such a device. */
  listed(fits: (device: ListedDevice) => boolean): Promise<void>;
  /** What its list says now. */
  devices(): readonly ListedDevice[];
  /** Ends zigbee2mqtt; the stick keeps its network. */
  stop(): Promise<void>;
  start(): Promise<void>;
  lastWords(): string;
  close(): Promise<void>;
}

interface ListedDevice {
  readonly friendly_name: string;
  readonly ieee_address: string;
  readonly interview_state: string;
  readonly definition: { readonly model: string; readonly vendor: string } | null;
}

const listTopic = "zigbee2mqtt/bridge/devices";

/** @param others more of zigbee2mqtt's configuration.yaml */
export async function startZigbeeNetwork(mqttUrl: string, others: object = {}): Promise<ZigbeeNetwork> {
  const stick = await startCoordinator();
  const folder = mkdtempSync(join(tmpdir(), "azru-zigbee2mqtt-"));
  configure(folder, { mqttUrl, coordinatorPort: stick.port, others });
  const messages = await openZigbeeBridge(mqttUrl, "zigbee2mqtt");
  let zigbee2mqtt: Zigbee2mqtt | undefined;
  const said: string[] = [];
  const requests = { count: 0 };
  const devices = (text: string) => JSON.parse(text) as ListedDevice[];
  const network: ZigbeeNetwork = {
    stick,
    messages,
    async start() {
      zigbee2mqtt = startZigbee2mqtt({ folder });
      await zigbee2mqtt.started;
    },
    async request(what, body) {
      const transaction = ++requests.count;
      await messages.publishBelow(`bridge/request/${what}`, { ...body, transaction });
      const response = await messages.received(
        `zigbee2mqtt/bridge/response/${what}`,
        (text) => JSON.parse(text).transaction === transaction,
      );
      const { status, error } = JSON.parse(response);
      if (status !== "ok") throw new Error(`${what}: ${error}`);
    },
    async pair(model, name) {
      const device = createDevice(model);
      await network.request("permit_join", { time: 254 });
      stick.join(device);
      await network.listed((one) => one.ieee_address === device.ieee && one.interview_state === "SUCCESSFUL");
      await network.request("device/rename", { from: device.ieee, to: name });
      await network.listed((one) => one.friendly_name === name);
      return device;
    },
    async listed(fits) {
      await messages.received(listTopic, (text) => devices(text).some(fits));
    },
    devices: () => devices(messages.sent(listTopic).at(-1) ?? "[]"),
    async stop() {
      await zigbee2mqtt?.stop();
      if (zigbee2mqtt) said.push(zigbee2mqtt.lastWords());
      zigbee2mqtt = undefined;
    },
    lastWords: () => `${said.join("")}${zigbee2mqtt?.lastWords() ?? ""}`,
    async close() {
      await network.stop();
      await messages.close();
      await stick.close();
      rmSync(folder, { recursive: true });
    },
  };
  await network.start();
  return network;
}
