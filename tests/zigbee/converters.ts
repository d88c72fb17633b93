/** zigbee2mqtt's converters and herdsman's real devices and endpoints, on an adapter that keeps the frames. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { requireInstalled } from "./environment.ts";

/** What a converter made of a message, as it would go through the air. */
interface SentFrame {
  readonly cluster: string;
  readonly command: string;
  readonly payload: unknown;
}

interface Converter {
  readonly key?: readonly string[];
  readonly endpoints?: readonly string[];
  convertSet?(
    entity: object,
    key: string,
    value: unknown,
    meta: object,
  ): Promise<{ state?: object } | undefined>;
}

interface Fingerprint {
  readonly modelID?: string;
  readonly manufacturerName?: string;
}

/** As zigbee-herdsman-converters prepares it. */
export interface Definition {
  readonly vendor: string;
  readonly model: string;
  readonly description: string;
  readonly whiteLabel?: readonly { readonly vendor?: string; readonly model: string }[];
  readonly zigbeeModel?: readonly string[];
  readonly fingerprint?: readonly Fingerprint[];
  readonly toZigbee: readonly Converter[];
  readonly exposes: readonly object[] | ((device: object, options: object) => readonly object[]);
  readonly endpoint?: (device: object) => Readonly<Record<string, number>>;
  readonly onEvent?: (event: object) => unknown;
}

/** What is used of herdsman's device. */
interface HerdsmanDevice {
  readonly endpoints: readonly { readonly ID: number; inputClusters: number[] }[];
  createEndpoint(id: number): { inputClusters: number[] };
  getEndpoint(id: number): object | undefined;
}

export interface SimulatedDevice {
  readonly definition: Definition;
  readonly exposes: readonly object[];
  /** Everything that it was sent so far. */
  readonly frames: readonly SentFrame[];
  /** What zigbee2mqtt would publish of it. */
  readonly state: Readonly<Record<string, unknown>>;
  /**
   * Does what zigbee2mqtt does with a message to `set` (its lib/extension/publish).
   *
   * @throws Error where a property has no converter, or its converter refuses the value
   */
  set(message: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): void;
}

interface Frame {
  readonly cluster: { readonly name: string };
  readonly command: { readonly name: string };
  readonly payload: unknown;
}

/** Every definition that is listed, as zigbee2mqtt prepares it. Loads some 400 files. */
export function loadDefinitions(): Definition[] {
  const require = requireInstalled();
  const converters = require("zigbee-herdsman-converters");
  const silent = { debug() {}, info() {}, warning() {}, error() {} };
  converters.setLogger(silent);
  require("zigbee-herdsman").setLogger(silent);
  const folder = join(dirname(require.resolve("zigbee-herdsman-converters/package.json")), "dist", "devices");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => (require(join(folder, file)).definitions ?? []) as object[])
    .map((definition) => converters.prepareDefinition(definition) as Definition);
}

let address = 1;

/** A device of a definition that answers nothing and accepts every frame that can be encoded. */
export async function simulate(definition: Definition): Promise<SimulatedDevice> {
  const require = requireInstalled();
  const { Device } = require("zigbee-herdsman/dist/controller/model/device");
  const { Entity } = require("zigbee-herdsman/dist/controller/model/entity");
  Entity.injectAdapter(adapter);
  Entity.injectDatabase(database);
  const ieee = `0x${(address++).toString(16).padStart(16, "0")}`;
  const { modelID = definition.zigbeeModel?.[0] ?? "TS0601", manufacturerName = "" } =
    definition.fingerprint?.[0] ?? {};
  const device: HerdsmanDevice = Device.create(
    "EndDevice",
    ieee,
    address,
    0,
    manufacturerName,
    "Mains (single phase)",
    modelID,
    "SUCCESSFUL",
    undefined,
  );
  const endpoints = definition.endpoint?.(device) ?? { default: 1 };
  for (const id of new Set([1, ...Object.values(endpoints)]))
    device.createEndpoint(id).inputClusters = [0, 3, 4, 5, 6, 0x0201, 0x0702, 0x0b04, 0xef00];
  const state: Record<string, unknown> = {};
  const event = { device, state, options: {}, deviceExposesChanged() {} };
  await definition.onEvent?.({ type: "start", data: event });
  const own: SentFrame[] = [];
  framesByDevice.set(ieee, own);
  const exposes =
    typeof definition.exposes === "function" ? definition.exposes(device, {}) : definition.exposes;
  return {
    definition,
    exposes: JSON.parse(JSON.stringify(exposes)) as object[],
    frames: own,
    state,
    set: (message) => publish({ definition, device, endpoints, state }, message),
    stop: () => {
      void definition.onEvent?.({ type: "stop", data: { ieeeAddr: ieee } });
    },
  };
}

