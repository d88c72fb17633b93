/** What was learnt of the house: `GET /calibration`, and what asks for more. */
import { z } from "zod";
import { sentence } from "./quantities.ts";
import { isoTimeSchema } from "./time.ts";

/** A quantity of the house, by two models of it. */
export const calibrationParameterSchema = z.object({
  name: z.enum([
    "thermal_capacitance",
    "walls_u_value",
    "air_exchange",
    "solar_aperture",
    "heater_power",
    "internal_gains",
    "heat_loss",
  ]),
  unit: z.string(),
  before: z.number(),
  after: z.number(),
  low: z.number().optional().describe("lower end of the 95 % interval of `after`, where it is known"),
  high: z.number().optional().describe("its upper end"),
});
export type CalibrationParameter = z.infer<typeof calibrationParameterSchema>;

const rmseBefore = z
  .number()
  .min(0)
  .optional()
  .describe("K, error of prediction a day ahead on held-out days, of the model in use before");
const rmseAfter = z.number().min(0).optional().describe("K, on the same days, of what was learnt");

/** What came of a calibration. */
export const calibrationResultSchema = z.object({
  time: isoTimeSchema.describe("home time"),
  outcome: z.enum(["accepted", "refused", "failed"]),
  reason: sentence,
  rmse_before: rmseBefore,
  rmse_after: rmseAfter,
});
export type CalibrationResult = z.infer<typeof calibrationResultSchema>;

/** `GET /calibration`. */
export const calibrationResponseSchema = z.object({
  mode: z
    .enum(["nightly", "paused", "off"])
    .describe("paused: somebody went back to the building file; off: AZRU_CALIBRATE is not nightly"),
  running: z.boolean().describe("whether the house is being learnt right now"),
  model: z.object({
    source: z.enum(["file", "calibrated"]).describe("the building file, or what the history corrected of it"),
    since: isoTimeSchema
      .nullable()
      .describe("when the model was learnt, or somebody went back to the building file; home time"),
    reason: sentence.describe("why this model is in force"),
    rmse_before: rmseBefore,
    rmse_after: rmseAfter,
    parameters: z.array(calibrationParameterSchema).describe("before: of the building file; after: in force"),
  }),
  next: z
    .enum(["file", "calibrated"])
    .nullable()
    .describe("the model that comes into force with the next decision; null where the same stays"),
  last: calibrationResultSchema
    .extend({
      parameters: z
        .array(calibrationParameterSchema)
        .describe("what the history showed; before: of the model in use then"),
    })
    .nullable()
    .describe("the last calibration since the core's start; null where there was none"),
});
export type CalibrationResponse = z.infer<typeof calibrationResponseSchema>;

/** `POST /calibration`. */
export const calibrationStartSchema = z.object({ status: z.enum(["started", "in_progress"]) });
export type CalibrationStart = z.infer<typeof calibrationStartSchema>;
