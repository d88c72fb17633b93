import { stateSpaceOf } from "@azru/house";
import { expect, test } from "vitest";
import { baselineController, baselineName, piOf, ruleFamily } from "./baseline.ts";
import { type Building, stepOf } from "./building.ts";

const home: Building = {
  name: "home",
  location: { name: "Lyon", latitude_deg: 45.7, longitude_deg: 4.9 },
  zone: {
    ...{
      floorArea_m2: 45,
      wallsArea_m2: 100,
      windowsArea_m2: 8,
      roomVolume_m3: 112,
      totalInternalArea_m2: 200,
    },
    ...{ uWalls_w_m2k: 0.4, uWindows_w_m2k: 1.4, ventilation_ach: 0.4, infiltration_ach: 0.1 },
    ...{ ventilationEfficiency: 0, thermalCapacitance_j_m2k: 165_000 },
  },
  windows: [],
  internalGains_w: 100,
  heating: { emission: "convector", supply: "electric", maxPower_w: 4500 },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};
const model = stateSpaceOf(stepOf(home, 900));

test("baselines are named as people type them, from the building's own thermostat on", () => {
  expect(baselineName(piOf(home))).toBe("pi 19.5");
  expect(ruleFamily(home).map(baselineName)).toEqual([
    ...["rule:19.5/22/19", "rule:19.5/22/19.2", "rule:19.5/22/19.5"],
    ...["rule:19.5/24/19", "rule:19.5/24/19.2", "rule:19.5/24/19.5"],
    ...["rule:19.5/25/19", "rule:19.5/25/19.2", "rule:19.5/25/19.5"],
  ]);
});

test("an electronic thermostat is calm even where full power warms the air at once", () => {
  const controller = baselineController(piOf(home), home, model);
  const none = new Float64Array();
  const forecast = { dtSeconds: 900, theta_e_c: none, phi_sol_w: none, phi_int_w: none, price_eur_kwh: none };
  let theta_air_c = 18;
  const valves: number[] = [];
  for (let k = 0; k < 96; k++) {
    const { valve } = controller.decide({ theta_air_c, x_c: [17] }, forecast);
    valves.push(valve);
    theta_air_c = 17 + model.D * valve * home.heating.maxPower_w; // walls of 17 degrees, whatever is heated
  }
  const last = valves.slice(-8);
  expect(theta_air_c).toBeCloseTo(19.5, 1);
  expect(Math.max(...last) - Math.min(...last)).toBeLessThan(0.01);
});
