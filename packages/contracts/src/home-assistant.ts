/** Messages between the home and Home Assistant. */
import { z } from "zod";
import {
  ceiling_c,
  comfortTemperatureSchema,
  controlSetpointBodySchema,
  controlVacationBodySchema,
} from "./comfort.ts";
import {
  cost_eur,
  list,
  percent,
  power_w,
  price_eur_kwh,
  sentence,
  temperature_c,
  tempoColourSchema,
  valveSourceSchema,
} from "./quantities.ts";
import { isoTimeSchema } from "./time.ts";

const daysLeft = z.int().min(0).max(366).nullable();

/** A room as Home Assistant shows it. */
const homeRoomSchema = z.strictObject({
  temperature: temperature_c.nullable().describe("as measured last, degrees C; null where it does not count"),
  setpoint: temperature_c
    .nullable()
    .describe(
      "of a room that is heated by itself, degrees C: the next one already while it is warmed for it",
    ),
  target: temperature_c.nullable().describe("what the room's people ask for now, degrees C"),
  mode: z.enum(["auto", "off"]).nullable().describe("off: somebody has switched the room off"),
  preset: z
    .enum(["none", "eco", "comfort", "boost"])
    .nullable()
    .describe("asked for in this room for a while"),
  action: z.enum(["heating", "idle", "off"]).nullable(),
  power: power_w.nullable().describe("heat that its heaters are to give, W"),
  window: z.enum(["ON", "OFF"]).describe("ON while a window is open, or the air fell as if one were"),
  problem: sentence.nullable().describe("why its thermometer does not count, null where it does"),
});
export type HomeRoom = z.infer<typeof homeRoomSchema>;

/** `<site>/state`, retained: the home in one flat message, null for what is not known. */
export const homeStateSchema = z
  .strictObject({
    time: isoTimeSchema.describe("home time"),
    mode: z
      .enum(["auto", "thermostat", "manual", "off"])
      .describe("who decides: the optimiser, the thermostat, a person, nobody but frost protection"),
    action: z.enum(["heating", "idle", "off"]),
    manual_until: isoTimeSchema.nullable().describe("home time at which automatic mode returns"),
    temperature: temperature_c.nullable().describe("of the heated zone, degrees C"),
    mass_temperature: temperature_c.nullable().describe("of the walls, estimated, degrees C"),
    operative_temperature: temperature_c
      .nullable()
      .describe("of air and walls together, estimated, degrees C"),
    comfort_of: comfortTemperatureSchema.describe(
      "the temperature that setpoint and warmest are of: the air, or air and walls together (operative)",
    ),
    setpoint: temperature_c.describe("lower end of the comfort band, degrees C"),
    preset: z
      .enum(["none", "eco", "comfort", "boost", "away", "vacation"])
      .describe("what holds instead of the weekly schedule; none: the schedule, or a setpoint"),
    warmest_day: temperature_c.describe("warmest acceptable by day, degrees C"),
    warmest_night: temperature_c.describe("warmest acceptable while people sleep, degrees C"),
    preset_until: isoTimeSchema.nullable().describe("home time at which the setpoint changes"),
    vacation_until: isoTimeSchema.nullable().describe("the return; null without a vacation"),
    planned_temperature: temperature_c.nullable().describe("expected at the end of this step, degrees C"),
    valve_position: percent.nullable(),
    planned_power: power_w.nullable().describe("electric, W"),
    source: valveSourceSchema.nullable().describe("who decided the valve position"),
    reason: sentence.nullable().describe("what the home does and why, for people"),
    detail: sentence.nullable().describe("why this valve position, as the log has it"),
    price: price_eur_kwh.nullable().describe("in force, EUR/kWh"),
    period: z.enum(["peak", "off_peak"]).nullable(),
    next_price: price_eur_kwh.nullable().describe("after the next change, EUR/kWh"),
    price_changes_at: isoTimeSchema.nullable().describe("home time of the next change of price"),
    colour_today: tempoColourSchema.nullable().describe("null where the tariff has no colours"),
    colour_tomorrow: tempoColourSchema.nullable(),
    blue_days_left: daysLeft.describe("blue days left in the season, null where not known"),
    white_days_left: daysLeft.describe("white days left in the season"),
    red_days_left: daysLeft.describe("red days left in the season"),
    energy: z.number().min(0).describe("electricity of the heating since the core's start, kWh"),
    cost: cost_eur.nullable().describe("of heating since savings are counted, EUR"),
    saving: cost_eur.nullable().describe("against the thermostat alone, since then, EUR"),
    failsafe: z.enum(["ON", "OFF"]).describe("ON where the optimiser should decide and does not"),
    problems: z
      .record(z.string(), sentence.nullable())
      .describe("what is wrong with each thing that the core depends on, null where nothing is"),
    rooms: z
      .record(z.string(), homeRoomSchema)
      .default({})
      .describe("by name, of a home with several rooms; those that are forgotten are left out"),
  })
  .describe("the home in one flat message");
export type HomeState = z.infer<typeof homeStateSchema>;

const hourPrice = z.strictObject({ start: isoTimeSchema, end: isoTimeSchema, value: price_eur_kwh });

