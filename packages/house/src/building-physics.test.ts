import { createZone, type EmissionSystemName, emissionSystems, prototypeHome, stepZone } from "@azru/physics";
import { describe, expect, test } from "vitest";
import { housePhysicsOf } from "./building-physics.ts";
import { discretise, lossOf_w_k } from "./discretise.ts";
import { nextState, outputOf } from "./state-space.ts";
import { steadyState } from "./testing/steady-state.ts";

const emissions = Object.keys(emissionSystems) as EmissionSystemName[];
const homeWith = (emission: EmissionSystemName, supply = "electric") =>
  housePhysicsOf({ zone: prototypeHome, heating: { emission, supply, maxPower_w: 4500 } });

test("has the heat loss of the zone that it was made of", () => {
  const { H_ve_adj, H_tr_w, H_tr_is, H_tr_ms, H_tr_em } = createZone(prototypeHome);
  const behindSurface = H_tr_w + 1 / (1 / H_tr_ms + 1 / H_tr_em);
  expect(lossOf_w_k(homeWith("convector"))).toBeCloseTo(H_ve_adj + 1 / (1 / H_tr_is + 1 / behindSurface), 9);
});

test("comes to rest where the 5R1C zone does, heated through air or structure", () => {
  const zone = createZone(prototypeHome);
  const inputs = { theta_e_c: 2, phi_sol_w: 300, phi_int_w: 150, phi_HC_w: 1200 };
  for (const emission of ["airConditioning", "convector", "panel", "tabs"] as const) {
    let theta_m_prev_c = 20;
    let air_c = 0;
    for (let hour = 0; hour < 5000; hour++) {
      const step = stepZone(zone, emissionSystems[emission], 3600, { ...inputs, theta_m_prev_c });
      theta_m_prev_c = step.theta_m_next_c;
      air_c = step.theta_air_c;
    }
    expect(steadyState(homeWith(emission), inputs)[0]).toBeCloseTo(air_c, 6);
  }
});

test.each(emissions)("all of the heat of %s enters, or is lost through windows", (emission) => {
  const { nodes } = homeWith(emission, "heatPumpAir");
  const shares = nodes.reduce((sum, { heat }) => sum + heat, 0);
  expect(shares).toBeLessThan(1 + 1e-12);
  expect(shares).toBeGreaterThan(0.98);
  expect(nodes.reduce((sum, { operative }) => sum + operative, 0)).toBeCloseTo(1, 12);
});

describe("full power for a while, K of air", () => {
  const rise = (emission: EmissionSystemName, hours: number, supply?: string) => {
    const house = homeWith(emission, supply);
    const step = discretise(house, 900, "airAtEnd");
    const still = { theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0 };
    let x: Float64Array = new Float64Array(house.nodes.length);
    let air = 0;
    for (let k = 0; k < 4 * hours; k++) {
      air = outputOf(step, x, 4500, still);
      x = nextState(step, x, 4500, still);
    }
    return air;
  };

  test("a screed needs hours, a convector minutes, an oil radiator lies between", () => {
    expect(rise("floorHeating", 0.25)).toBeLessThan(0.3);
    expect(rise("floorHeating", 6)).toBeGreaterThan(2);
    expect(rise("convector", 0.25)).toBeGreaterThan(3);
    expect(rise("oilRadiator", 0.25)).toBeLessThan(0.75 * rise("convector", 0.25));
    expect(rise("waterRadiator", 0.25)).toBeLessThan(0.6 * rise("oilRadiator", 0.25));
    expect(rise("waterRadiator", 6)).toBeGreaterThan(0.8 * rise("oilRadiator", 6));
  });

  test("the standard's radiators are electric ones where electricity heats directly", () => {
    expect(homeWith("newRadiators")).toEqual(homeWith("panel"));
    expect(homeWith("oldRadiators")).toEqual(homeWith("convector"));
    expect(homeWith("newRadiators", "heatPumpAir")).toEqual(homeWith("waterRadiator", "heatPumpAir"));
  });
});
