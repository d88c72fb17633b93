/**
 * A Zigbee stick without a radio: speaks the serial protocol of Texas Instruments' Z-Stack 3 over TCP, keeps a network
 * over restarts as a stick does, and carries frames between zigbee2mqtt and emulated devices.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Air, EmulatedDevice } from "./emulated-device.ts";
import { createStickMemory } from "./stick-memory.ts";
import { serveZnp, type ZnpFields, type ZnpLine, type ZnpRequest } from "./znp.ts";

export interface Coordinator {
  readonly port: number;
  /** Whether devices may join now. */
  readonly isOpen: boolean;
  /** @throws Error where nobody lets devices join */
  join(device: EmulatedDevice): void;
  /** The device leaves by itself: somebody holds its button. */
  leave(device: EmulatedDevice): void;
  close(): Promise<void>;
}

const ieee = "0x00124b0001020304";
const homeAutomation = 0x0104;
const coordinatorRole = 9;
const linkQuality = 150;

export async function startCoordinator(): Promise<Coordinator> {
  const memory = createStickMemory();
  const devices = new Map<number, EmulatedDevice>();
  const endpoints = new Map<number, ZnpFields>();
  let isOpen = false;
  let isRunning = false;
  let line: ZnpLine | undefined;

  const state: Readonly<Record<string, () => ZnpFields>> = {
    "SYS.ping": () => ({ capabilities: 0x0779 }),
    "SYS.version": () => ({
      transportrev: 2,
      product: 1,
      majorrel: 2,
      minorrel: 7,
      maintrel: 1,
      revision: 20240710,
    }),
    "SYS.getExtAddr": () => ({ extaddress: ieee }),
    "UTIL.getDeviceInfo": () => ({
      status: 0,
      ieeeaddr: ieee,
      shortaddr: 0,
      devicetype: 7,
      devicestate: isRunning ? coordinatorRole : 0,
      numassocdevices: 0,
      assocdeviceslist: [],
    }),
    "UTIL.assocGetWithAddress": () => ({ nwkaddr: 0xfffe, addridx: 0xffff, noderelation: 255 }),
    "ZDO.extNwkInfo": () => ({
      shortaddr: 0,
      devstate: coordinatorRole,
      panid: memory.network.panId,
      parentaddr: 0,
      extendedpanid: memory.network.extendedPanId,
      parentextaddr: "0x0000000000000000",
      channel: memory.network.channel,
    }),
    "ZDO.extFindGroup": () => ({ status: 1, groupid: 0, namelen: 0, groupname: Buffer.alloc(0) }),
  };

  const answerTo = (request: ZnpRequest, to: ZnpLine): ZnpFields | undefined => {
    const { name, fields } = request;
    const known = memory.answer(request) ?? state[name]?.();
    if (known) return known;
    const later = (send: () => void) => setImmediate(send);
    if (name === "SYS.resetReq") {
      isRunning = false;
      endpoints.clear();
      later(() =>
        to.indicate("SYS.resetInd", {
          reason: 0,
          transportrev: 2,
          productid: 1,
          majorrel: 2,
          minorrel: 7,
          hwrev: 1,
        }),
      );
    } else if (name === "APP_CNF.bdbStartCommissioning" || name === "ZDO.startupFromApp") {
      if (name.startsWith("APP_CNF")) memory.formNetwork();
      isRunning = true;
      later(() => to.indicate("ZDO.stateChangeInd", { state: coordinatorRole }));
    } else if (name === "AF.register") endpoints.set(Number(fields.endpoint), fields);
    else if (name === "AF.dataRequest") later(() => deliver(fields, to));
    else if (name.startsWith("ZDO.")) later(() => manage(request, to));
    return undefined;
  };

  const deliver = ({ dstaddr, destendpoint, clusterid, transid, data }: ZnpFields, to: ZnpLine) => {
    const device = devices.get(Number(dstaddr));
    const noAck = 0xe9;
    const status = device?.isReachable ? 0 : noAck;
    to.indicate("AF.dataConfirm", { status, endpoint: 1, transid });
    device?.receive({
      endpoint: Number(destendpoint),
      cluster: Number(clusterid),
      bytes: data as Buffer,
    });
  };
  const carry = (device: EmulatedDevice, { endpoint, cluster, bytes }: Air) =>
    line?.indicate("AF.incomingMsg", {
      groupid: 0,
      clusterid: cluster,
      srcaddr: device.address,
      srcendpoint: endpoint,
      dstendpoint: 1,
      wasbroadcast: 0,
      linkquality: linkQuality,
      securityuse: 0,
      timestamp: 0,
      transseqnumber: 0,
      len: bytes.length,
      data: bytes,
    });

  /** Answers what is asked of the network and of its devices. */
  const manage = ({ name, bytes }: ZnpRequest, to: ZnpLine) => {
    const answer = (response: string, address: number, ...parts: Buffer[]) =>
      to.indicateBytes(`ZDO.${response}`, Buffer.concat([word(address), ...parts]));
    if (name === "ZDO.mgmtPermitJoinReq") {
      isOpen = bytes[3] > 0;
      answer("mgmtPermitJoinRsp", 0, done);
      return;
    }
    if (name === "ZDO.nwkAddrReq") {
      const device = [...devices.values()].find((one) => eui(one.ieee).equals(bytes.subarray(0, 8)));
      if (device?.isReachable)
        to.indicateBytes(
          "ZDO.nwkAddrRsp",
          Buffer.concat([done, eui(device.ieee), word(device.address), Buffer.from([0, 0])]),
        );
      return;
    }
    const address = bytes.readUInt16LE(0);
    const device = devices.get(address);
    if (address !== 0 && !device?.isReachable) return;
    const node = device ? nodeOf(device) : coordinatorNode(endpoints);
    const own = word(address);
    if (name === "ZDO.nodeDescReq") answer("nodeDescRsp", address, done, own, node.descriptor);
    else if (name === "ZDO.activeEpReq")
      answer("activeEpRsp", address, done, own, counted([...node.endpoints.keys()].map(byte)));
    else if (name === "ZDO.simpleDescReq")
      answer("simpleDescRsp", address, done, own, simpleDescriptor(node, bytes[4]));
    else if (name === "ZDO.bindReq") answer("bindRsp", address, done);
    else if (name === "ZDO.unbindReq") answer("unbindRsp", address, done);
    else if (name === "ZDO.mgmtLqiReq") answer("mgmtLqiRsp", address, done, Buffer.from([0, 0, 0]));
    else if (name === "ZDO.mgmtLeaveReq" && device) {
      answer("mgmtLeaveRsp", address, done);
      coordinator.leave(device);
    }
  };

  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {}); // A program that ends cuts the line: the next one connects anew.
    line = serveZnp(socket, answerTo);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const coordinator: Coordinator = {
    port: (server.address() as AddressInfo).port,
    get isOpen() {
      return isOpen;
    },
    join(device) {
      if (!isOpen || !line) throw new Error("nobody lets devices join");
      const { address, ieee: extaddr } = device;
      devices.set(address, device);
      device.connect((frame) => carry(device, frame));
      line.indicate("ZDO.tcDeviceInd", { nwkaddr: address, extaddr, parentaddr: 0 });
      const capabilities = byte(device.model.isMains ? 0x8e : 0x80);
      line.indicateBytes(
        "ZDO.endDeviceAnnceInd",
        Buffer.concat([word(address), word(address), eui(extaddr), capabilities]),
      );
    },
    leave(device) {
      devices.delete(device.address);
      line?.indicate("ZDO.leaveInd", {
        srcaddr: device.address,
        extaddr: device.ieee,
        request: 0,
        removechildren: 0,
        rejoin: 0,
      });
    },
    async close() {
      line?.end();
      server.close();
      await once(server, "close");
    },
  };
  return coordinator;
}

