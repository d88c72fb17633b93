/** The devices of zigbee2mqtt's list that Azru is to drive: radiator valves, pilot wires, and relays sold in Europe. */
import type { Definition } from "./converters.ts";

export type Kind = "valve" | "pilot_wire" | "relay";

/** Plugs, micromodules and DIN relays of European shops, by vendor. */
const relays: Readonly<Record<string, readonly string[]>> = {
  ADEO: ["SIN-4-1-21_EQU", "SIN-4-1-20_EQU", "LDSENK02F"],
  Aqara: ["SP-EUC01", "SSM-U01"],
  Bosch: ["BMCT-RZ", "BSP-FZ2"],
  Develco: ["SMRZB-332", "SPLZB-131"],
  Frient: ["SMRZB-342"],
  IKEA: ["E22x4", "E22xx"],
  Innr: ["SP 240"],
  LEDVANCE: ["4099854295232"],
  Legrand: ["412171", "412173", "064888", "067775/741811"],
  Lidl: ["HG06337"],
  Namron: ["4512785", "4512749"],
  Niko: ["170-33505/170-34605"],
  NodOn: ["SIN-4-1-20", "SIN-4-1-21", "SIN-4-2-20"],
  Philips: ["9290030509"],
  "Schneider Electric": ["CCTFR6730", "EER40030", "EER42000"],
  SONOFF: ["S60ZBTPF", "MINI-ZB1GSP", "ZBMINIR2"],
  Ubisys: ["S1"],
  Xiaomi: ["ZNCZ04LM"],
  YOKIS: ["MTR2000E-UP"],
};

/** Valves and electric radiators whose description does not say so; Plugwise's has no thermostat. */
const valves = [
  "106-03",
  "014G2461",
  "SPZB0001",
  "COZB0001",
  "CoZB_dha",
  "1TST-EU",
  "ALCANTARA2",
  "ALCANTARA3",
  "TAFFETAS2/PERCALE2",
  "intuisradiator",
  "540139X",
  "BTH-RM230Z",
];

/** Listed as valves and none: a controller of floor heating, and what is sold in Russia alone. */
const noValves = ["Icon", "YNDX-00518"];

/** @returns nothing for what Azru has no use for */
export function kindOf({ vendor, model, description, exposes }: Definition): Kind | undefined {
  const all = (typeof exposes === "function" ? exposes({ isDummyDevice: true }, {}) : exposes) as readonly {
    readonly type: string;
    readonly property?: string;
    readonly features?: readonly { readonly property: string; readonly access: number }[];
  }[];
  const orders = ["pilot_wire_mode", "fip_setting"];
  if (all.some(({ property }) => orders.includes(property ?? "")) || /\bpilot wire\b/i.test(description))
    return "pilot_wire";
  if (relays[vendor]?.includes(model)) return "relay";
  if (noValves.includes(model)) return undefined;
  if (valves.includes(model)) return "valve";
  const setpoints = all
    .filter(({ type }) => type === "climate")
    .flatMap(({ features = [] }) => features)
    .filter(
      ({ property, access }) => /^(occupied|current)_heating_setpoint$/.test(property) && access & 0b010,
    );
  return setpoints.length > 0 && /radiator|thermostatic|valve|\bTRV\b/i.test(`${description} ${model}`)
    ? "valve"
    : undefined;
}

/** A device as it stands in the fixtures: what the valves service reads of it in `bridge/devices`. */
export interface ListedDevice {
  readonly kind: Kind;
  readonly vendor: string;
  readonly model: string;
  readonly description: string;
  /** Other names that the same device is sold under. */
  readonly aliases: readonly string[];
  readonly exposes: readonly object[];
}

export function listedDevice(kind: Kind, definition: Definition, exposes: readonly object[]): ListedDevice {
  const { vendor, model, description, whiteLabel = [] } = definition;
  const aliases = whiteLabel.map((label) => `${label.vendor ?? vendor} ${label.model}`);
  return {
    kind,
    vendor,
    model,
    description,
    aliases: [...new Set(aliases)],
    exposes: exposes.filter(isOfUse).map(brief),
  };
}

const kept = [
  "type",
  "name",
  "property",
  "endpoint",
  "access",
  "values",
  "value_min",
  "value_max",
  "value_step",
];
const read = [
  "local_temperature",
  "temperature",
  "battery",
  "battery_low",
  "position",
  "pi_heating_demand",
  "power",
];

/** What can be set, and what the service reads; schedules are texts and composites, which it does not touch. */
function isOfUse(input: object): boolean {
  const { type, name, access, features } = input as {
    readonly type: string;
    readonly name?: string;
    readonly access?: number;
    readonly features?: readonly object[];
  };
  if (["text", "composite", "list"].includes(type)) return false;
  return features !== undefined || ((access ?? 0) & 0b010) !== 0 || read.includes(name ?? "");
}

/** Labels and most descriptions are for people; the one of system_mode says what its values mean. */
function brief(input: object): object {
  const expose = input as Readonly<Record<string, unknown>>;
  const fields = [...kept, "value_on", "value_off"].filter((field) => expose[field] !== undefined);
  return {
    ...Object.fromEntries(fields.map((field) => [field, expose[field]])),
    ...(expose.property === "system_mode" && { description: expose.description }),
    ...(Array.isArray(expose.features) && { features: expose.features.filter(isOfUse).map(brief) }),
  };
}
