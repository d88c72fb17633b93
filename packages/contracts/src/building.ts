/**
 * A building file: the home's zone, windows and heating. Structurally the `Building` of packages/simulation;
 * names carry their units.
 */
import { z } from "zod";
import { comfortTemperatureSchema } from "./comfort.ts";
import { describeZodError } from "./errors.ts";
import { learntHouseSchema } from "./learnt-house.ts";
import { list, temperature_c, text } from "./quantities.ts";

const quantity = z.number().min(0);
const positive = z.number().positive();
const share = z.number().min(0).max(1);

/** Structurally the `ZoneParameters` of packages/physics. */
export const zoneSchema = z
  .strictObject({
    floorArea_m2: positive,
    wallsArea_m2: quantity,
    windowsArea_m2: quantity,
    roomVolume_m3: positive,
    totalInternalArea_m2: positive,
    uWalls_w_m2k: quantity,
    uWindows_w_m2k: quantity,
    ventilation_ach: quantity,
    infiltration_ach: quantity,
    ventilationEfficiency: share.default(0).describe("heat recovered from the ventilation air"),
    thermalCapacitance_j_m2k: positive.describe(
      "per floor area; 80000 very light, 110000 light, 165000 medium, 260000 heavy, 370000 very heavy",
    ),
  })
  .refine((zone) => zone.ventilation_ach + zone.infiltration_ach > 0, {
    path: ["ventilation_ach"],
    error: "must be > 0 when infiltration_ach is 0",
  });

export const windowSchema = z.strictObject({
  azimuth_deg: z.number().min(-180).max(180).describe("outward normal from south, east positive"),
  tilt_deg: z.number().min(0).max(180).default(90).describe("pane to horizontal: 90 a wall, 0 a skylight"),
  area_m2: positive,
  g: share.default(0.6).describe("share of the sun's radiation that becomes heat inside"),
  lightTransmittance: share.default(0.75).describe("share of daylight that gets inside"),
});

/** The thermostat that a home had before Azru. */
export const thermostatKindSchema = z
  .enum(["constant", "night_setback", "electronic"])
  .describe(
    "on/off, the same by day and night; on/off, lower at night as asked for; an electronic one that holds what is asked for",
  );
export type ThermostatKind = z.infer<typeof thermostatKindSchema>;

export const buildingSchema = z.strictObject({
  name: text(1, 100),
  location: z.strictObject({
    name: text(1, 100),
    latitude_deg: z.number().min(-90).max(90).describe("north positive"),
    longitude_deg: z.number().min(-180).max(180).describe("east positive"),
  }),
  zone: zoneSchema,
  windows: list(windowSchema, 0, 100).default([]),
  internalGains_w: quantity.max(100_000).default(0).describe("people and appliances, mean"),
  heating: z.strictObject({
    emission: z.enum([
      "oldRadiators",
      "newRadiators",
      "chilledBeams",
      "airConditioning",
      "floorHeating",
      "convector",
      "panel",
      "oilRadiator",
      "waterRadiator",
      "tabs",
    ]),
    supply: z.enum(["electric", "heatPumpAir", "heatPumpWater"]).default("electric"),
    maxPower_w: positive.max(1_000_000).describe("thermal, valve fully open"),
  }),
  comfort: z
    .strictObject({
      min_c: temperature_c,
      max_c: temperature_c,
      of: comfortTemperatureSchema
        .optional()
        .describe(
          "what is to be as warm: the air (as when absent), or air and surfaces together (operative temperature)",
        ),
    })
    .refine((c) => c.max_c > c.min_c, { path: ["max_c"], error: "must be above min_c" })
    .default({ min_c: 19, max_c: 28 }),
  thermostat: z
    .strictObject({
      on_c: temperature_c,
      off_c: temperature_c,
      kind: thermostatKindSchema
        .optional()
        .describe("what the live saving is measured against; night_setback when absent"),
    })
    .refine((t) => t.off_c > t.on_c, { path: ["off_c"], error: "must be above on_c" })
    .default({ on_c: 19.5, off_c: 20.5 }),
  learnt: learntHouseSchema
    .optional()
    .describe("the house as `calibrate` learnt it; what is above stays the owner's knowledge"),
});

/** A building file, validated and with its defaults filled in. */
export type BuildingFile = z.infer<typeof buildingSchema>;

/** A building file is no JSON, or not a building; one line that names the file, the field and the value. */
export class BuildingFileError extends Error {
  override readonly name = "BuildingFileError";
}

/**
 * Reads the text of a building file.
 *
 * @param name of the file, for the message of an error
 * @throws BuildingFileError
 */
export function parseBuilding(text: string, name: string): BuildingFile {
  const json = parseJson(text, name);
  const result = buildingSchema.safeParse(json);
  if (result.success) return result.data;
  throw new BuildingFileError(`${name}: ${describeZodError(result.error, json, "building")}`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")); // a byte order mark, as editors on Windows write it
  } catch (cause) {
    // Node quotes the text around the fault, line breaks and control characters included.
    const reason = (cause as SyntaxError).message.replaceAll(/[\s\p{Cc}]+/gu, " ");
    throw new BuildingFileError(`${name} is not JSON: ${reason}`, { cause });
  }
}
