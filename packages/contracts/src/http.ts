/**
 * Bodies and answers of the HTTP API, snake_case JSON. `GET /tariff` and `GET /forecast` answer with the
 * payloads of the topics of that name.
 */
import { z } from "zod";
import { thermostatKindSchema } from "./building.ts";
import { calibrationResultSchema } from "./calibration.ts";
import { comfortInForceSchema, comfortResponseSchema, comfortTemperatureSchema } from "./comfort.ts";
import { optimalPlanSchema } from "./mpc.ts";
import { forecastStateSchema, metricsSchema, rateSchema, tariffStateSchema } from "./payloads.ts";
import {
  messageId,
  percent,
  power_w,
  roomNameSchema,
  sentence,
  temperature_c,
  valveSourceSchema,
} from "./quantities.ts";
import { seriesNames } from "./series.ts";
import { homeTimeSchema, isoTimeSchema } from "./time.ts";
import { zoneEstimateSchema } from "./zone-estimate.ts";

/** Any error: problem details, RFC 9457. */
export const problemDetailsSchema = z
  .object({
    type: z.string().describe("about:blank, or a page about the problem"),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional().describe("what to do about it"),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe("each bad field of the request"),
  })
  .describe("problem details, RFC 9457");
export type ProblemDetails = z.infer<typeof problemDetailsSchema>;

/** `GET /` for everything but browsers. */
export const welcomeResponseSchema = z.object({
  name: z.literal("Azru"),
  version: z.string(),
  site: z.string(),
  docs: z.string().describe("path of the API's documentation"),
});
export type WelcomeResponse = z.infer<typeof welcomeResponseSchema>;

/** `GET /health`: the process lives. */
export const healthResponseSchema = z.object({
  status: z.literal("ok"),
  version: z.string(),
  uptime_s: z.number().min(0),
});
export type HealthResponse = z.infer<typeof healthResponseSchema>;

/** One thing that the core depends on. */
export const dependencySchema = z.object({
  status: z.enum(["up", "degraded", "down"]),
  detail: z.string().optional().describe("what is wrong and what is used instead"),
  since: isoTimeSchema.optional(),
});
export type Dependency = z.infer<typeof dependencySchema>;

/** `GET /ready`: 200 when `ready` or `degraded` (the home is heated), 503 when not. */
export const readyResponseSchema = z.object({
  status: z.enum(["ready", "degraded", "not_ready"]),
  dependencies: z
    .record(z.string(), dependencySchema)
    .describe(
      "broker, store, mpc, weather, tariff, sensors, heating; devices while nobody commands those that set-up names; clock while the system's clock is not trusted",
    ),
});
export type ReadyResponse = z.infer<typeof readyResponseSchema>;

/** `POST /force-optimization`. */
export const forceOptimizationResponseSchema = z.object({
  status: z.enum(["started", "in_progress"]),
  request_id: messageId,
});
export type ForceOptimizationResponse = z.infer<typeof forceOptimizationResponseSchema>;

/** `POST /control/valve`: switches to manual. */
export const controlValveBodySchema = z.strictObject({
  valve_position: percent,
  duration_min: z
    .number()
    .min(1)
    .max(7 * 24 * 60)
    .optional()
    .describe("home time until automatic mode returns; the configured default when absent"),
});
export type ControlValveBody = z.infer<typeof controlValveBodySchema>;

/** `POST /control/mode`. */
export const controlModeBodySchema = z
  .strictObject({
    auto_mode: z
      .boolean()
      .optional()
      .describe("true: the optimiser decides; false: the valve stays where it is, for a while"),
    mode: z
      .enum(["auto", "thermostat", "off"])
      .optional()
      .describe("the optimiser decides; the thermostat, at the setpoint; nobody, but for frost protection"),
  })
  .superRefine(({ auto_mode, mode }, context) => {
    if ((auto_mode === undefined) !== (mode === undefined)) return;
    const message = "must not come with auto_mode";
    context.addIssue({ code: "custom", path: [mode === undefined ? "auto_mode" : "mode"], message });
  })
  .describe("either auto_mode or mode");
export type ControlModeBody = z.infer<typeof controlModeBodySchema>;

const manualCommand = z.object({ valve_position: percent, expires_at: isoTimeSchema.describe("home time") });

