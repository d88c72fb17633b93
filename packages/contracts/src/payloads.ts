/** What MQTT messages say. Field names are public: devices and dashboards rely on them. */
import { z } from "zod";
import {
  cost_eur,
  fraction,
  irradiance_w_m2,
  list,
  messageId,
  percent,
  power_w,
  price_eur_kwh,
  sentence,
  temperature_c,
  tempoColourSchema,
  text,
  valveSourceSchema,
} from "./quantities.ts";
import { maxSteps } from "./steps.ts";
import { isoDateSchema, isoTimeOf, isoTimeSchema, timeMsOf } from "./time.ts";

/** What a room's sensors measure. */
export const metricsSchema = z.object({
  temperature: temperature_c.describe("air temperature, degrees C"),
  mass_temperature: temperature_c.describe("temperature of the building's mass, degrees C").optional(),
  external_temperature: temperature_c.describe("outdoor temperature, degrees C").optional(),
  power_consumption: power_w.describe("electric power of the heating, W").optional(),
  solar_power: power_w.describe("solar gains, W").optional(),
  valve_position: percent.describe("valve position as reported, %").optional(),
  electricity_price: price_eur_kwh.describe("price of electricity, EUR/kWh").optional(),
  heating_cost_step: cost_eur.describe("cost of heating since the last message, EUR").optional(),
  heating_cost_cumulative: cost_eur.describe("cost of heating since the start, EUR").optional(),
  battery: percent.describe("charge of the sensor's battery, %").optional(),
  window_open: fraction.describe("1 while a window of the room is open, 0 while all are shut").optional(),
  sim_time: isoTimeSchema.describe("simulated time of the measurement").optional(),
});

/**
 * `<site>/sensors/<room>/metrics`. Anything else that a device sends along is left out; null, which devices
 * send for what they do not know, counts as absent.
 */
export const sensorMetricsSchema = z
  .preprocess(withoutNulls, metricsSchema)
  .describe("what a room's sensors measure; a temperature is enough");
export type SensorMetrics = z.infer<typeof sensorMetricsSchema>;

/**
 * `<site>/<room>/valve/set`: a command. `issued_at` and `valid_until` are home time; a valve ignores a command
 * older than the last one it accepted, and falls back to its safe position after `valid_until`.
 */
export const valveCommandSchema = z
  .strictObject({
    valve_position: percent.describe("valve position to take, %"),
    planned_power: power_w.describe("electric power expected of the heating, W").optional(),
    setpoint: temperature_c
      .describe(
        "what the room is to be kept above until the next command, degrees C: heaters that are switched see to it",
      )
      .optional(),
    source: valveSourceSchema.describe("who decided"),
    sim_time: isoTimeSchema.describe("simulated time of the command").optional(),
    issued_at: isoTimeSchema.describe("home time of the command").optional(),
    valid_until: isoTimeSchema.describe("home time from which the command no longer holds").optional(),
    id: messageId.describe("the command's own name").optional(),
  })
  .describe("a command to the valve");
export type ValveCommand = z.infer<typeof valveCommandSchema>;

/** `<site>/sys/clock`: the simulated time, plain text. */
export const clockTimeSchema = isoTimeSchema.describe("the simulated time; absent in a real home");

/** `<site>/sys/status/<service>`: plain text, retained; `offline` is the last will. */
export const serviceStatusSchema = z.enum(["online", "offline"]).describe("whether a service runs");
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

/** One price from `start` (inclusive) to `end` (exclusive). */
export const rateSchema = z
  .strictObject({
    start: isoTimeSchema,
    end: isoTimeSchema,
    price: price_eur_kwh,
    period: z.enum(["peak", "off_peak"]),
    colour: tempoColourSchema
      .optional()
      .describe("colour of the Tempo day; absent where the tariff has none"),
  })
  .refine((r) => timeMsOf(r.end) > timeMsOf(r.start), { path: ["end"], error: "must be after start" });
