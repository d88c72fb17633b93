import { expect, test } from "vitest";
import { discretise } from "../discretise.ts";
import { nextState } from "../state-space.ts";
import type { HousePhysics } from "../thermal-network.ts";
import { discretiseRooms } from "./room-network.ts";
import { steadyState } from "./steady-state.ts";

const room = (H_e_w_k: number): HousePhysics => ({
  nodes: [
    { name: "air", C_j_k: 4e5, H_e_w_k, H_g_w_k: 0, heat: 0.8, sun: 0.3, internal: 0.6, operative: 0.5 },
    {
      name: "walls",
      C_j_k: 4e6,
      H_e_w_k: 12,
      H_g_w_k: 2,
      heat: 0.2,
      sun: 0.7,
      internal: 0.4,
      operative: 0.5,
    },
  ],
  links: [{ between: [0, 1], H_w_k: 120 }],
  theta_g_c: 12,
});

const forces = { theta_e_c: 2, phi_HC_w: [900, 0], phi_sol_w: [100, 50], phi_int_w: [60, 40] };

test("rooms without a link are the houses that they are by themselves", () => {
  const two = discretiseRooms({ rooms: [room(10), room(25)], links: [] }, 60);
  expect(two.air).toEqual([0, 2]);
  const x_c = [20, 19, 17, 18];
  const next = two.next(x_c, forces);
  for (const [i, physics] of [room(10), room(25)].entries()) {
    const alone = discretise({ ...physics, theta_g_c: 0 }, 60);
    const ground_k = nextState(discretise(physics, 60), [0, 0], 0, {
      theta_e_c: 0,
      phi_sol_w: 0,
      phi_int_w: 0,
    });
    expect(ground_k).toEqual(new Float64Array(2)); // the ground is no disturbance of a house: compare without it
    const own = nextState(alone, x_c.slice(2 * i, 2 * i + 2), forces.phi_HC_w[i], {
      theta_e_c: 2,
      phi_sol_w: forces.phi_sol_w[i],
      phi_int_w: forces.phi_int_w[i],
    });
    const withoutGround = discretiseRooms({ rooms: [{ ...physics, theta_g_c: 0 }], links: [] }, 60).next(
      x_c.slice(2 * i, 2 * i + 2),
      {
        theta_e_c: 2,
        phi_HC_w: [forces.phi_HC_w[i]],
        phi_sol_w: [forces.phi_sol_w[i]],
        phi_int_w: [forces.phi_int_w[i]],
      },
    );
    expect(withoutGround[0]).toBeCloseTo(own[0], 10);
    expect(next[2 * i]).toBeGreaterThan(withoutGround[0]);
  }
});

test("a steady state is kept, and heat that leaves one room enters the other", () => {
  const alike = room(15);
  const steady = steadyState(alike, { phi_HC_w: 500, theta_e_c: 2, phi_sol_w: 0, phi_int_w: 0 });
  const both = { theta_e_c: 2, phi_HC_w: [500, 500], phi_sol_w: [0, 0], phi_int_w: [0, 0] };
  const joined = discretiseRooms({ rooms: [alike, alike], links: [{ between: [0, 1], H_w_k: 50 }] }, 900);
  const kept = joined.next([...steady, ...steady], both);
  for (const i of [0, 1, 2, 3]) expect(kept[i]).toBeCloseTo(steady[i % 2], 9);

  const isolated = [1e-9, 1e-9].map((H_e_w_k): HousePhysics => {
    const [air] = room(H_e_w_k).nodes;
    return { nodes: [{ ...air, heat: 1 }], links: [], theta_g_c: 0 };
  });
  const exchange = discretiseRooms({ rooms: isolated, links: [{ between: [0, 1], H_w_k: 50 }] }, 3600);
  const nothing = { theta_e_c: 0, phi_HC_w: [0, 0], phi_sol_w: [0, 0], phi_int_w: [0, 0] };
  const [a, b] = exchange.next([22, 18], nothing);
  expect(a + b).toBeCloseTo(40, 6);
  expect(a - b).toBeCloseTo(4 * Math.exp((-2 * 50 * 3600) / 4e5), 6);
});

test("names what is wrong with a link", () => {
  const rooms = [room(10), room(10)];
  expect(() => discretiseRooms({ rooms, links: [{ between: [0, 2], H_w_k: 5 }] }, 60)).toThrow(
    "links[0].between must be two of 2 rooms, got 0, 2",
  );
  expect(() => discretiseRooms({ rooms, links: [{ between: [0, 1], H_w_k: -5 }] }, 60)).toThrow(
    "links[0].H_w_k must be >= 0, got -5",
  );
});
