/** The file that says which entities of Home Assistant are in which room. */
import {
  ageFields,
  isRising,
  notRising,
  percent,
  pilotWireFields,
  powerSchema,
  relayFields,
  setpointFields,
  temperature_c,
} from "@azru/actuators";
import { checkRoomNames } from "@azru/contracts";
import { exampleFile } from "@azru/contracts/building-file";
import { settingsFile } from "@azru/runtime/settings-file";
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

const sensor = entityOf("sensor", "input_number", "number");

/** Switched on for a share of the time. */
const switchSchema = z.strictObject({
  entity: entityOf("switch", "input_boolean", "light"),
  ...relayFields,
});

/** A radiator's pilot wire: orders by the options of a select or the presets of a climate, or a relay. */
const pilotWireSchema = z
  .strictObject({
    entity: entityOf("select", "input_select", "climate", "switch", "input_boolean"),
    ...pilotWireFields,
    comfort: z.string().default("comfort"),
    low: z.string().default("frost_protection"),
    safe: z.string().default("eco"),
  })
  .refine(({ entity, closed }) => /^(switch|input_boolean)\./.test(entity) === (closed !== undefined), {
    error:
      'needs closed where its entity is a switch, and only there: "eco" without a diode, "off" or "frost_protection" with one',
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
    ...setpointFields,
    safe_setpoint_c: temperature_c.default(19),
  })
  .refine(isRising, notRising);

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
    ...ageFields(360),
    tariff: entityOf("sensor").optional(),
    power: powerSchema(sensor).optional(),
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
    checkRoomNames(rooms, context);
    for (const [room, { switches, numbers, climates, pilot_wires }] of Object.entries(rooms)) {
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

export const entitiesFile = settingsFile({
  variable: "AZRU_ENTITIES",
  schema: fileSchema,
  page: "docs/home-assistant.md",
  advice: `copy ${exampleFile("examples/home-assistant/home-assistant.example.yaml")} there and name your entities`,
});
