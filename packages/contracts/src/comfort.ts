/** What the people of a home ask for: setpoints, when they hold, and what holds now. */
import { z } from "zod";
import { list, roomNameSchema, sentence, temperature_c } from "./quantities.ts";
import { homeTimeSchema, isoTimeSchema } from "./time.ts";

const presetSchema = z.enum(["eco", "comfort", "boost"]);
export type Preset = z.infer<typeof presetSchema>;

/** The least temperature that somebody may ask for: between frost protection and the upper limit. */
export const presetTemperature_c = z
  .number()
  .min(5)
  .max(30)
  .describe("least temperature, of the air or the operative one, degrees C");

const presets = z
  .strictObject({ eco: presetTemperature_c, comfort: presetTemperature_c, boost: presetTemperature_c })
  .refine((p) => p.eco <= p.comfort, { path: ["eco"], error: "must not be above comfort" })
  .refine((p) => p.comfort <= p.boost, { path: ["boost"], error: "must not be below comfort" })
  .describe("setpoint of each preset, degrees C");

export const clockTimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time of day such as 06:30" })
  .describe("Europe/Paris, 00:00 to 23:59");

const scheduleEntry = z.strictObject({
  time: clockTimeOfDay,
  preset: presetSchema,
});

const scheduleDay = list(scheduleEntry, 0, 24)
  .superRefine((entries, context) => {
    entries.forEach(({ time }, i) => {
      if (i === 0 || time > entries[i - 1].time) return;
      const message = `must be later than ${entries[i - 1].time}`;
      context.addIssue({ code: "custom", path: [i, "time"], message });
    });
  })
  .describe("in order of time; each holds until the next, over midnight too");

/** From Monday on. */
export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof weekdays)[number];

export const scheduleSchema = z
  .strictObject({
    monday: scheduleDay,
    tuesday: scheduleDay,
    wednesday: scheduleDay,
    thursday: scheduleDay,
    friday: scheduleDay,
    saturday: scheduleDay,
    sunday: scheduleDay,
  })
  .refine((days) => Object.values(days).some((day) => day.length > 0), {
    error: "must have an entry on some day",
  })
  .describe("preset by day of the week and time; a day without entries goes on as the day before ended");
export type Schedule = z.infer<typeof scheduleSchema>;

export const ceiling_c = z.number().min(6).max(30);

/** How warm it may get where heat is stored for a dearer time. */
const warmestSchema = z
  .strictObject({
    day_c: ceiling_c.describe("warmest acceptable by day, degrees C"),
    night_c: ceiling_c.describe("warmest acceptable while people sleep, degrees C"),
    night_from: clockTimeOfDay,
    night_until: clockTimeOfDay,
  })
  .refine((w) => w.night_from !== w.night_until, {
    path: ["night_until"],
    error: "must differ from night_from",
  })
  .describe("warmest acceptable; when absent it stays as it is, and is the building file's at first");
export type Warmest = z.infer<typeof warmestSchema>;

/** The temperature that setpoints are of. */
export const comfortTemperatureSchema = z
  .enum(["air", "operative"])
  .describe("what is to be as warm: the air, or air and surfaces together (operative temperature)");
export type ComfortTemperature = z.infer<typeof comfortTemperatureSchema>;

/** `PUT /comfort`. */
export const comfortSettingsSchema = z
  .strictObject({
    presets_c: presets,
    away_c: presetTemperature_c
      .nullable()
      .describe("setpoint while nobody is home, degrees C; null: the eco preset"),
    vacation_c: presetTemperature_c.describe("setpoint of a vacation that does not name one, degrees C"),
    schedule: scheduleSchema,
    warmest: warmestSchema.optional(),
    of: comfortTemperatureSchema
      .optional()
      .describe(
        "what is to be as warm: the air, or air and surfaces together (operative temperature); when absent it stays as it is, and is the building file's at first",
      ),
  })
  .refine(({ presets_c, warmest }) => !warmest || warmest.day_c >= presets_c.comfort, {
    path: ["warmest", "day_c"],
    error: "must not be below presets_c.comfort",
  });
export type ComfortSettings = z.infer<typeof comfortSettingsSchema>;

const temporary = z.strictObject({
  preset: presetSchema.nullable().describe("null where a setpoint was asked for"),
  setpoint_c: presetTemperature_c,
  since: isoTimeSchema,
  until: isoTimeSchema,
});
const vacation = z.strictObject({
  from: isoTimeSchema,
  until: isoTimeSchema.describe("the return: the home is warm again by then"),
  setpoint_c: presetTemperature_c,
});
/** What was asked for in one room that is heated by itself; it holds in the place of the home's. */
const roomRequestSchema = z.strictObject({
  preset: z
    .enum([...presetSchema.options, "off"])
    .nullable()
    .describe("off: not heated but kept from 12 degrees; null where a setpoint was asked for"),
  setpoint_c: presetTemperature_c,
  since: isoTimeSchema,
  until: isoTimeSchema.nullable().describe("null: until another is said"),
});
export type RoomRequest = z.infer<typeof roomRequestSchema>;