export type Rate = z.infer<typeof rateSchema>;

/** A rate of packages/tariff as messages and points write it. */
export function rateMessage({
  startMs,
  endMs,
  price_eur_kwh,
  period,
  colour,
}: {
  readonly startMs: number;
  readonly endMs: number;
  readonly price_eur_kwh: number;
  readonly period?: "peak" | "offPeak";
  readonly colour?: NonNullable<Rate["colour"]>;
}): Rate {
  return {
    start: isoTimeOf(startMs),
    end: isoTimeOf(endMs),
    price: price_eur_kwh,
    period: period === "peak" ? "peak" : "off_peak",
    ...(colour && { colour }),
  };
}

/** A day of the tariff: for Tempo from 06:00 of `date` to 06:00 of the next, Europe/Paris. */
const tariffDaySchema = z.strictObject({
  date: isoDateSchema,
  colour: tempoColourSchema.optional().describe("absent where the tariff has none"),
  peak_price: price_eur_kwh,
  off_peak_price: price_eur_kwh,
});
export type TariffDay = z.infer<typeof tariffDaySchema>;

/** `<site>/tariff`, retained: the prices in use. */
export const tariffStateSchema = z
  .strictObject({
    issued_at: isoTimeSchema.describe("home time"),
    tariff: text(1, 100).describe("name of the tariff"),
    source: text(1, 200).describe("where colours and prices come from"),
    fallback_reason: sentence.optional().describe("why a substitute is in use; absent when none is"),
    today: tariffDaySchema.describe("the tariff's day in force: before 06:00 the one that began yesterday"),
    tomorrow: tariffDaySchema.describe("the day after it"),
    remaining_days: z
      .strictObject({
        blue: z.int().min(0).max(366),
        white: z.int().min(0).max(366),
        red: z.int().min(0).max(366),
      })
      .optional()
      .describe("days of each colour left in the season"),
    rates: list(rateSchema, 0, 500).describe(
      "prices from the start of today to the end of tomorrow, in order",
    ),
  })
  .describe("the prices in use");
export type TariffState = z.infer<typeof tariffStateSchema>;

/** `<site>/forecast`, retained: the weather expected; every array has one value a step from `start`. */
export const forecastStateSchema = sameLength(
  z.strictObject({
    issued_at: isoTimeSchema.describe("home time"),
    source: text(1, 200),
    fallback_reason: sentence.optional().describe("why a substitute is in use; absent when none is"),
    start: isoTimeSchema,
    step_s: z.number().positive().max(86_400),
    temperature: list(temperature_c, 1, maxSteps).describe("outdoor, degrees C"),
    direct_normal_irradiance: list(irradiance_w_m2, 1, maxSteps).describe("W/m2"),
    diffuse_horizontal_irradiance: list(irradiance_w_m2, 1, maxSteps).describe("W/m2"),
    cloud_cover: list(fraction, 1, maxSteps).describe("0 clear to 1 overcast"),
    solar_power: list(power_w, 1, maxSteps).optional().describe("solar gains of the building, W"),
  }),
  "temperature",
).describe("the weather expected; every list has one value a step from start");
export type ForecastState = z.infer<typeof forecastStateSchema>;

/** Asks that every array of an object, but for those of the fields `except`, has as many values as `reference`. */
export function sameLength<T extends z.ZodType<Record<string, unknown>>>(
  schema: T,
  reference: string,
  except: readonly string[] = [],
): T {
  return schema.superRefine((value, context) => {
    const wanted = (value[reference] as unknown[]).length;
    for (const [field, column] of Object.entries(value)) {
      if (Array.isArray(column) && column.length !== wanted && !except.includes(field)) {
        context.addIssue({
          code: "custom",
          path: [field],
          message: `must have ${wanted} values like ${reference}, has ${column.length}`,
          params: { length: column.length },
        });
      }
    }
  });
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}
