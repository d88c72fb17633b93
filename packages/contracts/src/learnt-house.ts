/** A house as it was learnt from its history, as a building file carries it. */
import { z } from "zod";

const finite = z.number();
const quantity = z.number().min(0);
const positive = z.number().positive();

const nodeSchema = z.strictObject({
  name: z.enum(["air", "emitter", "walls", "core"]),
  C_j_k: positive.describe("heat capacity, J/K"),
  H_e_w_k: quantity.describe("conductance to outdoor air, W/K"),
  H_g_w_k: quantity.describe("conductance to the ground, W/K"),
  heat: quantity.describe("share of the heater's heat that enters here"),
  sun: quantity.describe("share of the sun through the windows"),
  internal: quantity.describe("share of internal gains"),
  operative: quantity.describe("weight in the operative temperature"),
});

const houseSchema = z.strictObject({
  physics: z.strictObject({
    nodes: z.array(nodeSchema).min(1).max(4),
    links: z
      .array(z.strictObject({ between: z.tuple([z.int().min(0), z.int().min(0)]), H_w_k: quantity }))
      .max(6),
    theta_g_c: finite.describe("ground, degrees C"),
  }),
  aperture: quantity.describe("factor on the sun through the windows of this file"),
  heaterPower_w: positive.describe("heat with the valve open"),
  gains_w: finite.describe("people and things, mean of a day"),
  rhythm_w: z.array(finite).max(6).describe("their cosines and sines of 24, 12 and 8 h"),
});

/** Structurally the `LearntHouse` of packages/identification. */
export const learntHouseSchema = z.strictObject({
  house: houseSchema,
  noise: z.strictObject({
    sensor_k: positive,
    process_k_sqrth: quantity,
    gains_w: quantity,
    gainsLast_h: positive,
    habits_w: quantity.optional(), // absent in files of earlier versions
  }),
  form: z.string().max(100),
  heatLoss_w_k: z
    .strictObject({ value: quantity, low: quantity, high: quantity })
    .describe("watts a kelvin between indoor and outdoor air, the ground included; 95 % interval"),
  record: z.strictObject({
    meanSquares_k2: z.array(quantity).max(200),
    days: z.array(quantity).max(200),
  }),
});
