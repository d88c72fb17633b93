/** Devices of a French home as they describe themselves: clusters, attributes, identities by zigbee2mqtt's converters. */
import type { Attribute, Cluster, DeviceModel } from "./emulated-device.ts";

const boolean = 0x10;
const uint8 = 0x20;
const uint16 = 0x21;
const uint32 = 0x23;
const uint48 = 0x25;
const int16 = 0x29;
const enum8 = 0x30;
const text = 0x42;

const mains = 1;
const battery = 3;

type Attributes = Readonly<Record<number, Attribute>>;

function basic(manufacturer: string, modelId: string, source: number): Cluster {
  const attributes: Attributes = {
    0: { type: uint8, value: 3 },
    1: { type: uint8, value: 1 },
    4: { type: text, value: manufacturer },
    5: { type: text, value: modelId },
    7: { type: enum8, value: source },
    16384: { type: text, value: "1.0.0" },
  };
  return { attributes };
}

const onOff = (): Cluster => ({
  attributes: { 0: { type: boolean, value: 0 }, 16387: { type: enum8, value: 0xff } },
  commands: { 0: () => ({ 0: 0 }), 1: () => ({ 0: 1 }) },
});

const batteryCluster: Cluster = {
  attributes: { 32: { type: uint8, value: 30 }, 33: { type: uint8, value: 180 } },
};

const switchType: Cluster = { attributes: { 16: { type: enum8, value: 0 } } };

/** By what they do. */
export const cluster = {
  onOff: 6,
  thermostat: 0x0201,
  temperature: 0x0402,
  humidity: 0x0405,
  pilotWire: 0xfc00,
  trvzb: 0xfc11,
} as const;

/** Orders of NodOn's pilot-wire cluster. */
export const pilotOrders = ["off", "comfort", "eco", "frost_protection", "comfort_-1", "comfort_-2"] as const;

/** NodOn SIN-4-FP-21: manufacturer's cluster 0xFC00, command 0 sets the order, attribute 0 has it. */
export const pilotWireModule: DeviceModel = {
  manufacturer: "NodOn",
  modelId: "SIN-4-FP-21",
  manufacturerCode: 0x128b,
  isMains: true,
  endpoints: {
    1: {
      0: basic("NodOn", "SIN-4-FP-21", mains),
      6: onOff(),
      1794: {
        attributes: {
          0: { type: uint48, value: 0 },
          769: { type: uint32, value: 1 },
          770: { type: uint32, value: 1000 },
          1024: { type: int16, value: 0 },
        },
      },
      64512: {
        isManufacturers: true,
        attributes: { 0: { type: uint8, value: 1 } },
        commands: { 0: ([order]) => ({ 0: order }) },
      },
    },
  },
};

/** SONOFF SNZB-02, a thermometer. */
export const thermometer: DeviceModel = {
  manufacturer: "SONOFF",
  modelId: "SNZB-02",
  manufacturerCode: 0x1286,
  isMains: false,
  endpoints: {
    1: {
      0: basic("SONOFF", "SNZB-02", battery),
      1: batteryCluster,
      1026: { attributes: { 0: { type: int16, value: 1800 } } },
      1029: { attributes: { 0: { type: uint16, value: 5000 } } },
    },
  },
};

/** NodOn SIN-4-2-20: two outputs, each of which a diode makes a pilot wire. */
export const relay: DeviceModel = {
  manufacturer: "NodOn",
  modelId: "SIN-4-2-20",
  manufacturerCode: 0x128b,
  isMains: true,
  endpoints: {
    1: { 0: basic("NodOn", "SIN-4-2-20", mains), 6: onOff(), 7: switchType },
    2: { 6: onOff(), 7: switchType },
  },
};
