import { optimalPlanSchema } from "@azru/contracts";
import { solveLp, unpackProblem } from "@azru/control";
import { describe, expect, it } from "vitest";
import { planMessage } from "./plan-message.ts";
import { requestOf } from "./testing/requests.ts";

describe("the plan as a message", () => {
  const request = requestOf("winter");
  const plan = solveLp(unpackProblem(request.problem));
  const message = planMessage(request, plan, 8.5, "shed");

  it("fits its contract and answers its request", () => {
    expect(optimalPlanSchema.parse(message)).toEqual(message);
    expect(message).toMatchObject({ id: "winter", worker: "shed", solve_ms: 8.5, step_s: 900 });
  });

  it("begins each step where the one before ends, in home time", () => {
    expect(message.time).toHaveLength(96);
    expect(message.time.slice(0, 2)).toEqual(["2026-01-11T00:00:00.000Z", "2026-01-11T00:15:00.000Z"]);
    expect(message.time.at(-1)).toBe("2026-01-11T23:45:00.000Z");
  });

  it("has valve in percent, heat and the electricity that the heat takes", () => {
    const { cop } = request.problem;
    for (let k = 0; k < 96; k++) {
      expect(message.valve_position[k]).toBeCloseTo(plan.valve[k] * 100, 12);
      expect(message.heating_power[k]).toBeCloseTo(message.valve_position[k] * 45, 9);
      expect(message.planned_power[k] * (cop as number[])[k]).toBeCloseTo(message.heating_power[k], 9);
    }
    const paid = message.planned_power.reduce(
      (sum, power, k) => sum + (power / 1000) * 0.25 * message.electricity_price[k],
      0,
    );
    expect(paid).toBeGreaterThan(0.1);
    expect(message.energy_cost).toBeCloseTo(paid, 9);
  });

  it("has what looking ahead saves: before dear hours something, at one price all day nothing", () => {
    expect(message.storage_saving).toBeGreaterThan(0.2);
    expect(message.storage_saving).toBeLessThan(10);
    const price_eur_kwh = request.problem.price_eur_kwh.map(() => 0.2);
    const terminal = { breakpoints_c: [19], slopes_eur_k: [0, 0] };
    const flat = { ...request, problem: { ...request.problem, price_eur_kwh, cop: 1, terminal } };
    expect(planMessage(flat, solveLp(unpackProblem(flat.problem)), 1, "shed").storage_saving).toBeCloseTo(
      0,
      2,
    );
  });

  it("takes one coefficient of performance for all steps", () => {
    const direct = { ...request, problem: { ...request.problem, cop: 1 } };
    const { planned_power, heating_power } = planMessage(
      direct,
      solveLp(unpackProblem(direct.problem)),
      1,
      "shed",
    );
    expect(planned_power).toEqual(heating_power);
  });
});
