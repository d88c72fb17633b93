import { bench, describe } from "vitest";
import { type Conditioning, stepToSetpoint } from "./demand.ts";
import { createDemandSeries, simulateDemand } from "./demand-series.ts";
import { emissionSystems } from "./emission.ts";
import { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "./home.ts";
import { sunPositionAt } from "./sun.ts";
import { supplySystems } from "./supply.ts";
import { windowSolarGains_w } from "./window.ts";
import { createZone } from "./zone.ts";

const hours = 8760;
const startMs = Date.UTC(2025, 0, 1);
const zone = createZone(prototypeHome);
const conditioning: Conditioning = {
  heatingSetpoint_c: 20,
  coolingSetpoint_c: 26,
  maxHeating_w: prototypeHeatingPower_w,
  maxCooling_w: 3000,
  heatingEmission: emissionSystems.floorHeating,
  coolingEmission: emissionSystems.airConditioning,
  heatingSupply: supplySystems.heatPumpAir,
  coolingSupply: supplySystems.heatPumpAir,
};
const theta_e_c = Float64Array.from({ length: hours }, (_, hour) => {
  const season = Math.cos((2 * Math.PI * (hour - 360)) / hours);
  const day = Math.cos((2 * Math.PI * ((hour % 24) - 15)) / 24);
  return 11 - 10 * season + 4 * day;
});
const phi_sol_w = new Float64Array(hours);
const phi_int_w = new Float64Array(hours).fill(200);
const out = createDemandSeries(hours);

function gains(): void {
  for (let hour = 0; hour < hours; hour++) {
    const sun = sunPositionAt(45.7, 4.9, startMs + (hour + 0.5) * 3_600_000);
    const beam_w_m2 = sun.altitude_deg > 0 ? 400 : 0;
    let sum_w = 0;
    for (const window of prototypeWindows) sum_w += windowSolarGains_w(window, sun, beam_w_m2, beam_w_m2 / 4);
    phi_sol_w[hour] = sum_w;
  }
}
gains();

function steps(): number {
  let mass_c = 20;
  for (let hour = 0; hour < hours; hour++) {
    const { step } = stepToSetpoint(zone, conditioning, 3600, {
      theta_m_prev_c: mass_c,
      theta_e_c: theta_e_c[hour],
      phi_sol_w: phi_sol_w[hour],
      phi_int_w: phi_int_w[hour],
    });
    mass_c = step.theta_m_next_c;
  }
  return mass_c;
}

describe("a year of hours: heating and cooling demand (mean in ms)", () => {
  bench(
    "typed arrays",
    () => void simulateDemand(zone, conditioning, 3600, 20, { theta_e_c, phi_sol_w, phi_int_w }, out),
  );
  bench("step by step, with every intermediate", () => void steps());
});

describe("a year of hours: sun and windows (mean in ms)", () => {
  bench("sun position and gains of two windows", gains);
});