/** The mode in force; answer of `POST /control/valve` and `POST /control/mode`. */
export const modeStateSchema = z.object({
  mode: z
    .enum(["auto", "thermostat", "manual", "off"])
    .describe("who decides: the optimiser, the thermostat, a person, nobody but frost protection"),
  auto_mode: z.boolean(),
  manual: manualCommand.nullable().describe("null but in manual mode"),
});
export type ModeState = z.infer<typeof modeStateSchema>;

/** Answer of `POST /control/valve` and `POST /control/mode`. */
export const controlAnswerSchema = z.object({
  status: z.literal("success").describe("for clients of Azru's prototype"),
  ...modeStateSchema.shape,
});
export type ControlAnswer = z.infer<typeof controlAnswerSchema>;

/** The last command to the valves, and why. */
export const decisionSchema = z.object({
  id: messageId.describe("of the command, the request and the log lines of this decision"),
  time: isoTimeSchema.describe("home time"),
  source: valveSourceSchema,
  valve_position: percent,
  planned_power: power_w.optional().describe("electric, W"),
  plan_id: messageId.optional().describe("id of the decision whose plan is followed"),
  measured_at: isoTimeSchema.optional().describe("home time of the temperature decided on"),
  cause: sentence.describe("why a decision was due"),
  reason: sentence.describe("why this valve position, in words"),
});
export type Decision = z.infer<typeof decisionSchema>;

/** A room and how far its sensors can be trusted. */
export const roomStateSchema = z.object({
  room: roomNameSchema,
  decides: z.boolean().describe("whether its temperature counts for the heating; other rooms are shown"),
  time: isoTimeSchema.describe("home time of the last measurement"),
  age_s: z.number().min(0),
  status: z.enum(["fresh", "stale", "frozen", "implausible", "doubted"]),
  reason: sentence.optional().describe("why the reading does not count; absent where it does"),
  metrics: metricsSchema,
  habit: z
    .object({
      kind: z
        .enum(["periodic", "on_change"])
        .describe("reports by the clock; reports when the temperature changes"),
      interval_s: z.number().min(0).describe("nine of ten reports come no later after the one before, s"),
      check_in_s: z
        .number()
        .min(0)
        .optional()
        .describe("an unchanged temperature is reported after so long, s"),
      resolution: z.number().min(0).optional().describe("step of the temperatures reported, K"),
      threshold: z.number().min(0).optional().describe("smaller changes are not reported, K"),
    })
    .optional()
    .describe("how the thermometer reports, learnt from its reports; absent before there are enough"),
  window: z
    .object({
      cause: z
        .enum(["contact", "fall"])
        .describe("a contact says so; the air fell faster than a closed room's"),
      since: isoTimeSchema.describe("home time"),
      until: isoTimeSchema.optional().describe("home time from which the room is heated again"),
    })
    .optional()
    .describe("an open window: the room is not heated meanwhile, and nothing is learnt"),
  heating: z
    .object({
      setpoint: temperature_c.describe(
        "least air temperature asked for, degrees C; of what is coming where the room is warmed for it already",
      ),
      max: temperature_c.describe("above it the room gets no heat, degrees C"),
      off: z.boolean().describe("the room is off now, and kept from 12 degrees"),
      target: temperature_c.optional().describe("least air temperature asked for now, degrees C"),
      valve_position: percent.describe("last command to the room's heaters, %"),
      power: power_w.describe("heat of all its heaters together, W"),
    })
    .optional()
    .describe("of a room of the rooms file, once decided on; other rooms are shown only"),
});
export type RoomState = z.infer<typeof roomStateSchema>;

/** An input of the decision: where it comes from. */
export const inputStateSchema = z.object({
  source: z.string(),
  issued_at: isoTimeSchema.optional(),
  fallback_reason: sentence.optional().describe("why a substitute is in use; absent when none is"),
  warning: sentence
    .optional()
    .describe("what is used and cannot be right: colours against the rules of Tempo, day by day"),
});
export type InputState = z.infer<typeof inputStateSchema>;

/** What kind of source gives the weather. */
const weatherKindSchema = z.enum(["reference_year", "scenario", "epw_file", "open_meteo"]);
export type WeatherKind = z.infer<typeof weatherKindSchema>;

const weatherInputSchema = inputStateSchema.extend({
  kind: weatherKindSchema,
  fallback: z
    .object({
      cause: z
        .enum(["failed", "not_yet", "too_short"])
        .describe("the source failed; it has not answered yet; what it knows ends within the plan"),
      reference_year_from: isoTimeSchema
        .optional()
        .describe("home time; before it older weather of the source is in use, after it the reference year"),
    })
    .optional()
    .describe("fallback_reason for programs"),
});
export type WeatherFallback = NonNullable<z.infer<typeof weatherInputSchema>["fallback"]>;

