import { z } from "zod";
import { temperature_c } from "./quantities.ts";

/** What nobody measures of a home, as the core estimates it. */
export const zoneEstimateSchema = z.object({
  mass_temperature: temperature_c.describe("degrees C, of the building's mass"),
  operative_temperature: temperature_c
    .optional()
    .describe("degrees C, of air and surfaces together, by the model; absent before the first step"),
  mass_temperature_sd: z.number().min(0).describe("K, standard deviation"),
  unknown_gains: z.number().describe("W, heat that the model does not know; losses below 0"),
  unknown_gains_sd: z.number().min(0).describe("W, standard deviation"),
  sensor_noise: z.number().min(0).describe("K, standard deviation that the air's sensor is found to err by"),
  outdoor_error: z
    .number()
    .optional()
    .describe(
      "K, outdoor temperature measured in the step just past less what was foreseen; absent where nobody measured it",
    ),
  heating_fault: z
    .number()
    .optional()
    .describe(
      "1 while heat is ordered and not felt, 2 while it is felt and was not ordered; absent where neither",
    ),
});
export type ZoneEstimate = z.infer<typeof zoneEstimateSchema>;