const done = Buffer.from([0]);
const byte = (value: number) => Buffer.from([value]);
const word = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const eui = (address: string) => Buffer.from(address.slice(2), "hex").reverse();
const counted = (parts: readonly Buffer[]) => Buffer.concat([byte(parts.length), ...parts]);

/** What a node says of itself when asked. */
interface NodeDescription {
  readonly descriptor: Buffer;
  /** By endpoint the clusters that it serves. */
  readonly endpoints: ReadonlyMap<number, readonly number[]>;
}

function descriptorOf(role: number, capabilities: number, manufacturerCode: number): Buffer {
  const [frequencyBand, longest] = [0x40, word(128)];
  return Buffer.concat([
    Buffer.from([role, frequencyBand, capabilities]),
    word(manufacturerCode),
    byte(80),
    longest,
    word(0x2c00),
    longest,
    byte(0),
  ]);
}

function nodeOf({ model }: EmulatedDevice): NodeDescription {
  const { isMains, manufacturerCode } = model;
  return {
    descriptor: isMains ? descriptorOf(1, 0x8e, manufacturerCode) : descriptorOf(2, 0x80, manufacturerCode),
    endpoints: new Map(
      Object.entries(model.endpoints).map(([id, clusters]) => [
        Number(id),
        Object.keys(clusters).map(Number),
      ]),
    ),
  };
}

function coordinatorNode(registered: ReadonlyMap<number, ZnpFields>): NodeDescription {
  const clusters = ({ appinclusterlist }: ZnpFields) => [...(appinclusterlist as readonly number[])];
  return {
    descriptor: descriptorOf(0, 0x8f, 0),
    endpoints: new Map([...registered].map(([id, fields]) => [id, clusters(fields)])),
  };
}

function simpleDescriptor({ endpoints }: NodeDescription, endpoint: number): Buffer {
  const inputs = counted((endpoints.get(endpoint) ?? []).map(word));
  const body = Buffer.concat([byte(endpoint), word(homeAutomation), word(0), byte(1), inputs, counted([])]);
  return Buffer.concat([byte(body.length), body]);
}