/** Keeps nothing: devices live as long as a test. */
const database = {
  newID: () => address,
  insert() {},
  update() {},
  remove() {},
  has: () => false,
  *getEntriesIterator() {},
};

const framesByDevice = new Map<string, SentFrame[]>();

/** Encodes each frame, as an adapter's driver does, and keeps what was in it. */
const adapter = {
  async sendZclFrameToEndpoint(
    ieee: string,
    _nwk: number,
    _endpoint: number,
    frame: Frame & { toBuffer(): Buffer },
  ) {
    frame.toBuffer();
    framesByDevice
      .get(ieee)
      ?.push({ cluster: frame.cluster.name, command: frame.command.name, payload: frame.payload });
    return undefined;
  },
};

interface Target {
  readonly definition: Definition;
  readonly device: HerdsmanDevice;
  readonly endpoints: Readonly<Record<string, number>>;
  readonly state: Record<string, unknown>;
}

async function publish(
  { definition, device, endpoints, state }: Target,
  message: Readonly<Record<string, unknown>>,
): Promise<void> {
  const used = new Set<Converter>();
  const names = Object.keys(endpoints).filter((name) => name !== "default");
  for (const [property, value] of inOrder(message)) {
    const suffix = names.find((name) => property.endsWith(`_${name}`));
    const key = suffix === undefined ? property : property.slice(0, -suffix.length - 1);
    const endpoint = device.getEndpoint(endpoints[suffix ?? "default"] ?? 1)!;
    const converter = definition.toZigbee.find(
      (one) =>
        (!one.key || one.key.includes(key)) &&
        (!one.endpoints || (suffix !== undefined && one.endpoints.includes(suffix))),
    );
    if (!converter?.convertSet) throw new Error(`no converter for ${property} of ${definition.model}`);
    if (used.has(converter)) continue;
    used.add(converter);
    const result = await converter.convertSet(endpoint, key, value, {
      endpoint_name: suffix,
      options: {},
      message: withoutEndpoint(message, suffix),
      device,
      state,
      mapped: definition,
      publish: (payload: object) => Object.assign(state, payload),
    });
    Object.assign(state, withEndpoint(result?.state ?? {}, suffix));
  }
}

type Message = Readonly<Record<string, unknown>>;

/** zigbee2mqtt strips the endpoint's name from a message before it is converted, */
function withoutEndpoint(message: Message, endpoint: string | undefined): Message {
  if (endpoint === undefined) return { ...message };
  const strip = (key: string) => (key.endsWith(`_${endpoint}`) ? key.slice(0, -endpoint.length - 1) : key);
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [strip(key), value]));
}

/** and adds it to the state that the converter says. */
function withEndpoint(state: object, endpoint: string | undefined): object {
  if (endpoint === undefined) return state;
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [`${key}_${endpoint}`, value]));
}

/** zigbee2mqtt begins with the state, but where that switches off. */
function inOrder(message: Readonly<Record<string, unknown>>): [string, unknown][] {
  const isLast = String(message.state).toLowerCase() === "off";
  const rank = ([property]: [string, unknown]) => ((property === "state") === isLast ? 1 : 0);
  return Object.entries(message).sort((a, b) => rank(a) - rank(b));
}
