/** Devices of a French home as they describe themselves: clusters, attributes, identities by zigbee2mqtt's converters. */
import type { Attribute, Cluster, DeviceModel } from "./emulated-device.ts";

const boolean = 0x10;
const bitmap8 = 0x18;
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

/** SONOFF TRVZB, a radiator valve. */
export const radiatorValve: DeviceModel = {
  manufacturer: "SONOFF",
  modelId: "TRVZB",
  manufacturerCode: 0x1286,
  isMains: false,
  endpoints: {
    1: {
      0: basic("SONOFF", "TRVZB", battery),
      1: batteryCluster,
      513: {
        attributes: {
          0: { type: int16, value: 1850 },
          16: { type: 0x28, value: 0 },
          18: { type: int16, value: 2000 },
          28: { type: enum8, value: 4 },
          41: { type: 0x19, value: 0 },
        },
      },
      64529: {
        attributes: {
          0: { type: boolean, value: 0 },
          24576: { type: boolean, value: 0 },
          24578: { type: int16, value: 700 },
          24579: { type: uint16, value: 800 },
          24580: { type: uint16, value: 900 },
          24581: { type: uint16, value: 300 },
          24582: { type: uint16, value: 300 },
          24583: { type: uint16, value: 300 },
          24587: { type: uint8, value: 100 },
          24588: { type: uint8, value: 0 },
          24589: { type: int16, value: 0 },
          24590: { type: uint8, value: 0 },
          24593: { type: int16, value: -50 },
          24596: { type: uint8, value: 0 },
          24597: { type: uint32, value: 0 },
          24598: { type: int16, value: 2000 },
          24599: { type: bitmap8, value: 0 },
        },
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
