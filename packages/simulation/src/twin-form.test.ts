import { recordOfErrors } from "@azru/identification";
import { buildingClasses, prototypeHome, prototypeWindows } from "@azru/physics";
import { describe, expect, test } from "vitest";
import { type Building, storedHeat_j_k, type TwinForm, usualTwin } from "./building.ts";
import { unprovedHouse } from "./home-controller.ts";
import { kpis } from "./kpi.ts";
import { type RunPlan, simulateWhole } from "./run.ts";

const days = 4;
const dtSeconds = 900;
const steps = (days * 86_400) / dtSeconds;
const horizonSteps = 96;
const column = (value: (hour: number) => number) =>
  Float64Array.from({ length: steps + horizonSteps }, (_, k) => value((k / 4) % 24));

const home: Building = {
  name: "convectors",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: { ...prototypeHome, thermalCapacitance_j_m2k: buildingClasses.heavy },
  windows: prototypeWindows,
  internalGains_w: 150,
  heating: { emission: "convector", supply: "electric", maxPower_w: 4500 },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};

function lived(
  mode: RunPlan["mode"],
  twin: TwinForm,
  building = home,
  sensing?: RunPlan["sensing"],
  modelBuilding?: Building,
) {
  const plan: RunPlan = {
    ...(sensing && { sensing }),
    ...(modelBuilding && { modelBuilding }),
    ...{ building, mode, twin, steps, horizonSteps, solver: "exact", theta_start_c: 20 },
    weather: {
      startMs: Date.parse("2026-01-10T23:00:00Z"),
      dtSeconds,
      location: home.location,
      source: "test",
      dryBulbTemperature_c: column((hour) => 2 + 3 * Math.sin(((hour - 9) / 12) * Math.PI)),
      directNormalIrradiance_w_m2: column(() => 0),
      diffuseHorizontalIrradiance_w_m2: column((hour) => (hour > 9 && hour < 16 ? 80 : 0)),
    } as unknown as RunPlan["weather"],
    price_eur_kwh: column((hour) => (hour >= 6 && hour < 22 ? 0.7 : 0.15)),
  };
  const trajectory = simulateWhole(plan);
  return { trajectory, kpis: kpis(trajectory, home.comfort) };
}

describe("a home with convectors", () => {
  test("lives in states by itself; one with a heated floor in the zone of the standard", () => {
    expect(usualTwin(home)).toBe("states");
    expect(usualTwin({ ...home, heating: { ...home.heating, emission: "floorHeating" } })).toBe("5r1c");
  });

  test("does not overshoot under its thermostat as the zone does", () => {
    const warmest = (twin: TwinForm) => Math.max(...lived("manual", twin).trajectory.theta_air_c);
    expect(warmest("5r1c")).toBeGreaterThan(25);
    expect(warmest("states")).toBeLessThan(24.5);
  });

  test("is planned for in states: cheaper than the thermostat, and not cold", () => {
    const thermostat = lived("manual", "states").kpis;
    const mpc = lived("mpc", "states").kpis;
    expect(mpc.cost_eur).toBeLessThan(0.9 * thermostat.cost_eur);
    expect(mpc.discomfortBelow_kh).toBeLessThan(0.5);
  });

  test("holds more heat a kelvin of all its parts than the walls alone do", () => {
    expect(storedHeat_j_k(home, "states")).toBeGreaterThan(0.7 * storedHeat_j_k(home, "5r1c"));
    expect(storedHeat_j_k(home, "states")).toBeLessThan(1.5 * storedHeat_j_k(home, "5r1c"));
  });

  const { house, noise } = unprovedHouse(home);
  const learnt = {
    ...home,
    learnt: {
      house: { ...house, heaterPower_w: 3000, gains_w: 300 },
      noise,
      record: recordOfErrors([0.3, 0.4], 3),
    },
  };

  test("lives as it was learnt, where it was", () => {
    expect(usualTwin({ ...learnt, heating: { ...home.heating, emission: "floorHeating" } })).toBe("states");
    const asLearnt = lived("manual", "states", learnt);
    expect(Math.max(...asLearnt.trajectory.phi_HC_w)).toBeCloseTo(3000);
    // 150 W more of people for four days.
    const inFile = lived("manual", "states");
    expect(inFile.kpis.heat_kwh - asLearnt.kpis.heat_kwh).toBeGreaterThan(0.7 * 0.15 * 24 * days);
  });

  test("keeps to the zone of the file where that is asked for", () => {
    expect(lived("manual", "5r1c", learnt).kpis).toEqual(lived("manual", "5r1c").kpis);
  });

  test("is planned for by a noisy thermometer alone, with states that are estimated", () => {
    const sensing = { noise_k: 0.1, seed: 1, margin: 2.5 };
    const known = lived("mpc", "states").kpis;
    const estimated = lived("mpc", "states", home, sensing).kpis;
    const thermostat = lived("manual", "states").kpis;
    expect(estimated.cost_eur).toBeGreaterThan(known.cost_eur); // it keeps a distance from the floor
    expect(estimated.cost_eur).toBeLessThan(thermostat.cost_eur);
    expect(estimated.discomfortBelow_kh).toBeLessThan(1);
    // One who takes the house for its file finds the people's heat by itself.
    const misled = lived("mpc", "states", learnt, sensing, home).kpis;
    expect(misled.discomfortBelow_kh).toBeLessThan(1);
  });
});
