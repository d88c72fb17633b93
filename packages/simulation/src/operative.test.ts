import { outputOf } from "@azru/house";
import {
  buildingClasses,
  createZone,
  emissionSystems,
  prototypeHome,
  prototypeWindows,
  stepZone,
} from "@azru/physics";
import { describe, expect, test } from "vitest";
import { type Building, operativeModel, type TwinForm } from "./building.ts";
import { kpis } from "./kpi.ts";
import { type RunPlan, simulateWhole } from "./run.ts";

const dtSeconds = 900;
const steps = 3 * 96;
const horizonSteps = 96;
const column = (value: (hour: number) => number) =>
  Float64Array.from({ length: steps + horizonSteps }, (_, k) => value((k / 4) % 24));

const home: Building = {
  name: "cold walls",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: { ...prototypeHome, uWalls_w_m2k: 0.8, thermalCapacitance_j_m2k: buildingClasses.medium },
  windows: prototypeWindows,
  internalGains_w: 100,
  heating: { emission: "convector", supply: "electric", maxPower_w: 6000 },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};

function lived(of: "air" | "operative", twin: TwinForm, sensing?: RunPlan["sensing"]) {
  const building = { ...home, comfort: { ...home.comfort, of } };
  const plan: RunPlan = {
    ...(sensing && { sensing }),
    ...{ building, mode: "mpc", twin, steps, horizonSteps, solver: "exact", theta_start_c: 20 },
    weather: {
      startMs: Date.parse("2026-01-10T23:00:00Z"),
      dtSeconds,
      location: home.location,
      source: "test",
      dryBulbTemperature_c: column(() => -2),
      directNormalIrradiance_w_m2: column(() => 0),
      diffuseHorizontalIrradiance_w_m2: column(() => 0),
    } as unknown as RunPlan["weather"],
    price_eur_kwh: column(() => 0.2),
  };
  return kpis(simulateWhole(plan), building.comfort);
}

test("the zone's operative temperature is that of the standard", () => {
  const input = { theta_m_prev_c: 18, theta_e_c: -3, phi_sol_w: 250, phi_int_w: 120, phi_HC_w: 1800 };
  const zone = stepZone(createZone(home.zone), emissionSystems.convector, dtSeconds, input);
  expect(outputOf(operativeModel(home, dtSeconds), [18], 1800, input)).toBeCloseTo(zone.theta_op_c, 9);
});

describe.each(["5r1c", "states"] as const)("in a home with cold walls as %s", (twin) => {
  test("asked of the air, surfaces leave it colder; asked of both, they do not, and it costs more", () => {
    const air = lived("air", twin);
    const operative = lived("operative", twin);
    expect(air.deviations!.air.below_kh).toBeLessThan(0.5);
    expect(air.discomfortBelow_kh).toBe(air.deviations!.air.below_kh);
    expect(air.deviations!.operative.below_kh).toBeGreaterThan(20);
    expect(operative.discomfortBelow_kh).toBe(operative.deviations!.operative.below_kh);
    expect(operative.discomfortBelow_kh).toBeLessThan(0.5);
    expect(operative.cost_eur).toBeGreaterThan(1.02 * air.cost_eur);
  });
});

test("states that are estimated do as well", () => {
  const sensing = { noise_k: 0.1, seed: 1, margin: 2.5 };
  expect(lived("operative", "states", sensing).deviations!.operative.below_kh).toBeLessThan(3);
});
