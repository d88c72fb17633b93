/** Radiators on pilot wires and thermometers, as a person names them when a home is set up. */
import { z } from "zod";
import { deviceNameSchema, list, roomNameSchema } from "./quantities.ts";

/** The order that a relay on a pilot wire gives when it is closed. */
export const closedOrders = ["eco", "frost_protection", "off"] as const;

const thermometerSchema = z.strictObject({
  room: roomNameSchema.describe("one of rooms; a room has one thermometer at most"),
  name: deviceNameSchema,
});

const radiatorSchema = z.strictObject({
  room: roomNameSchema.describe("one of rooms"),
  name: deviceNameSchema.describe("of the module or relay on its pilot wire, in zigbee2mqtt"),
  rated_w: z.number().min(50).max(20_000).describe("on the radiator's label, W"),
  closed: z
    .enum(closedOrders)
    .nullable()
    .default(null)
    .describe("for a relay: the order that it gives when it is closed; null: a pilot-wire module"),
  property: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: "must be a property such as state_l1" })
    .nullable()
    .default(null)
    .describe("for one output of a relay with several: its property in zigbee2mqtt, such as state_l1"),
});

/** The devices of a home that is heated by radiators on pilot wires; none where somebody names them in a valves file. */
export const deviceFields = {
  thermometers: list(thermometerSchema, 0, 20).default([]).describe("Zigbee thermometers of the rooms"),
  radiators: list(radiatorSchema, 0, 40)
    .default([])
    .describe("electric radiators on pilot wires; their power together counts in the place of power_kw"),
  subscribed_kva: z
    .number()
    .min(1)
    .max(36)
    .nullable()
    .default(null)
    .describe("power of the contract, that the radiators are kept within, kVA; null: no limit"),
  base_load_w: z
    .number()
    .min(0)
    .max(30_000)
    .default(1500)
    .describe("what the rest of the home draws at least, W"),
} as const;

const devicesSchema = z.object({ ...deviceFields, rooms: z.array(roomNameSchema) });
export type Devices = z.infer<typeof devicesSchema>;
export type Radiator = Devices["radiators"][number];

/** What is wrong with a home's devices beyond the form of each. */
export type DeviceFault =
  | "noRoom"
  | "twice"
  | "secondOfRoom"
  | "noOutput"
  | "tooStrong"
  | "ecoWithinLimit"
  | "noThermometer";

/** A fault, and the field that has it. */
export interface DeviceIssue {
  readonly path: readonly (string | number)[];
  readonly fault: DeviceFault;
}

/** Power that the contract leaves for radiators, W; `Infinity` where no limit is known. */
export function leftForRadiators_w({
  subscribed_kva,
  base_load_w,
}: Pick<Devices, "subscribed_kva" | "base_load_w">) {
  if (subscribed_kva === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, subscribed_kva * 1000 - base_load_w);
}

/** A relay with several outputs may drive several radiators. */
function addressOf({
  name,
  property = null,
}: {
  readonly name: string;
  readonly property?: string | null;
}): string {
  return property === null ? name : `${name}, ${property}`;
}

/** Checks what belongs together: the page and the core ask for the same. */
export function deviceIssues(devices: Devices): DeviceIssue[] {
  const { rooms, thermometers, radiators, subscribed_kva } = devices;
  const issues: DeviceIssue[] = [];
  const names = new Set<string>();
  const checkAddress = (kind: "thermometers" | "radiators", i: number) => {
    const { room } = devices[kind][i];
    const address = addressOf(devices[kind][i]);
    if (!rooms.includes(room)) issues.push({ path: [kind, i, "room"], fault: "noRoom" });
    if (names.has(address)) issues.push({ path: [kind, i, "name"], fault: "twice" });
    names.add(address);
  };
  thermometers.forEach(({ room }, i) => {
    checkAddress("thermometers", i);
    if (thermometers.findIndex((one) => one.room === room) < i)
      issues.push({ path: ["thermometers", i, "room"], fault: "secondOfRoom" });
  });
  radiators.forEach(({ rated_w, closed, property }, i) => {
    checkAddress("radiators", i);
    if (property !== null && closed === null)
      issues.push({ path: ["radiators", i, "property"], fault: "noOutput" });
    if (rated_w > leftForRadiators_w(devices))
      issues.push({ path: ["radiators", i, "rated_w"], fault: "tooStrong" });
    if (closed === "eco" && subscribed_kva !== null)
      issues.push({ path: ["radiators", i, "closed"], fault: "ecoWithinLimit" });
  });
  if (radiators.length > 0 && !thermometers.some(({ room }) => room === rooms[0]))
    issues.push({ path: ["thermometers"], fault: "noThermometer" });
  return issues;
}

/** A fault in words, for programs and files. */
export const deviceFaultWords: Readonly<Record<DeviceFault, string>> = {
  noRoom: "must be one of rooms",
  twice: "must not name a device twice",
  secondOfRoom: "must be another room: a room has one thermometer",
  noOutput: "must be null with a pilot-wire module: outputs are a relay's",
  tooStrong:
    "must not be above what the subscribed power leaves (subscribed_kva less base_load_w): such a radiator would never heat",
  ecoWithinLimit:
    "must not be eco with a subscribed power: a radiator in eco heats too when its room is cold",
  noThermometer: "must have that of the first room, which decides: the radiators follow it",
};
