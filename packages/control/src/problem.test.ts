import { describe, expect, test } from "vitest";
import { InvalidProblemError, type MpcProblem, validateProblem } from "./problem.ts";
import { randomProblem } from "./testing/random-problem.ts";

const steps = 24;
const problem: MpcProblem = { ...randomProblem(1, steps), comfort: { min_c: 19, max_c: 28 } };

/** The error of a problem with some fields changed. */
function errorOf(changes: Partial<MpcProblem>): InvalidProblemError {
  try {
    validateProblem({ ...problem, ...changes });
  } catch (error) {
    if (error instanceof InvalidProblemError) return error;
    throw error;
  }
  throw new Error("the problem was found valid");
}

const series = (index: number, value: number) =>
  Array.from({ length: steps }, (_, k) => (k === index ? value : 1));

test("accepts arrays and plain numbers", () => {
  validateProblem(problem);
  validateProblem({ ...problem, cop: series(0, 2), maxPower_w: series(0, 0) });
});

describe("names the field and the value", () => {
  test.each(["theta_e_c", "phi_sol_w", "phi_int_w", "price_eur_kwh", "maxPower_w", "cop"] as const)(
    "%s",
    (field) => {
      const nan = errorOf({ [field]: series(5, Number.NaN) });
      expect(nan.field).toBe(`${field}[5]`);
      expect(nan.value).toBeNaN();
      expect(nan.message).toContain(`${field}[5] must be`);
      expect(nan.message).toContain("got NaN");
      expect(errorOf({ [field]: series(0, Number.POSITIVE_INFINITY) }).field).toBe(`${field}[0]`);
      if (field !== "price_eur_kwh") {
        const short = errorOf({ [field]: series(0, 1).slice(1) });
        expect(short.message).toBe(`${field}.length must be 24, the horizon, got 23`);
      }
    },
  );

  test.each([
    ["price_eur_kwh.length", { price_eur_kwh: [] }, 0],
    ["x_c[0]", { x_c: [Number.NaN] }, Number.NaN],
    ["x_c.length", { x_c: [20, 20] }, 2],
    ["maxPower_w", { maxPower_w: -1 }, -1],
    ["maxPower_w[3]", { maxPower_w: series(3, -5) }, -5],
    ["cop", { cop: 0 }, 0],
    ["model.b[0]", { model: { ...problem.model, b: [-1e-6] } }, -1e-6],
    ["model.D", { model: { ...problem.model, D: 0 } }, 0],
    ["model.A[0]", { model: { ...problem.model, A: [Number.NaN] } }, Number.NaN],
    ["model.E.length", { model: { ...problem.model, E: [1] } }, 1],
    ["model.b.length", { model: { ...problem.model, b: [1, 1, 1, 1, 1] } }, 5],
    ["model.dtSeconds", { model: { ...problem.model, dtSeconds: 0 } }, 0],
    ["comfort.min_c[0]", { comfort: { min_c: 29, max_c: 28 } }, 29],
    ["comfort.min_c[7]", { comfort: { min_c: series(7, 3), max_c: 2 } }, 3],
    ["comfort.max_c.length", { comfort: { min_c: 0, max_c: [] } }, 0],
    ["weights.below_eur_kh", { weights: { below_eur_kh: -1, above_eur_kh: 1 } }, -1],
    ["weights.above_eur_kh", { weights: { below_eur_kh: 1, above_eur_kh: Number.NaN } }, Number.NaN],
    ["terminal.breakpoints_c.length", { terminal: { breakpoints_c: [], slopes_eur_k: [1] } }, 0],
    ["terminal.breakpoints_c[1]", { terminal: { breakpoints_c: [2, 2], slopes_eur_k: [1, 1, 1] } }, 2],
    ["terminal.slopes_eur_k.length", { terminal: { breakpoints_c: [2], slopes_eur_k: [1] } }, 1],
    ["terminal.slopes_eur_k[1]", { terminal: { breakpoints_c: [2], slopes_eur_k: [1, 2] } }, 2],
  ] satisfies [string, Partial<MpcProblem>, number][])("%s", (field, changes, value) => {
    const error = errorOf(changes);
    expect(error.field).toBe(field);
    expect(error.value).toBe(value);
    expect(error.message).toContain(`got ${value}`);
    expect(error.message).not.toContain("\n");
  });
});