/** What kind of source gives the tariff. */
const tariffKindSchema = z
  .enum(["fixed", "published", "file", "pushed", "allotted", "rules"])
  .describe(
    "fixed prices; colours as published; a file of colours or prices; prices pushed at run time; colours allotted from the weather; no colours yet",
  );
export type TariffKind = z.infer<typeof tariffKindSchema>;

const tariffFallbackCauseSchema = z
  .enum(["failed", "not_yet", "incomplete"])
  .describe("the source failed; it has not answered yet; something was missing in its answer");
export type TariffFallbackCause = z.infer<typeof tariffFallbackCauseSchema>;

const tariffInputSchema = inputStateSchema.extend({
  kind: tariffKindSchema,
  fallback: z
    .object({ cause: tariffFallbackCauseSchema })
    .optional()
    .describe("fallback_reason for programs"),
});

const fallbackCauseSchema = z
  .enum([
    "mpc_offline",
    "mpc_timeout",
    "mpc_failed",
    "bad_plan",
    "broker_away",
    "no_temperature",
    "no_time",
    "error",
    "frost",
    "upper",
    "doubt",
    "worse_plan",
  ])
  .describe(
    "why the optimiser does not decide; frost and upper: a limit overrules whoever decides; doubt: what is measured cannot be, and the model of the house bounds the heat; worse_plan: by the model of the house the plan is worse than the thermostat",
  );
/** Why the optimiser did not decide. */
export type FallbackCause = z.infer<typeof fallbackCauseSchema>;

const insteadSchema = z
  .enum(["plan", "thermostat", "holding"])
  .describe("the last plan is followed; the thermostat decides; the valve holds the least comfort unseen");
/** What decides while the optimiser does not. */
export type Instead = z.infer<typeof insteadSchema>;

/** Which model of the house is in use, and what came of the last calibration; more at `GET /calibration`. */
const modelStateSchema = z.object({
  source: z.enum(["file", "calibrated"]).describe("the building file, or what the history corrected of it"),
  calibrated_at: isoTimeSchema.optional().describe("home time"),
  rmse_before: z.number().min(0).optional().describe("K, a day ahead on held-out days, before"),
  rmse_after: z.number().min(0).optional().describe("K, on the same days, of the model in use"),
  last_calibration: calibrationResultSchema
    .nullable()
    .describe("since the core's start; null where there was none"),
  standing: z
    .object({
      trusted: z
        .boolean()
        .describe("whether the optimiser decides; else a thermostat with the Tempo rule does"),
      reason: sentence,
    })
    .optional()
    .describe(
      "whether the model has proved itself on this home's days; absent for the 5R1C zone, which is taken as it is",
    ),
});
export type ModelState = z.infer<typeof modelStateSchema>;

const spentSchema = z.object({
  cost: z.number().describe("EUR"),
  baseline_cost: z.number().describe("EUR, what the thermostat alone would have cost"),
});

const costAheadSchema = z.object({
  cost: z.number().describe("EUR"),
  unknown_from: isoTimeSchema
    .nullable()
    .describe(
      "from here on the tariff's colour is not known: the price is the mean over the colours that may come; null where all are known",
    ),
});