const roomRequests = z.record(z.string(), roomRequestSchema);

/** Everything that is asked for, as it is kept. */
export const comfortRequestsSchema = z.strictObject({
  settings: comfortSettingsSchema,
  away_since: isoTimeSchema.nullable(),
  temporary: temporary.nullable(),
  vacation: vacation.nullable(),
  rooms: roomRequests.optional(),
  changed_at: isoTimeSchema,
});
export type ComfortRequests = z.infer<typeof comfortRequestsSchema>;

/** Whose word holds, the strongest first; see docs/comfort.md. */
const comfortRuleSchema = z.enum(["temporary", "vacation", "away", "schedule"]);
export type ComfortRule = z.infer<typeof comfortRuleSchema>;

/** The request in force. */
export const comfortInForceSchema = z.object({
  setpoint_c: temperature_c.describe("least temperature, degrees C"),
  rule: comfortRuleSchema.describe("whose word holds"),
  preset: presetSchema.nullable().describe("null where the setpoint is no preset's"),
  until: isoTimeSchema.nullable().describe("home time; null where no change is in sight for a week"),
  reason: sentence.describe("in words"),
});
export type ComfortInForce = z.infer<typeof comfortInForceSchema>;

/** Answer of `GET /comfort` and of everything that changes it. */
export const comfortResponseSchema = z.object({
  settings: comfortSettingsSchema,
  present: z.boolean().describe("false while nobody is home"),
  temporary: temporary
    .nullable()
    .describe("the temporary request (a preset or a setpoint for a while); null where there is none"),
  vacation: vacation.nullable().describe("the vacation under way or ahead; null when there is none"),
  rooms: roomRequests.describe("what was asked for in single rooms, by name"),
  in_force: comfortInForceSchema,
  of: comfortTemperatureSchema,
  max_c: temperature_c.describe("above it the room is too warm, degrees C"),
  ahead: list(
    z.object({
      start: isoTimeSchema,
      end: isoTimeSchema,
      setpoint_c: temperature_c,
      rule: comfortRuleSchema,
      preset: presetSchema.nullable(),
    }),
    1,
    500,
  ).describe("the comfort requests of the next 7 days, without gap or overlap"),
});
export type ComfortResponse = z.infer<typeof comfortResponseSchema>;

const duration_min = z
  .number()
  .min(1)
  .max(7 * 24 * 60)
  .optional();

/** `POST /control/preset`. */
export const controlPresetBodySchema = z.strictObject({
  preset: z.enum([...presetSchema.options, "schedule"]).describe("schedule: end the temporary request"),
  duration_min: duration_min.describe(
    "minutes; when absent boost holds for 60, the others until the schedule changes, 24 hours at most",
  ),
});
export type ControlPresetBody = z.infer<typeof controlPresetBodySchema>;

/** `POST /control/setpoint`. */
export const controlSetpointBodySchema = z.strictObject({
  setpoint_c: presetTemperature_c,
  duration_min: duration_min.describe("minutes; when absent until the schedule changes, 24 hours at most"),
});
export type ControlSetpointBody = z.infer<typeof controlSetpointBodySchema>;

/** `POST /control/room` and `<site>/control/room`. */
export const controlRoomBodySchema = z
  .strictObject({
    room: roomNameSchema.describe("one that is heated by itself"),
    mode: z
      .enum(["auto", "off"])
      .optional()
      .describe("off: not heated but kept from 12 degrees, until another is said; auto: as the home again"),
    preset: z
      .enum([...presetSchema.options, "none"])
      .optional()
      .describe("none: as the home again"),
    setpoint_c: presetTemperature_c.optional(),
    duration_min: duration_min.describe(
      "minutes; when absent boost holds for 60, the others until the room's schedule changes, 24 hours at most",
    ),
  })
  .refine(
    ({ mode, preset, setpoint_c }) =>
      [mode, preset, setpoint_c].filter((one) => one !== undefined).length === 1,
    { error: "needs one of mode, preset and setpoint_c" },
  )
  .refine(({ mode, duration_min }) => mode === undefined || duration_min === undefined, {
    path: ["duration_min"],
    error: "has no effect with mode: remove it",
  })
  .describe("comfort of one room that is heated by itself: a setpoint or preset for a while, or off");
export type ControlRoomBody = z.infer<typeof controlRoomBodySchema>;

/** `POST /control/presence`. */
export const controlPresenceBodySchema = z.strictObject({
  present: z.boolean().describe("false: nobody is home"),
});
export type ControlPresenceBody = z.infer<typeof controlPresenceBodySchema>;

/** `POST /control/vacation`. */
export const controlVacationBodySchema = z.strictObject({
  from: homeTimeSchema.optional().describe("now when absent"),
  until: homeTimeSchema.describe("the return: the home is warm again by then"),
  setpoint_c: presetTemperature_c.optional().describe("degrees C; that of the settings when absent"),
});
export type ControlVacationBody = z.infer<typeof controlVacationBodySchema>;
