/** The file that says which entities of Home Assistant are in which room. */
import { readFile } from "node:fs/promises";
import { describeZodError, roomNameSchema } from "@azru/contracts";
import { ConfigError } from "@azru/runtime";
import { parseDocument } from "yaml";
import { z } from "zod";

const entityOf = (...domains: readonly string[]) =>
  z.string().regex(new RegExp(`^(${domains.join("|")})\\.[a-z0-9_]+$`), {
    error: `must be an entity id that begins with ${domains.map((domain) => `${domain}.`).join(" or ")}`,
  });
/** One entity id, or a list of them; becomes a list. */
const oneOrMore = (entity: z.ZodString) =>
  z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((ids) => [ids].flat())
    .superRefine((ids, context) => {
      for (const id of ids) {
        const { error } = entity.safeParse(id);
        if (error) context.addIssue({ code: "custom", message: error.issues[0].message });
      }
    })
    .default([]);

const temperature_c = z.number().min(5).max(35);
const minutes = z.number().min(0).max(240);
const percent = z.number().min(0).max(100);
const sensor = entityOf("sensor", "input_number", "number");

/** Switched on for a share of the time. */
const switchSchema = z.strictObject({
  entity: entityOf("switch", "input_boolean", "light"),
  rated_w: z.number().min(0).max(20_000).default(0),
  period_minutes: z.number().min(1).max(120).default(15),
  minimum_on_minutes: minutes.default(2),
  minimum_off_minutes: minutes.default(2),
  safe_setpoint_c: temperature_c.default(19),
  safe_hysteresis_k: z.number().min(0.1).max(5).default(0.5),
  safe_duty_percent: percent.default(30),
  on_stop: z.enum(["off", "on"]).default("off"),
});

const closedOrders = ["eco", "frost_protection", "off"] as const;

/** A radiator's pilot wire: orders by the options of a select or the presets of a climate, or a relay. */
const pilotWireSchema = z
  .strictObject({
    entity: entityOf("select", "input_select", "climate", "switch", "input_boolean"),
    /** What the closed relay orders. */
    closed: z.enum(closedOrders).optional(),
    comfort: z.string().default("comfort"),
    low: z.string().default("frost_protection"),
    safe: z.string().default("eco"),
    rated_w: z.number().min(0).max(20_000).default(0),
    period_minutes: z.number().min(1).max(120).default(15),
    minimum_on_minutes: minutes.default(3),
    minimum_off_minutes: minutes.default(3),
    safe_setpoint_c: temperature_c.default(19),
    safe_hysteresis_k: z.number().min(0.1).max(5).default(0.5),
    safe_duty_percent: percent.default(100),
  })
  .refine(({ entity, closed }) => /^(switch|input_boolean)\./.test(entity) === (closed !== undefined), {
    error:
      'needs closed where its entity is a switch, and only there: "eco" without a diode, "off" or "frost_protection" with one',
  });

const powerSchema = z.strictObject({
  subscribed_kva: z.number().min(1).max(36),
  base_load_w: z.number().min(0).max(30_000).default(1000),
  meter: sensor.optional(),
});

/** Set to the valve's position. */
const numberSchema = z.strictObject({
  entity: entityOf("number", "input_number"),
  closed: z.number().default(0),
  open: z.number().default(100),
  safe_percent: percent.default(30),
});

/** A thermostat whose setpoint is moved. */
const climateSchema = z
  .strictObject({
    entity: entityOf("climate"),
    low_c: temperature_c.default(7),
    high_c: temperature_c.default(30),
    span_k: z.number().min(0.5).max(10).default(2),
    safe_setpoint_c: temperature_c.default(19),
  })
  .refine(({ low_c, high_c }) => low_c < high_c, { path: ["high_c"], error: "must be above low_c" });

const roomSchema = z
  .strictObject({
    temperature: oneOrMore(entityOf("sensor", "input_number", "number", "climate")),
    outdoor: entityOf("sensor", "input_number", "weather").optional(),
    power: oneOrMore(sensor),
    switches: z.array(switchSchema).default([]),
    numbers: z.array(numberSchema).default([]),
    climates: z.array(climateSchema).default([]),
    pilot_wires: z.array(pilotWireSchema).default([]),
  })
  .refine(
    ({ temperature, switches, numbers, climates, pilot_wires }) =>
      temperature.length + switches.length + numbers.length + climates.length + pilot_wires.length > 0,
    { error: "must have at least a temperature, or something to drive" },
  );

const fileSchema = z
  .strictObject({
    silence_minutes: z.number().min(1).max(1440).default(60),
    reading_minutes: z.number().min(1).max(1440).default(360),
    tariff: entityOf("sensor").optional(),
    power: powerSchema.optional(),
    rooms: z.record(z.string(), roomSchema).default({}),
  })
  .superRefine(({ rooms, tariff, power }, context) => {
    const complain = (room: string, message: string) =>
      context.addIssue({ code: "custom", path: ["rooms", room], message });
    for (const [room, { pilot_wires }] of power ? Object.entries(rooms) : [])
      for (const { entity, rated_w, low, closed } of pilot_wires) {
        if (rated_w === 0) complain(room, `needs rated_w of ${entity}: the power limit counts with it`);
        if ((closed ?? low) === "eco")
          complain(
            room,
            `must not have eco as the low order of ${entity} with a power limit: a radiator in eco heats too when its room is cold`,
          );
      }
    const owners = new Map<string, string>();
    if (Object.keys(rooms).length === 0 && tariff === undefined)
      context.addIssue({ code: "custom", path: ["rooms"], message: "must name at least one room" });
    for (const [room, { switches, numbers, climates, pilot_wires }] of Object.entries(rooms)) {
      const named = roomNameSchema.safeParse(room);
      if (!named.success) complain(room, `is no name for a room: it ${named.error.issues[0].message}`);
      for (const { entity } of [...switches, ...numbers, ...climates, ...pilot_wires]) {
        const owner = owners.get(entity);
        if (owner !== undefined)
          complain(room, `drives ${entity} that ${owner} drives already: name it once`);
        owners.set(entity, room);
      }
    }
  });

/** What the file says, defaults filled in. */
export type EntitiesFile = z.infer<typeof fileSchema>;
export type RoomSettings = EntitiesFile["rooms"][string];

/**
 * Checks the text of an entities file, YAML or JSON.
 *
 * @throws ConfigError in one line that begins with the file's name
 */
export function parseEntitiesFile(text: string, file: string): EntitiesFile {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw problem(file, `line ${line} is no YAML: ${error.message}`);
  }
  const input: unknown = document.toJS();
  const result = fileSchema.safeParse(input);
  if (result.success) return result.data;
  throw problem(file, describeZodError(result.error, input));
}

/**
 * Reads an entities file.
 *
 * @throws ConfigError in one line that begins with the file's name, when it is unreadable or does not make sense
 */
export async function readEntitiesFile(file: string): Promise<EntitiesFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw problem(
      file,
      `cannot be read: ${code}; copy examples/home-assistant/home-assistant.example.yaml there and name your entities`,
    );
  }
  return parseEntitiesFile(text, file);
}

function problem(file: string, what: string): ConfigError {
  return new ConfigError([
    `AZRU_ENTITIES ${file}: ${what.replaceAll("\n", " ")} (see docs/home-assistant.md)`,
  ]);
}
