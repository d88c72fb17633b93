/** What a person answers when a home is set up, and what is assumed where nobody answered. */
import { z } from "zod";
import { buildingSchema, thermostatKindSchema } from "./building.ts";
import { clockTimeOfDay } from "./comfort.ts";
import { between, list, roomNameSchema, text } from "./quantities.ts";
import { deviceFaultWords, deviceFields, deviceIssues } from "./radiators.ts";
import { mostHeatedRooms } from "./room-name.ts";

/** Figures that follow from the answers unless somebody knows better. */
export const assumptionsSchema = z.strictObject({
  room_height_m: between(1.8, 6, "from floor to ceiling, m"),
  opaque_area_m2: between(0, 5000, "walls, roof and floor to the outside, m2"),
  opaque_u: between(0.05, 4, "their mean thermal transmittance, W/(m2 K)"),
  windows_area_m2: between(0, 1000, "m2"),
  windows_u: between(0.5, 6, "thermal transmittance of windows, W/(m2 K)"),
  south_share: between(0, 1, "share of the window area that looks south; the rest looks west"),
  air_changes: between(0.05, 5, "air changes per hour, ventilation and leaks together"),
  heat_capacity_kj_m2k: between(40, 800, "of walls, floors and furniture per floor area, kJ/(m2 K)"),
  internal_gains_w: between(0, 5000, "people and appliances, mean, W"),
  max_power_kw: between(0.2, 100, "heat of all heaters together, kW"),
});
export type Assumptions = z.infer<typeof assumptionsSchema>;
export type AssumptionName = keyof Assumptions;

export const heaterSchema = z
  .enum(["convector", "panel", "oilRadiator", "floorHeating", "waterRadiator"])
  .describe(
    "electric convectors; radiant panels; oil-filled or stone-core radiators; cables or pipes in the floor; radiators with hot water",
  );
export type Heater = z.infer<typeof heaterSchema>;

/** Whether hot water or cables in the floor carry the heat: such a heater has no pilot wire. */
export function hasWaterOrFloor(heater: Heater): boolean {
  return heater === "floorHeating" || heater === "waterRadiator";
}

const setpoint = between(5, 30, "degrees C");

/** `PUT /setup`: what a person knows of the home. */
export const setupAnswersSchema = z
  .strictObject({
    town: z.strictObject({
      name: text(1, 100),
      latitude_deg: between(-90, 90, "north positive"),
      longitude_deg: between(-180, 180, "east positive"),
    }),
    dwelling: z.enum(["house", "flat"]),
    floor_area_m2: between(8, 1000, "heated floor area, m2"),
    storeys: z.int().min(1).max(4).describe("of a house; 1 in a flat"),
    year: z.int().min(1500).max(2100).describe("of construction"),
    insulation: z
      .enum(["as_built", "improved", "renovated"])
      .describe("since construction: none added; roof or walls insulated; all of it, windows too"),
    glazing: z.enum(["single", "double", "recent"]).describe("recent: double or triple since about 2005"),
    walls: z
      .enum(["heavy", "medium", "light", "unknown"])
      .describe("stone, concrete or thick brick; blocks or bricks insulated inside; timber frame"),
    heater: heaterSchema,
    heat_pump: z.boolean().describe("water is heated by a heat pump; only with water in floor or radiators"),
    power_kw: between(0.2, 100, "electric power of all heaters together")
      .nullable()
      .describe("null: not known"),
    rooms: list(roomNameSchema, 1, mostHeatedRooms).describe(
      "heated rooms, the one with the thermometer first",
    ),
    ...deviceFields,
    thermostat: thermostatKindSchema
      .default("night_setback")
      .describe("that the home had before Azru: savings are measured against it"),
    contract: z
      .enum(["tempo", "peak", "pushed"])
      .describe("EDF Tempo; peak and off-peak hours; prices that are sent at run time, PUT /tariff"),
    coolest_day_c: setpoint.describe("coolest acceptable by day, degrees C"),
    coolest_night_c: setpoint.describe("coolest acceptable at night, degrees C"),
    warmest_day_c: setpoint.describe("warmest acceptable by day, degrees C"),
    warmest_night_c: setpoint.describe("warmest acceptable at night, degrees C"),
    wake: clockTimeOfDay.describe("getting up, Europe/Paris"),
    sleep: clockTimeOfDay.describe("going to bed, Europe/Paris"),
    changed: assumptionsSchema.partial().default({}).describe("assumptions that somebody knows better"),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    for (const { path, fault } of deviceIssues(a))
      context.addIssue({ code: "custom", path: [...path], message: deviceFaultWords[fault] });
    if (a.radiators.length > 0 && hasWaterOrFloor(a.heater))
      issue("radiators", `must be empty with ${a.heater}, which has no pilot wire`);
    if (a.warmest_day_c < a.coolest_day_c + 1)
      issue("warmest_day_c", "must be at least 1 above coolest_day_c");
    if (a.warmest_night_c < a.coolest_night_c + 1) {
      issue("warmest_night_c", "must be at least 1 above coolest_night_c");
    }
    if (a.coolest_night_c > a.coolest_day_c) issue("coolest_night_c", "must not be above coolest_day_c");
    if (a.wake === a.sleep) issue("sleep", "must differ from wake");
    if (a.heat_pump && !hasWaterOrFloor(a.heater)) {
      issue("heat_pump", `must be false with ${a.heater}: a heat pump here heats water`);
    }
  });
export type SetupAnswers = z.infer<typeof setupAnswersSchema>;

/** The home file: what set-up wrote, beside the building file that follows from it. */
export const homeFileSchema = z.strictObject({
  answers: setupAnswersSchema,
  written_at: z.iso.datetime().describe("wall time"),
});
export type HomeFile = z.infer<typeof homeFileSchema>;

/** `GET /setup`. */
export const setupResponseSchema = z.object({
  is_set_up: z.boolean().describe("somebody has answered"),
  answers: setupAnswersSchema.describe("those given, or a usual home's where nobody has answered"),
  assumed: assumptionsSchema.describe("what follows from the answers, without what was changed"),
  building: buildingSchema.describe("the building file that follows from them"),
  heater: buildingSchema.shape.heating.shape.emission.optional().describe("of the building in use"),
  overridden_by: z
    .array(z.string())
    .describe("environment variables that are set and hold instead of the home file"),
});
export type SetupResponse = z.infer<typeof setupResponseSchema>;

/** Answer of `PUT /setup`. */
export const setupDoneSchema = z.object({
  status: z.literal("restarting").describe("the core starts again with the new building"),
  files: z.array(z.string()).describe("what was written"),
});
