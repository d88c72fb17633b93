import { nextState, outputOf, type StateSpace } from "@azru/house";
import { describe, expect, test } from "vitest";
import { anticipated_c, warmUpSteps } from "./warm-up.ts";

/** Air and walls: the air follows within half an hour, the walls within days. */
const model: StateSpace = {
  dtSeconds: 900,
  A: [0.55, 0.4, 0.008, 0.988],
  b: [3e-4, 6e-6],
  E: [0.05, 0, 3e-4, 0.004, 0, 6e-6],
  c: [0.55, 0.4],
  D: 3e-4,
  F: [0.05, 0, 3e-4],
};
const outdoors = (theta_e_c: number) => ({ theta_e_c, phi_sol_w: 0, phi_int_w: 0 });

/** Steps at full heat, counted in the house itself, from where the heat that holds `from_c` has brought it. */
function livedSteps(heat_w: number, theta_e_c: number, from_c: number, to_c: number): number {
  let x: Float64Array = Float64Array.of(from_c, from_c);
  let holding_w = 0;
  for (let k = 0; k < 20_000; k++) {
    holding_w += (from_c - outputOf(model, x, holding_w, outdoors(theta_e_c))) * 20;
    x = nextState(model, x, holding_w, outdoors(theta_e_c));
  }
  for (let k = 1; ; k++) {
    if (outputOf(model, x, heat_w, outdoors(theta_e_c)) >= to_c) return k;
    x = nextState(model, x, heat_w, outdoors(theta_e_c));
  }
}

describe("the steps at full heat from one temperature to another", () => {
  test.each([
    [9000, 5, 17, 19],
    [12_000, -5, 17, 19],
    [9000, 0, 17, 20.5],
    [8000, 10, 18, 18.5],
  ])(
    "with %d W, %d degrees outside, from %d to %d are those that the house takes",
    (heat_w, theta_e_c, from_c, to_c) => {
      const steps = warmUpSteps({ model, heat_w, theta_e_c, from_c, to_c }, 1000);
      expect(steps).toBe(livedSteps(heat_w, theta_e_c, from_c, to_c));
    },
  );

  test("are more the colder it is and the weaker the heaters, and the most where they cannot do it", () => {
    const steps = (heat_w: number, theta_e_c: number) =>
      warmUpSteps({ model, heat_w, theta_e_c, from_c: 17, to_c: 20 }, 24);
    expect(steps(15_000, -8)).toBeGreaterThan(steps(15_000, 8));
    expect(steps(9000, 5)).toBeGreaterThan(steps(15_000, 5));
    expect(steps(1000, -8)).toBe(24);
  });
});

describe("what a room is kept above", () => {
  const setpoints_c = [17, 17, 17, 17, 19, 19, 22];
  const kept_c = (steps: number, theta_air_c?: number, ahead = 0) =>
    anticipated_c({ setpoints_c: setpoints_c.slice(ahead), theta_air_c, above_k: 0.5, stepsTo: () => steps });

  test("is the higher setpoint from as long before as it takes, and a step more", () => {
    expect([0, 1, 2, 3].map((ahead) => kept_c(1, undefined, ahead))).toEqual([17, 17, 19, 19]);
    expect(kept_c(3)).toBe(19);
    expect(kept_c(5)).toBe(22);
  });

  test("counts from the temperature that the room has to where it will be held", () => {
    const asked: number[][] = [];
    const stepsTo = (from_c: number, to_c: number) => {
      asked.push([from_c, to_c]);
      return 0;
    };
    anticipated_c({ setpoints_c, theta_air_c: 18.2, above_k: 0.5, stepsTo });
    anticipated_c({ setpoints_c, theta_air_c: undefined, above_k: 0.5, stepsTo });
    expect([asked[0], asked.at(-1)]).toEqual([
      [18.2, 19.5],
      [17.5, 22.5],
    ]);
  });

  test("does not fall before its time", () => {
    expect(anticipated_c({ setpoints_c: [20, 17], theta_air_c: 20, above_k: 0.5, stepsTo: () => 9 })).toBe(
      20,
    );
  });
});
