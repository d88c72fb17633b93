/** The question to the optimiser and its answer. */
import { z } from "zod";
import { sameLength } from "./payloads.ts";
import {
  duration_ms,
  list,
  messageId,
  percent,
  power_w,
  price_eur_kwh,
  sentence,
  temperature_c,
  text,
} from "./quantities.ts";
import { isoTimeSchema, timeMsOf } from "./time.ts";

const maxSteps = 2016; // a week of 5 minutes
const coefficient = z.number().min(-1e6).max(1e6);
const gains_w = z.number().min(-1e6).max(1e6);
const weight = z.number().min(-1e6).max(1e6);
const column = <T extends z.ZodType>(value: T) => list(value, 1, maxSteps);
const each = <T extends z.ZodType>(value: T) => z.union([value, column(value)]);

/** Structurally the `AffineStep` of packages/physics. */
const affineStep = z.strictObject({
  dtSeconds: z.number().min(1).max(86_400),
  a: coefficient,
  bq: coefficient,
  bo: coefficient,
  bs: coefficient,
  bi: coefficient,
  c: coefficient,
  dq: coefficient,
  do: coefficient,
  ds: coefficient,
  di: coefficient,
});

/** What the heat left at the end is worth; see packages/control/src/problem.ts. */
const terminalValue = z
  .strictObject({
    breakpoints_c: list(temperature_c, 1, 100),
    slopes_eur_k: list(weight, 2, 101).describe("one more than breakpoints"),
  })
  .refine((t) => t.slopes_eur_k.length === t.breakpoints_c.length + 1, {
    path: ["slopes_eur_k"],
    error: "must have one value more than breakpoints_c",
  });

/**
 * All that the optimiser needs, numbers only: structurally the `MpcProblem` of packages/control, whose symbols
 * it keeps, so that a validated message is solved as it is. Arrays have one value a step, the first being the
 * step about to begin; a plain number stands for the same value at every step.
 */
export const mpcProblemSchema = sameLength(
  z.strictObject({
    model: affineStep,
    theta_m_c: temperature_c.describe("mass temperature at the start of the first step"),
    maxPower_w: each(power_w).describe("heat, valve fully open"),
    cop: each(z.number().min(0.1).max(100)).describe("heat per electricity"),
    theta_e_c: column(temperature_c).describe("outdoor air"),
    phi_sol_w: column(power_w).describe("solar gains"),
    phi_int_w: column(gains_w).describe(
      "internal gains, and what is known of gains or losses (below 0) that the model lacks",
    ),
    price_eur_kwh: column(price_eur_kwh),
    comfort: z.strictObject({ min_c: each(temperature_c), max_c: each(temperature_c) }),
    weights: z.strictObject({ below_eur_kh: weight.min(0), above_eur_kh: weight.min(0) }),
    terminal: terminalValue,
  }),
  "price_eur_kwh",
);
export type MpcProblem = z.infer<typeof mpcProblemSchema>;

/**
 * `<site>/mpc/request`. `issued_at` and `deadline` are wall time, because solving takes wall time also where
 * the home's time runs faster; a worker drops a request past its deadline. `start` is home time.
 */
export const mpcRequestSchema = z
  .strictObject({
    id: messageId,
    issued_at: isoTimeSchema.describe("wall time"),
    deadline: isoTimeSchema.describe("wall time after which nobody waits for the answer"),
    start: isoTimeSchema.describe("home time at which the first step begins"),
    problem: mpcProblemSchema,
  })
  .refine((r) => timeMsOf(r.deadline) >= timeMsOf(r.issued_at), {
    path: ["deadline"],
    error: "must not be before issued_at",
  })
  .describe("the question to the optimiser");
export type MpcRequest = z.infer<typeof mpcRequestSchema>;

/** What every answer carries. */
const answer = {
  id: messageId.describe("id of the request"),
  worker: text(1, 100),
  solve_ms: duration_ms,
};

/** A plan; every array has one value a step. */
export const optimalPlanSchema = sameLength(
  z.strictObject({
    ...answer,
    status: z.literal("optimal"),
    objective: z.number().describe("EUR, comfort and terminal value included"),
    energy_cost: z.number().describe("EUR"),
    storage_saving: z
      .number()
      .optional()
      .describe(
        "EUR that the plan costs less than heating at each step just what the least comfort needs, heat left in the walls counted",
      ),
    discomfort_below: z
      .number()
      .min(0)
      .describe(
        "K h below the floor asked for; in GET /plan below the setpoint, without the distance kept from it",
      ),
    discomfort_above: z.number().min(0).describe("K h"),
    step_s: z.number().min(1).max(86_400),
    time: column(isoTimeSchema).describe("home time at which each step begins"),
    valve_position: column(percent),
    heating_power: column(power_w).describe("heat, W"),
    planned_power: column(power_w).describe("electricity, W"),
    temperature: column(z.number()).describe("air, mean of the step, degrees C"),
    mass_temperature: column(z.number()).describe("at the end of the step, degrees C"),
    external_temperature: column(temperature_c).describe("outdoor, degrees C"),
    electricity_price: column(price_eur_kwh),
  }),
  "time",
);
export type OptimalPlan = z.infer<typeof optimalPlanSchema>;

/** Why there is no plan. */
export const failedPlanSchema = z.strictObject({
  ...answer,
  status: z.literal("failed"),
  error: sentence,
});
export type FailedPlan = z.infer<typeof failedPlanSchema>;

/** `<site>/mpc/plan`: the answer to the request with the same id. */
export const mpcPlanSchema = z
  .discriminatedUnion("status", [optimalPlanSchema, failedPlanSchema])
  .describe("the answer to the request with the same id; every list has one value a step");
export type MpcPlan = z.infer<typeof mpcPlanSchema>;
