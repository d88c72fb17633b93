import { prototypeHome } from "@azru/physics";
import { describe, expect, it, test } from "vitest";
import { housePhysicsOf } from "./building-physics.ts";
import { discretise, groundGains_w, lossOf_w_k } from "./discretise.ts";
import { exponential } from "./matrix.ts";
import { nextState, outputOf } from "./state-space.ts";
import { steadyState } from "./testing/steady-state.ts";
import { conductanceMatrix, type HousePhysics } from "./thermal-network.ts";

const house = housePhysicsOf({
  zone: prototypeHome,
  heating: { emission: "floorHeating", supply: "electric", maxPower_w: 4500 },
});
const onGround: HousePhysics = {
  theta_g_c: 11,
  links: [...house.links, { between: [1, 3], H_w_k: 200 }],
  nodes: [
    ...house.nodes,
    { name: "core", C_j_k: 9e6, H_e_w_k: 1, H_g_w_k: 20, heat: 0, sun: 0, internal: 0, operative: 0 },
  ],
};
const d = { theta_e_c: -3, phi_sol_w: 450, phi_int_w: 120 };

test("the exponential and its integrals of a nilpotent matrix are its polynomials", () => {
  const { exp, phi1, phi2 } = exponential([0, 8, 0, 0], 2);
  expect([...exp]).toEqual([1, 8, 0, 1].map((value) => expect.closeTo(value, 12)));
  expect([...phi1]).toEqual([1, 4, 0, 1].map((value) => expect.closeTo(value, 12)));
  expect([...phi2]).toEqual([1 / 2, 8 / 6, 0, 1 / 2].map((value) => expect.closeTo(value, 12)));
});

describe.each([
  ["a floor-heated home", house],
  ["one on the ground, of four nodes", onGround],
])("the step of %s", (_, physics) => {
  /** Runge-Kutta of a second a step. */
  function integrated(x0: readonly number[], heat_w: number, seconds: number) {
    const n = physics.nodes.length;
    const K = conductanceMatrix(physics);
    const slope = (T: readonly number[]) =>
      physics.nodes.map(({ C_j_k, H_e_w_k, H_g_w_k, heat, sun, internal }, i) => {
        const gains = heat * heat_w + sun * d.phi_sol_w + internal * d.phi_int_w;
        const boundary = H_e_w_k * d.theta_e_c + H_g_w_k * physics.theta_g_c;
        return (gains + boundary - T.reduce((sum, t, j) => sum + K[i * n + j] * t, 0)) / C_j_k;
      });
    let x = [...x0];
    let air = 0;
    for (let s = 0; s < seconds; s++) {
      const k1 = slope(x);
      const k2 = slope(x.map((v, i) => v + k1[i] / 2));
      const next = x.map((v, i) => v + k2[i]);
      air += (x[0] + next[0]) / 2 / seconds;
      x = next;
    }
    return { x, air };
  }

  it("is that of the differential equation", () => {
    const ground = { ...physics, nodes: physics.nodes.map((node) => ({ ...node, H_g_w_k: 0 })) };
    const x0 = [19, 24, 20, 17].slice(0, physics.nodes.length);
    const fine = integrated(x0, 3000, 900);
    if (physics === house) {
      const next = nextState(discretise(ground, 900), x0, 3000, d);
      expect([...next]).toEqual(fine.x.map((value) => expect.closeTo(value, 6)));
      expect(outputOf(discretise(physics, 900), x0, 3000, d)).toBeCloseTo(fine.air, 6);
    } else {
      // The ground acts on the core, which the air of the next quarter of an hour does not feel yet.
      expect(nextState(discretise(physics, 900), x0, 3000, d)[0]).toBeCloseTo(fine.x[0], 4);
    }
  });

  it("joins with itself to a longer one", () => {
    const [quarter, hour] = [discretise(physics, 900, "airAtEnd"), discretise(physics, 3600, "airAtEnd")];
    let x: Float64Array = new Float64Array(physics.nodes.length).fill(20);
    const later = nextState(hour, x, 1000, d);
    expect(outputOf(hour, x, 1000, d)).toBeCloseTo(later[0], 10);
    for (let k = 0; k < 4; k++) x = nextState(quarter, x, 1000, d);
    expect([...x]).toEqual([...later].map((value) => expect.closeTo(value, 10)));
  });

  it("rests where heat and losses are equal", () => {
    const inputs = { ...d, phi_int_w: d.phi_int_w, phi_HC_w: 1500 };
    const rest = steadyState(physics, inputs);
    const withGround = { ...d, phi_int_w: d.phi_int_w + groundGains_w(physics) };
    let x: Float64Array = new Float64Array(physics.nodes.length).fill(20);
    const step = discretise(physics, 86_400);
    for (let day = 0; day < 200; day++) x = nextState(step, x, inputs.phi_HC_w, withGround);
    expect(x[0]).toBeCloseTo(rest[0], 6);
  });
});

test("the heat loss is what the air needs a kelvin", () => {
  const noHeater = {
    ...onGround,
    nodes: onGround.nodes.map((node, i) => ({ ...node, heat: i === 0 ? 1 : 0 })),
  };
  const still = { theta_e_c: 11, phi_sol_w: 0, phi_int_w: 0 };
  const rest = steadyState(noHeater, { ...still, phi_HC_w: 500 });
  expect(rest[0] - 11).toBeCloseTo(500 / lossOf_w_k(onGround), 9);
});

test("the operative temperature lies between air and surfaces", () => {
  const step = discretise(house, 900, "operative");
  expect(outputOf(step, [20, 20, 20], 0, { theta_e_c: 20, phi_sol_w: 0, phi_int_w: 0 })).toBeCloseTo(20, 9);
  const warmWalls = outputOf(step, [18, 25, 20], 0, d);
  expect(warmWalls).toBeGreaterThan(outputOf(discretise(house, 900), [18, 25, 20], 0, d));
});

test.each<[string, Partial<HousePhysics>]>([
  ["nodes must be 1 to 4, got 0", { nodes: [] }],
  ["nodes[0].name must be air, got walls", { nodes: [house.nodes[2]] }],
  ["nodes[0].C_j_k must be > 0, got 0", { nodes: [{ ...house.nodes[0], C_j_k: 0 }], links: [] }],
  ["links[0].H_w_k must be >= 0, got -1", { links: [{ between: [0, 1], H_w_k: -1 }] }],
  ["links[0].between must be two of 3 nodes, got 0, 3", { links: [{ between: [0, 3], H_w_k: 1 }] }],
  ["theta_g_c must be finite, got NaN", { theta_g_c: Number.NaN }],
])("refuses: %s", (message, fields) => {
  expect(() => discretise({ ...house, ...fields }, 900)).toThrow(new RangeError(message));
});
