/** The file that says which devices are in which room. */
import {
  ageFields,
  isRising,
  notRising,
  percent,
  pilotModes,
  pilotWireFields,
  powerSchema,
  relayFields,
  setpointFields,
  temperature_c,
} from "@azru/actuators";
import { checkRoomNames, closedOrders, deviceNameSchema as deviceName } from "@azru/contracts";
import { exampleFile } from "@azru/contracts/building-file";
import { settingsFile } from "@azru/runtime/settings-file";
import { z } from "zod";

const topicName = z
  .string()
  .regex(/^[^+#\p{Cc}]{1,400}$/u, { error: "must be one MQTT topic, without + and #" });
const setting = z.union([z.string(), z.number(), z.boolean()]);
const settings = z.record(z.string(), setting);

const sensorSchema = z.strictObject({ name: deviceName });

const openingSchema = z.strictObject({
  property: z.string(),
  closed: z.number().default(0),
  open: z.number().default(100),
  with: settings.default({}),
  release: settings.default({}),
});

const setpointSchema = z
  .strictObject({
    property: z.string().optional(),
    ...setpointFields,
    with: settings.optional(),
  })
  .refine(isRising, notRising);

const valveSchema = z
  .strictObject({
    name: deviceName,
    control: z.enum(["auto", "opening", "setpoint"]).default("auto"),
    opening: openingSchema.optional(),
    setpoint: setpointSchema.default({ low_c: 7, high_c: 30, span_k: 2 }),
    step_percent: z.number().min(1).max(25).default(5),
    safe_setpoint_c: temperature_c.default(19),
    safe_opening_percent: percent.default(30),
  })
  .refine(({ control, opening }) => !(control === "setpoint" && opening), {
    path: ["opening"],
    error: 'has no effect with control "setpoint": remove one of the two',
  });

/** What is switched: a device of zigbee2mqtt, or a topic. */
const switchedFields = {
  name: deviceName.optional(),
  property: z.string().optional(),
  topic: topicName.optional(),
  on: z.string().default("ON"),
  off: z.string().default("OFF"),
} as const;

type Addressed = { readonly name?: string | undefined; readonly topic?: string | undefined };
const hasOneAddress = ({ name, topic }: Addressed) => (name === undefined) !== (topic === undefined);
const hasPropertyOfName = ({ property, topic }: Addressed & { readonly property?: string | undefined }) =>
  property === undefined || topic === undefined;
const oneAddress = {
  error: "must have either a name (a switch in zigbee2mqtt) or a topic (any other relay)",
};
const propertyOfName = {
  path: ["property"],
  error: "belongs to a switch in zigbee2mqtt, not to a topic: remove it",
};

const relaySchema = z
  .strictObject({ ...switchedFields, ...relayFields })
  .refine(hasOneAddress, oneAddress)
  .refine(hasPropertyOfName, propertyOfName);

/** A radiator's pilot wire: a module that gives orders, or a relay that is closed for one of them (`closed`). */
const pilotWireSchema = z
  .strictObject({
    ...switchedFields,
    ...pilotWireFields,
    low: z.enum(closedOrders).optional(),
    safe: z.enum(pilotModes).optional(),
  })
  .refine(hasOneAddress, oneAddress)
  .refine(hasPropertyOfName, propertyOfName)
  .refine(({ topic, closed }) => topic === undefined || closed !== undefined, {
    error:
      'needs closed, the order that a relay gives when it is closed: "eco" without a diode, "off" or "frost_protection" with one',
  })
  .refine(({ property, closed }) => property === undefined || closed !== undefined, {
    path: ["property"],
    error: "belongs to a relay: name its closed order too, or remove it",
  })
  .refine(({ low, closed }) => low === undefined || closed === undefined, {
    path: ["low"],
    error: "has no effect beside closed, which is the order that a relay gives: remove one of the two",
  })
  .refine(({ safe, closed }) => safe === undefined || closed === undefined, {
    path: ["safe"],
    error:
      "has no effect beside closed: a relay keeps safe_setpoint_c by the room's thermometer. Remove one of the two",
  });

const meterSchema = z.strictObject({ name: deviceName, property: z.string().default("power") });

const roomSchema = z
  .strictObject({
    temperature: deviceName.optional(),
    sensors: z.array(sensorSchema).default([]),
    valves: z.array(valveSchema).default([]),
    relays: z.array(relaySchema).default([]),
    pilot_wires: z.array(pilotWireSchema).default([]),
  })
  .superRefine(({ temperature, sensors, valves, relays, pilot_wires }, context) => {
    if (sensors.length + valves.length + relays.length + pilot_wires.length === 0)
      context.addIssue({
        code: "custom",
        message: "must have at least one sensor, valve or relay, or a pilot wire",
      });
    const thermometers = [...sensors, ...valves].map(({ name }) => name);
    if (temperature !== undefined && !thermometers.includes(temperature))
      context.addIssue({
        code: "custom",
        path: ["temperature"],
        message: "must name one of the room's sensors or valves",
      });
  });

type Rooms = Readonly<Record<string, z.infer<typeof roomSchema>>>;

/** The power limit holds for heaters whose power is known, and that draw nothing while they are not on. */
function checkPower(rooms: Rooms, context: z.RefinementCtx): void {
  for (const [room, { pilot_wires }] of Object.entries(rooms))
    pilot_wires.forEach((wire, i) => {
      const complain = (field: readonly string[], message: string) =>
        context.addIssue({ code: "custom", path: ["rooms", room, "pilot_wires", i, ...field], message });
      if (wire.rated_w === 0)
        complain([], "needs rated_w, what the radiator draws by its label: the power limit counts with it");
      if (wire.low === "eco" || wire.closed === "eco")
        complain(
          [wire.low === "eco" ? "low" : "closed"],
          "must not be eco with a power limit: a radiator in eco heats too when its room is cold",
        );
    });
}

const fileSchema = z
  .strictObject({
    zigbee2mqtt: z
      .strictObject({ base_topic: topicName.default("zigbee2mqtt") })
      .default({ base_topic: "zigbee2mqtt" }),
    ...ageFields(120),
    battery_low_percent: percent.default(15),
    power: powerSchema(meterSchema).optional(),
    rooms: z.record(z.string(), roomSchema),
  })
  .superRefine(({ rooms, power }, context) => {
    if (power) checkPower(rooms, context);
    const owners = new Map<string, string>();
    if (Object.keys(rooms).length === 0)
      context.addIssue({ code: "custom", path: ["rooms"], message: "must name at least one room" });
    checkRoomNames(rooms, context);
    for (const [room, { sensors, valves, relays, pilot_wires }] of Object.entries(rooms)) {
      for (const device of [...sensors, ...valves, ...relays, ...pilot_wires].map(addressOf)) {
        const owner = owners.get(device);
        if (owner !== undefined)
          context.addIssue({
            code: "custom",
            path: ["rooms", room],
            message: `has the device ${JSON.stringify(device)} that ${owner === room ? "it" : owner} already has: name each device once`,
          });
        owners.set(device, room);
      }
    }
  });

/** A module with several outputs may switch several heaters, each by an output of its own. */
function addressOf({
  name,
  topic,
  property,
}: Addressed & { readonly property?: string | undefined }): string {
  if (topic !== undefined) return topic;
  return property === undefined ? name! : `${name}, ${property}`;
}

/** What the file says, defaults filled in. */
export type ValvesFile = z.infer<typeof fileSchema>;
export type RoomSettings = ValvesFile["rooms"][string];
export type ValveSettings = RoomSettings["valves"][number];
export type RelaySettings = RoomSettings["relays"][number];
export type PilotWireSettings = RoomSettings["pilot_wires"][number];

export const valvesFile = settingsFile({
  variable: "AZRU_VALVES",
  schema: fileSchema,
  page: "docs/valves.md",
  advice: `copy ${exampleFile("examples/valves/valves.example.yaml")} there and name your devices`,
});