/**
 * `<site>/prices`, retained: the prices of today and tomorrow, hour by hour, with the names that Home Assistant's
 * Nord Pool integration gave such attributes and that cards and energy managers read.
 */
export const homePricesSchema = z
  .strictObject({
    currency: z.literal("EUR"),
    unit: z.literal("kWh"),
    raw_today: list(hourPrice, 0, 100).describe("from midnight to midnight, Europe/Paris"),
    raw_tomorrow: list(hourPrice, 0, 100).describe("tomorrow's, of its hours whose price is known"),
    tomorrow_valid: z.boolean().describe("whether tomorrow's prices are all known, its colour included"),
  })
  .describe("today's and tomorrow's prices, hour by hour, for cards and energy managers");
export type HomePrices = z.infer<typeof homePricesSchema>;

/** `<site>/control/mode`, plain text. */
export const controlModeSchema = z
  .enum(["auto", "thermostat", "manual", "off", "on"])
  .describe(
    "auto: the optimiser; thermostat: at the setpoint; off: frost protection alone; on: what was before off; manual: the valve stays where it is, for a while",
  );
export type ControlMode = z.infer<typeof controlModeSchema>;

/** `<site>/control/valve`: a valve position by hand. */
export const controlValveSchema = percent.describe("valve position by hand, for a while, %");

/** `<site>/control/preset`, plain text. */
export const controlPresetSchema = z
  .enum(["none", "eco", "comfort", "boost", "away"])
  .describe("a preset for a while; away: until another is said; none: back to the schedule");
export type ControlPreset = z.infer<typeof controlPresetSchema>;

/** `<site>/control/setpoint`: a setpoint for a while. */
export const controlSetpointSchema = controlSetpointBodySchema.shape.setpoint_c;

/** `<site>/control/warmest`: another warmest acceptable, by day, while people sleep, or both. */
export const controlWarmestSchema = z
  .strictObject({ day_c: ceiling_c.optional(), night_c: ceiling_c.optional() })
  .refine(({ day_c, night_c }) => day_c !== undefined || night_c !== undefined, {
    error: "needs day_c, night_c or both",
  })
  .describe("warmest acceptable by day, while people sleep, or both, degrees C; until another is said");
export type ControlWarmest = z.infer<typeof controlWarmestSchema>;

/** `<site>/control/vacation`: until the return; null ends it. */
export const controlVacationSchema = controlVacationBodySchema
  .nullable()
  .describe("a vacation until the return; null: none after all, or back early");

const word = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const priceEntry = z.record(z.string(), z.union([word, z.array(word)]));
const priceList = z.array(z.union([priceEntry, word]));
const listsByName = z.record(z.string(), z.union([word, priceList]));
const attribute = z.union([word, priceList, listsByName]);

const pricesByName = z
  .object({
    currency: z.string().optional().describe("EUR: no other currency is converted"),
    unit: z.string().optional().describe("EUR/kWh, EUR/MWh or kWh"),
    prices: z
      .union([priceList, listsByName])
      .optional()
      .describe(
        "dated prices such as {start, end, value}; see docs/tariffs.md for what integrations call them",
      ),
    rules: z
      .array(priceEntry)
      .optional()
      .describe("in the place of dated prices: {price, months, days, hours, period}"),
    attributes: z.record(z.string(), attribute).optional().describe("of a Home Assistant entity"),
  })
  .catchall(attribute);

/**
 * `<site>/control/tariff` and `PUT /tariff`: prices in the words of tariff files, or as dynamic-price integrations of
 * Home Assistant publish them. The core reads them with `tariffContent`.
 */
export const pushedTariffSchema = z
  .union([z.array(priceEntry), pricesByName])
  .describe("prices: rules, or dated prices, as in a tariff file or in the attributes of a price entity");
export type PushedTariff = z.infer<typeof pushedTariffSchema>;

/** `<site>/control/tariff`, retained. */
export const controlTariffSchema = pushedTariffSchema
  .nullable()
  .describe("prices for a home whose AZRU_TARIFF is pushed; null: forget what was pushed");

/** `<site>/control/optimize`, plain text. */
export const controlOptimizeSchema = z.literal("now").describe("asks the optimiser at once");

/** `<prefix>/status`, plain text: Home Assistant's birth and last will. */
export const homeAssistantStatusSchema = z
  .enum(["online", "offline"])
  .describe("birth and last will of Home Assistant");

/** `<prefix>/device/<device>/config`, retained: a device and its entities. */
export const discoverySchema = z
  .strictObject({
    device: z.record(z.string(), z.unknown()),
    origin: z.strictObject({ name: z.string(), sw_version: z.string() }),
    availability: z.array(z.strictObject({ topic: z.string() })).min(1),
    qos: z.literal([0, 1]),
    components: z
      .record(z.string(), z.looseObject({ platform: z.string(), unique_id: z.string().optional() }))
      .describe("without unique_id: the entity is removed"),
  })
  .describe("the announcement of the home as a device with its entities");
export type Discovery = z.infer<typeof discoverySchema>;