/** `GET /state`. */
export const stateResponseSchema = z.object({
  site: z.string(),
  time: isoTimeSchema.describe("home time"),
  simulated: z.boolean().describe("true when home time is that of the twin"),
  clock_problem: sentence
    .optional()
    .describe("why home time is not what the system's clock says; absent where it is"),
  other_core: z
    .object({ since: isoTimeSchema.describe("system's time"), reason: sentence })
    .optional()
    .describe(
      "another core of the same site has taken this one's place on the broker; absent where none has",
    ),
  ...modeStateSchema.shape,
  decision: decisionSchema.nullable().describe("null before the first"),
  next_decision_at: isoTimeSchema.describe("home time"),
  failsafe: z
    .object({
      active: z.boolean(),
      reason: sentence.optional(),
      since: isoTimeSchema.optional(),
      cause: fallbackCauseSchema.optional(),
      instead: insteadSchema.optional(),
      plan_from: isoTimeSchema.optional().describe("beginning of the plan that is followed"),
    })
    .describe("active when neither optimiser nor plan decides"),
  rooms: z.array(roomStateSchema),
  heating: z
    .object({
      status: z.enum(["ok", "not_heating", "not_stopping"]),
      reason: sentence.optional().describe("what is wrong, in words; absent where nothing is"),
      since: isoTimeSchema.optional(),
      measured: temperature_c.optional().describe("degrees C, in the last step"),
      expected: temperature_c
        .optional()
        .describe("degrees C, by the model of the house and the heat ordered"),
      felt: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          "share of the heat ordered that is felt, where heat is missing and some was ordered lately",
        ),
    })
    .describe("whether the heating does what it is ordered to do, judged by the model of the house"),
  model: modelStateSchema,
  estimate: z
    .object({
      temperature: temperature_c,
      ...zoneEstimateSchema.shape,
      heat_capacity: z.number().min(0).describe("kWh that lift the walls by a kelvin"),
    })
    .nullable()
    .describe("what the controller takes the home's state to be; null before the first measurement"),
  comfort: z
    .object({
      min: temperature_c.describe("the setpoint in force"),
      max: temperature_c,
      margin: z
        .number()
        .min(0)
        .describe(
          "K that plans keep above min now, because sensors and forecasts err; comfort is judged by min",
        ),
      ...comfortInForceSchema.shape,
      of: comfortTemperatureSchema,
    })
    .describe("the band in force, degrees C, and who asked for it"),
  rate: rateSchema.nullable().describe("the price in force"),
  inputs: z.object({
    temperature: inputStateSchema,
    weather: weatherInputSchema,
    tariff: tariffInputSchema,
  }),
  savings: z
    .object({
      since: isoTimeSchema,
      against: z
        .object({
          thermostat: thermostatKindSchema,
          on_c: temperature_c.describe("heats below it, or holds it where it is electronic, degrees C"),
          off_c: temperature_c.optional().describe("heats until it, degrees C; absent of an electronic one"),
          house: z
            .enum(["zone", "states"])
            .describe("the model that it heats: the 5R1C zone, or the house of several states"),
        })
        .describe(
          "the thermostat that the home had, simulated in the house that plans are made with; its temperatures follow the setpoint unless it is a constant one",
        ),
      hours: z
        .number()
        .describe("how much of the time since then is counted: that in which both costs are known"),
      cost: z.number().describe("EUR"),
      baseline_cost: z.number().describe("EUR, what the thermostat alone would have cost"),
      baseline_heat: z.number().describe("kWh of heat that the thermostat would have given"),
      walls_heat: z.number().describe("kWh that the walls hold more now than the thermostat's would"),
      walls_value: z
        .number()
        .describe(
          "EUR, that heat at what a kWh of heat cost the thermostat, or costs now where it has not heated yet",
        ),
      saved: z.number().describe("EUR: baseline_cost - cost + walls_value"),
      today: spentSchema.describe("since midnight, Europe/Paris"),
      month: spentSchema.describe("since the first of the month, Europe/Paris"),
    })
    .nullable(),
  expected_cost: z
    .object({
      rest_of_today: costAheadSchema.describe("until midnight, Europe/Paris"),
      tomorrow: costAheadSchema.describe("from midnight to midnight, Europe/Paris"),
      plan_until: isoTimeSchema.describe(
        "end of the plan; what comes later is counted as heating at each step just what the least comfort needs",
      ),
    })
    .nullable()
    .describe("of heating as planned; null while no plan is followed"),
});
export type StateResponse = z.infer<typeof stateResponseSchema>;

/** `GET /plan`: the last plan and when it was asked for; 404 before the first. */
export const planResponseSchema = z.object({
  requested_at: isoTimeSchema.describe("home time"),
  plan: optimalPlanSchema,
});
export type PlanResponse = z.infer<typeof planResponseSchema>;

/** Query of `GET /plan/lower-ceiling`. */
export const lowerCeilingQuerySchema = z.strictObject({
  by: z.coerce.number().min(0.5).max(10).default(1).describe("how much lower the ceiling is, K"),
});

/** `GET /plan/lower-ceiling`: a second plan of the optimiser, beside the last one; 404 before the first. */
export const lowerCeilingResponseSchema = z.object({
  plan_id: messageId.describe("the last plan, which the cost is against"),
  start: isoTimeSchema.describe("home time at which both plans begin"),
  end: isoTimeSchema.describe("home time at which both plans end"),
  by: z.number().describe("how much lower the ceiling is, K; it stays above the least comfort"),
  cost: z
    .number()
    .describe(
      "EUR that the plan with the lower ceiling costs more, heat left in the walls at the end counted",
    ),
  warmest: z
    .object({ temperature: z.number().describe("air, degrees C"), time: isoTimeSchema.describe("home time") })
    .describe("the warmest step of the plan with the lower ceiling"),
});
export type LowerCeilingResponse = z.infer<typeof lowerCeilingResponseSchema>;

