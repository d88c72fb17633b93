/** What a plan must look like at the edges, whatever finds it. */
import { stateSpaceOf } from "@azru/house";
import { affineStep, buildingClasses, createZone, emissionSystems } from "@azru/physics";
import { expect, test } from "vitest";
import { solveExact } from "./exact.ts";
import { solveLp } from "./lp.ts";
import type { MpcProblem } from "./problem.ts";

const zone = createZone({
  floorArea_m2: 45,
  wallsArea_m2: 60,
  windowsArea_m2: 8,
  roomVolume_m3: 112,
  totalInternalArea_m2: 200,
  uWalls_w_m2k: 0.4,
  uWindows_w_m2k: 1.4,
  ventilation_ach: 0.5,
  infiltration_ach: 0.2,
  ventilationEfficiency: 0.3,
  thermalCapacitance_j_m2k: buildingClasses.light,
});
const steps = 96;
const constant = (value: number) => new Float64Array(steps).fill(value);

/** A winter's day at a constant price, with what a test changes about it. */
function winterDay(changes: Partial<MpcProblem> = {}): MpcProblem {
  return {
    model: stateSpaceOf(affineStep(zone, emissionSystems.floorHeating, 900)),
    x_c: [20],
    maxPower_w: 4500,
    cop: 1,
    theta_e_c: constant(0),
    phi_sol_w: constant(0),
    phi_int_w: constant(100),
    price_eur_kwh: constant(0.2),
    comfort: { min_c: 19, max_c: 28 },
    weights: { below_eur_kh: 1.5, above_eur_kh: 10 },
    terminal: { breakpoints_c: [19], slopes_eur_k: [0, 0] },
    ...changes,
  };
}

for (const [name, solve] of Object.entries({ solveLp, solveExact })) {
  test(`${name}: at one price, coasts down to the least comfort and stays there`, () => {
    const plan = solve(winterDay({ x_c: [22] }));
    expect(plan.valve[0]).toBe(0);
    expect(plan.discomfortBelow_kh).toBeLessThan(1e-9);
    for (let k = 24; k < steps; k++) expect(plan.theta_air_c[k]).toBeCloseTo(19, 6);
  });

  test(`${name}: free heat keeps the room comfortable and is not wasted`, () => {
    const free = solve(winterDay({ price_eur_kwh: constant(0) }));
    const paid = solve(winterDay());
    const heat = (phi_HC_w: Float64Array) => phi_HC_w.reduce((sum, phi) => sum + phi, 0);
    expect(free.discomfortBelow_kh).toBeLessThan(1e-9);
    expect(free.energyCost_eur).toBe(0);
    expect(heat(free.phi_HC_w)).toBeCloseTo(heat(paid.phi_HC_w), 3);
  });

  test(`${name}: a negative price heats up to the most comfort and not above`, () => {
    const plan = solve(winterDay({ price_eur_kwh: constant(-0.05) }));
    expect(plan.energyCost_eur).toBeLessThan(0);
    expect(plan.discomfortAbove_kh).toBeLessThan(1e-9);
    expect(Math.max(...plan.theta_air_c)).toBeCloseTo(28, 6);
  });

  test(`${name}: from 5 degrees heats in full until comfortable`, () => {
    const plan = solve(winterDay({ x_c: [5] }));
    const comfortable = plan.theta_air_c.findIndex((theta) => theta > 19 - 1e-6);
    expect(comfortable).toBeGreaterThan(4);
    for (let k = 0; k < comfortable; k++) expect(plan.valve[k]).toBeCloseTo(1, 9);
    expect(plan.valve[comfortable + 8]).toBeLessThan(1);
  });

  test(`${name}: from 35 degrees waits until heat is needed`, () => {
    const plan = solve(winterDay({ x_c: [35] }));
    const cool = plan.theta_air_c.findIndex((theta) => theta < 19 + 1e-6);
    expect(cool).toBeGreaterThan(8);
    for (let k = 0; k < cool; k++) expect(plan.valve[k]).toBeCloseTo(0, 9);
    expect(plan.discomfortBelow_kh).toBeLessThan(1e-9);
  });

  test(`${name}: a heater too weak for the weather gives all it has and says how cold it gets`, () => {
    const plan = solve(winterDay({ maxPower_w: 800, theta_e_c: constant(-15) }));
    expect(plan.valve[0]).toBe(1);
    expect(plan.valve.subarray(0, 90).every((u) => u > 1 - 1e-9)).toBe(true);
    expect(plan.discomfortBelow_kh).toBeGreaterThan(24);
  });

  test(`${name}: no heater, no heat`, () => {
    const plan = solve(winterDay({ maxPower_w: 0 }));
    expect(plan.energyCost_eur).toBe(0);
    expect(plan.discomfortBelow_kh).toBeGreaterThan(0);
  });

  test(`${name}: a sunny afternoon that over-heats by itself does not forbid the morning's heat`, () => {
    const sun = Float64Array.from({ length: steps }, (_, k) => (k > 32 && k < 60 ? 6000 : 0));
    const plan = solve(winterDay({ x_c: [19.2], phi_sol_w: sun }));
    expect(plan.discomfortAbove_kh).toBeGreaterThan(5);
    expect(plan.discomfortBelow_kh).toBeLessThan(1e-9);
  });

  test(`${name}: heats when the heat pump is at its best`, () => {
    const cop = Float64Array.from({ length: steps }, (_, k) => (k < 40 ? 4 : 2));
    const plan = solve(winterDay({ x_c: [19.2], cop }));
    const flat = solve(winterDay({ x_c: [19.2], cop: 2 }));
    expect(plan.theta_m_c[39]).toBeGreaterThan(flat.theta_m_c[39] + 0.5);
    expect(plan.energyCost_eur).toBeLessThan(flat.energyCost_eur);
  });

  test(`${name}: follows a comfort band that changes with the hour`, () => {
    const min_c = Float64Array.from({ length: steps }, (_, k) => (k < 48 ? 16 : 20));
    const plan = solve(winterDay({ x_c: [18], comfort: { min_c, max_c: 28 } }));
    expect(plan.discomfortBelow_kh).toBeLessThan(1e-9);
    expect(plan.theta_air_c[20]).toBeLessThan(18);
    expect(plan.theta_air_c[50]).toBeGreaterThan(20 - 1e-9);
  });

  test(`${name}: stores heat for its terminal value, up to where it bends`, () => {
    const terminal = { breakpoints_c: [19, 24], slopes_eur_k: [2, 2, 0] };
    const plan = solve(winterDay({ x_c: [19], terminal }));
    expect(plan.theta_m_c[steps - 1]).toBeCloseTo(24, 6);
  });
}
