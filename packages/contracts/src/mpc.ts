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
import { maxSteps } from "./steps.ts";
import { isoTimeSchema, timeMsOf } from "./time.ts";

const coefficient = z.number().min(-1e6).max(1e6);
const gains_w = z.number().min(-1e6).max(1e6);
const weight = z.number().min(-1e6).max(1e6);
const column = <T extends z.ZodType>(value: T) => list(value, 1, maxSteps);
const each = <T extends z.ZodType>(value: T) => z.union([value, column(value)]);

const largestOrder = 4;
const states = (order: number) => list(coefficient, order, order);

/** Structurally the `StateSpace` of packages/house: a house of 1 to 4 states. */
const stateSpace = z
  .strictObject({
    dtSeconds: z.number().min(1).max(86_400),
    A: list(coefficient, 1, largestOrder ** 2).describe("n x n, row by row"),
    b: list(coefficient, 1, largestOrder),
    E: list(coefficient, 3, 3 * largestOrder).describe("n x 3, row by row: outdoor air, sun, internal gains"),
    c: list(coefficient, 1, largestOrder),
    D: coefficient,
    F: states(3),
  })
  .refine(
    ({ A, b, E, c }) => A.length === b.length ** 2 && E.length === 3 * b.length && c.length === b.length,
    {
      path: ["A"],
      error: "A, b, E and c must be of one number of states",
    },
  );

/** A publication of colours; structurally the `PackedBranches` of packages/control. */
const publication = z.strictObject({
  step: z.number().int().min(0).max(maxSteps),
  branches: list(
    z.strictObject({
      probability: z.number().min(0).max(1),
      price_eur_kwh: column(price_eur_kwh),
      after: z.number().int().min(1).max(99).optional().describe("index of the publication that follows"),
    }),
    1,
    10,
  ),
});

/** What the heat left at the end is worth; see packages/control/src/problem.ts. */
const terminalValue = z
  .strictObject({
    weights: list(z.number().min(0).max(1), 1, largestOrder)
      .optional()
      .describe("of each state in the temperature that is valued; absent for a house of one state"),
    breakpoints_c: list(temperature_c, 1, 100),
    slopes_eur_k: list(weight, 2, 101).describe("one more than breakpoints"),
  })
  .refine((t) => t.slopes_eur_k.length === t.breakpoints_c.length + 1, {
    path: ["slopes_eur_k"],
    error: "must have one value more than breakpoints_c",
  });

/**
 * All that the optimiser needs, numbers only: structurally the `PackedProblem` of packages/control, whose symbols
 * it keeps. Arrays have one value a step, the first being the
 * step about to begin; a plain number stands for the same value at every step.
 */
const mpcProblemSchema = sameLength(
  z.strictObject({
    model: stateSpace,
    x_c: list(temperature_c, 1, largestOrder).describe(
      "states of the model at the start of the first step; the mass temperature of a 5R1C zone",
    ),
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
    surprise_k: list(z.number().min(-100).max(100), 1, largestOrder * maxSteps)
      .optional()
      .describe("what one standard deviation moves each state by when a step begins; n values a step"),
    colours: list(publication, 1, 100)
      .optional()
      .describe("what prices may turn out to be, the first publication first"),
  }),
  "price_eur_kwh",
  ["x_c", "surprise_k", "colours"],
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
    temperature: column(z.number()).describe(
      "degrees C, of the air; in the optimiser's answer what the model's output is, which is the operative temperature where comfort is asked of it",
    ),
    operative_temperature: column(z.number())
      .optional()
      .describe("of air and surfaces together, mean of the step, degrees C; added by the core"),
    mass_temperature: column(z.number()).describe("at the end of the step, degrees C"),
    external_temperature: column(temperature_c).describe("outdoor, degrees C"),
    electricity_price: column(price_eur_kwh),
  }),
  "time",
);
export type OptimalPlan = z.infer<typeof optimalPlanSchema>;

/** Why there is no plan. */
const failedPlanSchema = z.strictObject({
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
