import { createZone, prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "@azru/physics";
import { allotCalendar, stepPrices, tempoDayMeans, tempoTariff } from "@azru/tariff";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { beforeAll, describe, expect, test } from "vitest";
import type { Building } from "./building.ts";
import { compare, type Kpis, kpis } from "./kpi.ts";
import { publishedPrices } from "./outlook.ts";
import { type RunPlan, simulateWhole } from "./run.ts";
import type { Trajectory } from "./trajectory.ts";

const home: Building = {
  name: "prototype",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: prototypeHome,
  windows: prototypeWindows,
  internalGains_w: 0,
  heating: { emission: "floorHeating", supply: "electric", maxPower_w: prototypeHeatingPower_w },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};

const dtSeconds = 1800;
const horizonSteps = 48;
const days = 6;
const steps = days * 48;
const startMs = Date.parse("2026-01-16T00:00:00+01:00"); // the 19th and 20th are red

async function planOf(mode: RunPlan["mode"], building = home): Promise<RunPlan> {
  const source = referenceYearSource();
  const season = [Date.parse("2025-09-01T06:00:00+02:00"), Date.parse("2026-09-01T06:00:00+02:00")] as const;
  const year = stepMeans(await source.series(...season), season[0], 3600, 8760);
  const tariff = tempoTariff({
    calendar: allotCalendar(tempoDayMeans(season[0], 3600, year.dryBulbTemperature_c)),
  });
  const count = steps + horizonSteps;
  const endMs = startMs + count * dtSeconds * 1000;
  return {
    building,
    mode,
    steps,
    horizonSteps,
    solver: "exact",
    weather: stepMeans(await source.series(startMs, endMs), startMs, dtSeconds, count),
    price_eur_kwh: stepPrices(tariff.rates(startMs, endMs), startMs, dtSeconds, count),
    priceOutlook: publishedPrices(tariff, { startMs, dtSeconds }, steps, horizonSteps, 2),
    theta_start_c: 20,
  };
}

describe("six winter days of the prototype's home under Tempo", () => {
  let mpc: Trajectory;
  let thermostat: Trajectory;
  let mpcKpis: Kpis;
  let thermostatKpis: Kpis;
  beforeAll(async () => {
    mpc = simulateWhole(await planOf("mpc"));
    thermostat = simulateWhole(await planOf("manual"));
    mpcKpis = kpis(mpc, home.comfort);
    thermostatKpis = kpis(thermostat, home.comfort);
  });

  test("the MPC costs clearly less than the thermostat, the heat left in the walls counted", () => {
    const { fairSaving } = compare(thermostatKpis, mpcKpis, createZone(home.zone).C_m);
    expect(fairSaving).toBeGreaterThan(0.16);
  });

  test("at no more discomfort", () => {
    expect(mpcKpis.discomfortBelow_kh).toBeLessThanOrEqual(thermostatKpis.discomfortBelow_kh);
    expect(mpcKpis.discomfortBelow_kh).toBeLessThan(0.01);
    expect(mpcKpis.discomfortAbove_kh).toBeCloseTo(0, 9);
  });

  test("both live through the same weather and prices", () => {
    expect(mpc.theta_e_c).toEqual(thermostat.theta_e_c);
    expect(mpc.phi_sol_w).toEqual(thermostat.phi_sol_w);
    expect(mpc.price_eur_kwh).toEqual(thermostat.price_eur_kwh);
    expect(Math.max(...mpc.price_eur_kwh)).toBeGreaterThan(0.6);
  });

  test("the MPC heats the walls before red hours and coasts through them", () => {
    const red = [...mpc.price_eur_kwh].findIndex((price) => price > 0.6);
    const hoursBefore = 12;
    const before = mpc.valve.subarray(red - hoursBefore, red).reduce((a, b) => a + b, 0) / hoursBefore;
    const inRed = mpc.valve.subarray(red, red + 32).reduce((a, b) => a + b, 0) / 32;
    expect(before).toBeGreaterThan(2 * inRed);
    expect(mpc.theta_m_c[red - 1]).toBeGreaterThan(thermostat.theta_m_c[red - 1]);
  });

  test("heat in, heat out and heat stored balance", () => {
    const { H_tr_em, H_tr_w, H_ve_adj, C_m } = createZone(home.zone);
    // Over days, all heat leaves through envelope and air change; between nodes it only moves.
    for (const t of [mpc, thermostat]) {
      const gained_wh =
        t.phi_HC_w.reduce((a, b) => a + b, 0) * 0.5 + t.phi_sol_w.reduce((a, b) => a + b, 0) * 0.5;
      const stored_wh = (C_m / 3600) * (t.theta_m_c[t.length - 1] - 20);
      let lost_wh = 0;
      for (let k = 0; k < t.length; k++) {
        const before = k === 0 ? 20 : t.theta_m_c[k - 1];
        const mean_m = (before + t.theta_m_c[k]) / 2;
        const dT = t.theta_air_c[k] - t.theta_e_c[k];
        lost_wh += 0.5 * (H_tr_em * (mean_m - t.theta_e_c[k]) + (H_ve_adj + H_tr_w) * dT);
      }
      // The window's loss runs from the surface node, which lies within a few kelvin of the air.
      expect(Math.abs(gained_wh - stored_wh - lost_wh) / gained_wh).toBeLessThan(0.05);
    }
  });
});

test("with a floor of comfort that falls at night the MPC is warm when it rises, the thermostat late", async () => {
  const min_c = Float64Array.from({ length: 3 * 48 }, (_, k) => (k % 48 >= 13 && k % 48 < 45 ? 19 : 16));
  const comfort = { ...home.comfort, min_c };
  const [mpc, thermostat] = await Promise.all(
    (["mpc", "manual"] as const).map(async (mode) => {
      const t = simulateWhole({ ...(await planOf(mode)), steps: 96, min_c });
      return kpis(t, comfort);
    }),
  );
  expect(mpc.discomfortBelow_kh).toBeLessThan(0.01);
  expect(mpc.minTemperature_c).toBeLessThan(18.5);
  expect(thermostat.minTemperature_c).toBeLessThan(18.5);
  expect(thermostat.discomfortBelow_kh).toBeGreaterThan(1);
  expect(
    kpis(simulateWhole({ ...(await planOf("manual")), steps: 96 }), home.comfort).minTemperature_c,
  ).toBeGreaterThan(18.5);
});

test("a heat pump saves energy against direct heating in the same house", async () => {
  const plan = await planOf("manual", { ...home, heating: { ...home.heating, supply: "heatPumpAir" } });
  const t = simulateWhole({ ...plan, steps: 48 });
  const { energy_kwh, heat_kwh } = kpis(t, home.comfort);
  expect(heat_kwh / energy_kwh).toBeGreaterThan(2);
  expect(heat_kwh / energy_kwh).toBeLessThan(6);
});

describe("six winter days without a sensor in the walls", () => {
  let knowing: Kpis;
  beforeAll(async () => {
    knowing = kpis(simulateWhole(await planOf("mpc")), home.comfort);
  });
  const sensing = { noise_k: 0.1, seed: 1, margin: 0 };

  test("the MPC does as well with a sensor of 0.1 K and an estimate, but for a tenth of a degree", async () => {
    const estimating = kpis(simulateWhole({ ...(await planOf("mpc")), sensing }), home.comfort);
    expect(Math.abs(estimating.cost_eur / knowing.cost_eur - 1)).toBeLessThan(0.01);
    expect(estimating.minTemperature_c).toBeGreaterThan(home.comfort.min_c - 0.15);
    expect(estimating.discomfortBelow_kh).toBeLessThan(0.02 * 24 * days);
    expect(estimating.discomfortAbove_kh).toBeLessThan(0.3);
  });

  test("a distance of 2.5 standard deviations buys the tenth back for less than 2 % of the cost", async () => {
    const careful = kpis(
      simulateWhole({ ...(await planOf("mpc")), sensing: { ...sensing, margin: 2.5 } }),
      home.comfort,
    );
    expect(careful.discomfortBelow_kh).toBeLessThan(0.05);
    expect(careful.cost_eur / knowing.cost_eur).toBeLessThan(1.02);
  });

  test("the estimate mends a model that has 30 % too small losses", async () => {
    const { zone } = home;
    const modelBuilding = {
      ...home,
      zone: {
        ...zone,
        uWalls_w_m2k: 0.7 * zone.uWalls_w_m2k,
        uWindows_w_m2k: 0.7 * zone.uWindows_w_m2k,
        ventilation_ach: 0.7 * zone.ventilation_ach,
        infiltration_ach: 0.7 * zone.infiltration_ach,
      },
    };
    const blind = kpis(simulateWhole({ ...(await planOf("mpc")), modelBuilding }), home.comfort);
    const estimating = kpis(
      simulateWhole({ ...(await planOf("mpc")), modelBuilding, sensing }),
      home.comfort,
    );
    expect(blind.discomfortBelow_kh).toBeGreaterThan(20);
    expect(estimating.discomfortBelow_kh).toBeLessThan(blind.discomfortBelow_kh / 4);
    expect(estimating.cost_eur / knowing.cost_eur).toBeLessThan(1.05);
  });
});
