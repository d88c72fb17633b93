/** A Zigbee device that answers for itself: descriptors, attributes that are read, written and reported, commands. */
import { requireOfBridge } from "./environment.ts";

/** A value and its Zigbee type, as it stands in a frame. */
export interface Attribute {
  readonly type: number;
  readonly value: unknown;
}

export interface Cluster {
  /** Its frames carry the manufacturer's code. */
  readonly isManufacturers?: boolean;
  readonly attributes: Readonly<Record<number, Attribute>>;
  /** What its commands do: the attributes that change, by their number. */
  readonly commands?: Readonly<Record<number, (payload: Buffer) => Readonly<Record<number, unknown>>>>;
}

/** What is built into a device. */
export interface DeviceModel {
  readonly manufacturer: string;
  readonly modelId: string;
  readonly manufacturerCode: number;
  readonly isMains: boolean;
  readonly endpoints: Readonly<Record<number, Readonly<Record<number, Cluster>>>>;
}

/** What came through the air, for tests to look at. */
interface ReceivedFrame {
  readonly endpoint: number;
  readonly cluster: number;
  /** `write`, `read` and so on, or the number of a command of the cluster. */
  readonly command: string | number;
  readonly manufacturerCode?: number;
  readonly payload: unknown;
}

/** A frame on its way, without what the network adds. */
export interface Air {
  readonly endpoint: number;
  readonly cluster: number;
  readonly bytes: Buffer;
}

export interface EmulatedDevice {
  readonly model: DeviceModel;
  readonly ieee: string;
  /** Given by the network at joining. */
  readonly address: number;
  /** Every frame that it got, oldest first. */
  readonly received: readonly ReceivedFrame[];
  /** Out of reach or without power: it neither answers nor reports. */
  isReachable: boolean;
  value(endpoint: number, cluster: number, attribute: number): unknown;
  /** Changes by itself, as a thermometer does or a hand at its button, and reports it. */
  change(endpoint: number, cluster: number, values: Readonly<Record<number, unknown>>): void;
  /** Takes a frame; it answers through what it was connected to. */
  receive(frame: Air): void;
  /** Joins what carries its frames. */
  connect(send: (frame: Air) => void): void;
}

const unsupportedAttribute = 0x86;
const unsupportedCommand = 0x81;
const toClient = 1;
const global = 0;

interface AttributeRecord {
  readonly attrId: number;
  readonly dataType: number;
  readonly attrData: unknown;
}

let devices = 0;

export function createDevice(model: DeviceModel): EmulatedDevice {
  const { Zcl } = requireOfBridge()("zigbee-herdsman");
  const number = ++devices;
  const attributes = new Map<string, Attribute>();
  const keyOf = (endpoint: number, cluster: number, attribute: number) =>
    `${endpoint} ${cluster} ${attribute}`;
  for (const [endpoint, clusters] of Object.entries(model.endpoints))
    for (const [cluster, { attributes: own }] of Object.entries(clusters))
      for (const [attribute, one] of Object.entries(own))
        attributes.set(keyOf(Number(endpoint), Number(cluster), Number(attribute)), one);
  const reported = new Set<string>();
  const received: ReceivedFrame[] = [];
  let send: (frame: Air) => void = () => {};
  let sequence = 0;

  const emit = (
    { endpoint, cluster }: Pick<Air, "endpoint" | "cluster">,
    command: string,
    payload: unknown,
    {
      manufacturerCode,
      transaction = sequence++ & 0xff,
    }: { manufacturerCode: number | undefined; transaction?: number },
  ) => {
    const frame = Zcl.Frame.create(
      global,
      toClient,
      true,
      manufacturerCode,
      transaction,
      command,
      cluster,
      payload,
      {},
    );
    send({ endpoint, cluster, bytes: frame.toBuffer() });
  };
  const set = (
    endpoint: number,
    cluster: number,
    values: Readonly<Record<number, unknown>>,
    isByItself: boolean,
  ) => {
    const records: AttributeRecord[] = [];
    for (const [attribute, value] of Object.entries(values)) {
      const key = keyOf(endpoint, cluster, Number(attribute));
      const known = attributes.get(key);
      if (!known) throw new Error(`${model.modelId} has no attribute ${key}`);
      attributes.set(key, { ...known, value });
      if (isByItself || reported.has(key))
        records.push({ attrId: Number(attribute), dataType: known.type, attrData: value });
    }
    if (records.length === 0 || !device.isReachable) return;
    const { isManufacturers } = model.endpoints[endpoint][cluster];
    emit({ endpoint, cluster }, "report", records, {
      manufacturerCode: isManufacturers ? model.manufacturerCode : undefined,
    });
  };

  /** Answers a command that every cluster has. */
  const onGlobal = (
    { endpoint, cluster }: Air,
    command: string,
    payload: readonly AttributeRecord[],
    reply: (command: string, payload: unknown) => void,
  ) => {
    if (command === "read")
      reply(
        "readRsp",
        payload.map(({ attrId }) => {
          const one = attributes.get(keyOf(endpoint, cluster, attrId));
          if (!one) return { attrId, status: unsupportedAttribute };
          return { attrId, status: 0, dataType: one.type, attrData: one.value };
        }),
      );
    else if (command === "write") {
      const unknown = payload.filter(({ attrId }) => !attributes.has(keyOf(endpoint, cluster, attrId)));
      reply(
        "writeRsp",
        unknown.length === 0
          ? [{ status: 0 }]
          : unknown.map(({ attrId }) => ({ status: unsupportedAttribute, attrId })),
      );
      const known = payload.filter((one) => !unknown.includes(one));
      set(
        endpoint,
        cluster,
        Object.fromEntries(known.map(({ attrId, attrData }) => [attrId, attrData])),
        false,
      );
    } else if (command === "configReport") {
      for (const { attrId } of payload) reported.add(keyOf(endpoint, cluster, attrId));
      reply("configReportRsp", [{ status: 0 }]);
    }
  };

  const device: EmulatedDevice = {
    model,
    ieee: `0x00124b00${number.toString(16).padStart(8, "0")}`,
    address: 0x1000 + number,
    received,
    isReachable: true,
    value: (endpoint, cluster, attribute) => attributes.get(keyOf(endpoint, cluster, attribute))?.value,
    change: (endpoint, cluster, values) => set(endpoint, cluster, values, true),
    connect(through) {
      send = through;
    },
    receive(air) {
      if (!device.isReachable) return;
      const { endpoint, cluster, bytes } = air;
      const header = Zcl.Header.fromBuffer(bytes);
      const { manufacturerCode, transactionSequenceNumber: transaction, commandIdentifier } = header;
      const reply = (command: string, payload: unknown) =>
        emit(air, command, payload, { manufacturerCode, transaction });
      const common = { endpoint, cluster, ...(manufacturerCode !== undefined && { manufacturerCode }) };
      if (header.isGlobal) {
        const frame = Zcl.Frame.fromBuffer(cluster, header, bytes, {});
        received.push({ ...common, command: frame.command.name, payload: frame.payload });
        onGlobal(air, frame.command.name, frame.payload, reply);
        return;
      }
      const payload = bytes.subarray(header.length);
      received.push({ ...common, command: commandIdentifier, payload: [...payload] });
      const run = model.endpoints[endpoint]?.[cluster]?.commands?.[commandIdentifier];
      if (!header.frameControl.disableDefaultResponse)
        reply("defaultRsp", { cmdId: commandIdentifier, statusCode: run ? 0 : unsupportedCommand });
      if (run) set(endpoint, cluster, run(payload), false);
    },
  };
  return device;
}
