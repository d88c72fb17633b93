/** What the controller takes for the disturbance of a new forecast, against forecasts that err as documented. */
import { disturbanceSd_k } from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import { buildingClasses, prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "@azru/physics";
import { forecastSteps, referenceYearSource, stepMeans } from "@azru/weather";
import { expect, test } from "vitest";
import { type Building, stepOf } from "./building.ts";
import { disturbances } from "./disturbances.ts";

const dtSeconds = 900;
const day = 96;
const hourMs = 3_600_000;
const firstMs = Date.parse("2026-01-05T00:00:00+01:00");
const source = referenceYearSource();

function home(thermalCapacitance_j_m2k: number): Building {
  return {
    name: "prototype",
    location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
    zone: { ...prototypeHome, thermalCapacitance_j_m2k },
    windows: prototypeWindows,
    internalGains_w: 100,
    heating: { emission: "floorHeating", supply: "electric", maxPower_w: prototypeHeatingPower_w },
    comfort: { min_c: 19, max_c: 28 },
    thermostat: { on_c: 19.5, off_c: 20.5 },
  };
}

test.each(Object.entries(buildingClasses))(
  "in a %s building the walls are moved in a day as the errors of a forecast move them",
  async (_, thermalCapacitance_j_m2k) => {
    const building = home(thermalCapacitance_j_m2k);
    const model = stepOf(building, dtSeconds);
    const weather = await source.series(firstMs, firstMs + 60 * 24 * hourMs);
    let measured_k2 = 0;
    let taken_k2 = 0;
    const runs = 160;
    for (let run = 0; run < runs; run++) {
      const startMs = firstMs + run * 6 * hourMs;
      const truth = stepMeans(weather, startMs, dtSeconds, day);
      const lived = disturbances(building, truth);
      const foreseen = disturbances(building, forecastSteps(truth, startMs));
      let moved_k = 0;
      for (let k = 0; k < day; k++) {
        const outdoor_k = lived.theta_e_c[k] - foreseen.theta_e_c[k];
        const sun_w = lived.phi_sol_w[k] - foreseen.phi_sol_w[k];
        moved_k = model.a * moved_k + model.bo * outdoor_k + model.bs * sun_w;
      }
      measured_k2 += moved_k ** 2 / runs;
      const taken_k = disturbanceSd_k(stateSpaceOf(model), Float64Array.from([...foreseen.phi_sol_w, 0]));
      for (let k = 0; k <= day; k++) taken_k2 += (taken_k[k] * model.a ** (day - k)) ** 2 / runs;
    }
    const times = Math.sqrt(taken_k2 / measured_k2);
    expect(times).toBeGreaterThan(0.8);
    expect(times).toBeLessThan(1.25);
  },
);
