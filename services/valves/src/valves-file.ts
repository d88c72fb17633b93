/** The file that says which devices are in which room. */
import { readFile } from "node:fs/promises";
import { pilotModes } from "@azru/actuators";
import { describeZodError, roomNameSchema } from "@azru/contracts";
import { ConfigError } from "@azru/runtime";
import { parseDocument } from "yaml";
import { z } from "zod";

const deviceName = z.string().regex(/^[^+#\p{Cc}/](?:[^+#\p{Cc}]{0,198}[^+#\p{Cc}/])?$/u, {
  error: "must be the device's name in zigbee2mqtt: 1 to 200 characters without + and #",
});
const topicName = z
  .string()
  .regex(/^[^+#\p{Cc}]{1,400}$/u, { error: "must be one MQTT topic, without + and #" });
const setting = z.union([z.string(), z.number(), z.boolean()]);
const settings = z.record(z.string(), setting);
const temperature_c = z.number().min(5).max(35);
const minutes = z.number().min(0).max(240);
const percent = z.number().min(0).max(100);

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
    low_c: temperature_c.default(7),
    high_c: temperature_c.default(30),
    span_k: z.number().min(0.5).max(10).default(2),
    with: settings.optional(),
  })
  .refine(({ low_c, high_c }) => low_c < high_c, { path: ["high_c"], error: "must be above low_c" });

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
  rated_w: z.number().min(0).max(20_000).default(0),
  period_minutes: z.number().min(1).max(120).default(15),
  safe_setpoint_c: temperature_c.default(19),
  safe_hysteresis_k: z.number().min(0.1).max(5).default(0.5),
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
  .strictObject({
    ...switchedFields,
    minimum_on_minutes: minutes.default(2),
    minimum_off_minutes: minutes.default(2),
    safe_duty_percent: percent.default(30),
    on_stop: z.enum(["off", "on"]).default("off"),
  })
  .refine(hasOneAddress, oneAddress)
  .refine(hasPropertyOfName, propertyOfName);

const pilotMode = z.enum(pilotModes);
const closedOrders = ["eco", "frost_protection", "off"] as const;

/** A radiator's pilot wire: a module that gives orders, or a relay that is closed for one of them (`closed`). */
const pilotWireSchema = z
  .strictObject({
    ...switchedFields,
    closed: z.enum(closedOrders).optional(),
    low: z.enum(closedOrders).optional(),
    safe: pilotMode.optional(),
    minimum_on_minutes: minutes.default(3),
    minimum_off_minutes: minutes.default(3),
    safe_duty_percent: percent.default(100),
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

const powerSchema = z.strictObject({
  subscribed_kva: z.number().min(1).max(36),
  base_load_w: z.number().min(0).max(30_000).default(1000),
  meter: z.strictObject({ name: deviceName, property: z.string().default("power") }).optional(),
});

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
    silence_minutes: z.number().min(1).max(1440).default(60),
    reading_minutes: z.number().min(1).max(1440).default(120),
    battery_low_percent: percent.default(15),
    power: powerSchema.optional(),
    rooms: z.record(z.string(), roomSchema),
  })
  .superRefine(({ rooms, power }, context) => {
    if (power) checkPower(rooms, context);
    const owners = new Map<string, string>();
    if (Object.keys(rooms).length === 0)
      context.addIssue({ code: "custom", path: ["rooms"], message: "must name at least one room" });
    for (const [room, { sensors, valves, relays, pilot_wires }] of Object.entries(rooms)) {
      const named = roomNameSchema.safeParse(room);
      if (!named.success)
        context.addIssue({
          code: "custom",
          path: ["rooms", room],
          message: `is no name for a room: it ${named.error.issues[0].message}`,
        });
      for (const device of [...sensors, ...valves, ...relays, ...pilot_wires].map((one) =>
        "topic" in one && one.topic !== undefined ? one.topic : one.name!,
      )) {
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

/** What the file says, defaults filled in. */
export type ValvesFile = z.infer<typeof fileSchema>;
export type RoomSettings = ValvesFile["rooms"][string];
export type ValveSettings = RoomSettings["valves"][number];
export type RelaySettings = RoomSettings["relays"][number];
export type PilotWireSettings = RoomSettings["pilot_wires"][number];

/**
 * Checks the text of a valves file, YAML or JSON.
 *
 * @throws ConfigError in one line that begins with the file's name
 */
export function parseValvesFile(text: string, file: string): ValvesFile {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) throw problem(file, `line ${lineOf(text, error.pos[0])} is no YAML: ${error.message}`);
  let input: unknown;
  try {
    input = document.toJS();
  } catch (cause) {
    throw problem(file, `is no YAML: ${(cause as Error).message}`);
  }
  const result = fileSchema.safeParse(input);
  if (result.success) return result.data;
  throw problem(file, describeZodError(result.error, input));
}

/**
 * Reads a valves file.
 *
 * @throws ConfigError in one line that begins with the file's name, when it is unreadable or does not make sense
 */
export async function readValvesFile(file: string): Promise<ValvesFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError([
      `AZRU_VALVES ${file} cannot be read: ${code}; copy examples/valves/valves.example.yaml there and name your devices`,
    ]);
  }
  return parseValvesFile(text, file);
}

function problem(file: string, what: string): ConfigError {
  return new ConfigError([`AZRU_VALVES ${file}: ${what.replaceAll("\n", " ")} (see docs/valves.md)`]);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