const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const durationText = /^(\d{1,6})([smhdw])$/;

/** Seconds of a duration such as `30s`, `15m`, `6h`, `7d` or `2w`; undefined where it is none. */
function durationSeconds(duration: string): number | undefined {
  const [, count, unit] = durationText.exec(duration) ?? [];
  return count === undefined ? undefined : Number(count) * units[unit as keyof typeof units];
}

/** A duration such as `15m`; becomes its number of seconds. */
const duration = z.string().transform((text, context) => {
  const seconds = durationSeconds(text);
  if (seconds === undefined || seconds === 0) {
    context.addIssue({ code: "custom", message: "must be a duration such as 30s, 15m, 6h, 7d or 2w" });
    return z.NEVER;
  }
  return seconds;
});

const instant = z
  .string()
  .refine(
    (text) => homeTimeSchema.safeParse(text).success || durationSeconds(text.replace(/^-/, "")) !== undefined,
    {
      error:
        "must be a time such as 2026-02-01T06:00 (Europe/Paris) or 2026-02-01T06:00:00Z, a day, or a duration before now such as -24h",
    },
  )
  .describe("a day or a time, in Europe/Paris where it has no offset; or a duration before now such as -24h");

/**
 * `GET /history`. `series` is a measurement or one field of it, `sensors` or `sensors.temperature`. `start`
 * and `stop` are instants, in Europe/Paris where they have no offset, or durations before now; resolve them with `historyRange`. Without `every` the
 * points come as they are stored.
 */
export const historyQuerySchema = z.strictObject({
  series: z
    .string()
    .regex(new RegExp(`^(${seriesNames.join("|")})(\\.[a-z_]{1,64})?$`), {
      error: `must be one of ${seriesNames.join(", ")}, or a field such as sensors.temperature`,
    })
    .default("sensors"),
  start: instant.default("-24h"),
  stop: instant.optional().describe("now when absent"),
  every: duration.optional().describe("length of the windows that points are averaged over"),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/**
 * The instants that a query means; a duration that reaches back beyond 1970 means since 1970.
 *
 * @param nowMs home time, Unix ms
 * @param instantMs reads an instant: `parseHomeTime` of packages/runtime
 * @throws RangeError when `stop` is not after `start`, or a time is one that spring skips
 */
export function historyRange(
  query: HistoryQuery,
  nowMs: number,
  instantMs: (text: string) => number,
): { startMs: number; stopMs: number } {
  const resolve = (field: "start" | "stop", text: string) => {
    const seconds = durationSeconds(text.replace(/^-/, ""));
    if (seconds !== undefined) return Math.max(0, nowMs - seconds * 1000);
    try {
      return instantMs(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(`${field} ${error.message}, got ${text}`, { cause: error });
    }
  };
  const startMs = resolve("start", query.start);
  const stopMs = query.stop === undefined ? nowMs : resolve("stop", query.stop);
  if (!(stopMs > startMs)) {
    throw new RangeError(`stop must be after start, got start ${query.start}, stop ${query.stop ?? "now"}`);
  }
  return { startMs, stopMs };
}

/** Answer of `GET /history`: one column per field and set of tags. */
export const historyResponseSchema = z.object({
  measurement: z.enum(seriesNames),
  start: isoTimeSchema,
  stop: isoTimeSchema,
  every_s: z.number().positive().nullable(),
  columns: z.array(
    z.object({
      field: z.string(),
      unit: z.string(),
      tags: z.record(z.string(), z.string()),
      time: z.array(isoTimeSchema),
      value: z.array(z.union([z.number(), z.string(), z.boolean()])),
    }),
  ),
});
export type HistoryResponse = z.infer<typeof historyResponseSchema>;

/** `GET /events`: name and data of each server-sent event. */
export const serverEvents = {
  state: stateResponseSchema,
  measurement: z.object({ room: roomNameSchema, time: isoTimeSchema, metrics: metricsSchema }),
  decision: decisionSchema,
  plan: planResponseSchema,
  tariff: tariffStateSchema,
  forecast: forecastStateSchema,
  mode: modeStateSchema,
  comfort: comfortResponseSchema,
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent = {
  [Name in ServerEventName]: { readonly event: Name; readonly data: z.infer<(typeof serverEvents)[Name]> };
}[ServerEventName];
