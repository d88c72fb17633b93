/**
 * A whole winter in closed loop, for each building class and emission system: what share of the saving that
 * perfect foresight of the winter attains is caught, and what a wrong model leaves of it.
 * `pnpm bench:winter [--weather epw:FILE] [--only shares|models]`.
 *
 * The saving is the thermostat's net cost less the controller's: electricity, less the heat left in the walls at
 * 0.9 of the last day's cheapest price.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readBuilding } from "@azru/contracts/building-file";
import { calibrate } from "@azru/identification";
import {
  type Building,
  kpis,
  netCost_eur,
  perfectForesight,
  type RunPlan,
  simulate,
  type Trajectory,
} from "@azru/simulation";
import Table from "cli-table3";

import { parseCommand } from "../src/command.ts";
import { gatherWorld, type World } from "../src/world.ts";

const classes = ["light", "medium", "heavy", "very-heavy"];
const emissions = ["floorHeating", "newRadiators", "tabs"] as const;
const modelErrors = [
  { capacitance: 1.3, losses: 0.7 },
  { capacitance: 0.7, losses: 1.3 },
  { capacitance: 1.3, losses: 1.3 },
  { capacitance: 0.7, losses: 0.7 },
];
const sensing = { noise_k: 0.1, seed: 1, margin: 2.5 };
const { weather, only } = parseArgs({
  options: { weather: { type: "string", default: "reference" }, only: { type: "string" } },
}).values;
const buildings = join(import.meta.dirname, "../../../buildings");

interface Outcome {
  readonly net_eur: number;
  readonly below_kh: number;
  readonly trajectory: Trajectory;
}

async function worldOf(...options: string[]): Promise<World> {
  const winter = ["--start", "2025-11-01", "--end", "2026-04-01", "--weather", weather];
  const request = parseCommand([...winter, ...options]);
  if (!request?.study) throw new RangeError(`no study in ${options.join(" ")}`);
  return gatherWorld(request.study, "data/cache", Date.now());
}

function planOf(building: Building, world: World, horizon_h: number): RunPlan {
  return {
    building,
    mode: "mpc",
    steps: world.steps,
    horizonSteps: (horizon_h * 3600) / world.weather.dtSeconds,
    solver: "exact",
    weather: world.weather,
    ...(world.weatherOutlook && { weatherOutlook: world.weatherOutlook }),
    price_eur_kwh: world.price_eur_kwh,
    ...(world.priceOutlook && { priceOutlook: world.priceOutlook }),
    theta_start_c: 20,
  };
}

function live(plan: RunPlan): Outcome {
  const run = simulate(plan, () => 0);
  for (;;) {
    const { done, value: trajectory } = run.next();
    if (!done) continue;
    const { cost_eur, theta_m_end_c, discomfortBelow_kh } = kpis(trajectory, plan.building.comfort);
    return {
      net_eur: netCost_eur(plan, cost_eur, theta_m_end_c),
      below_kh: discomfortBelow_kh,
      trajectory,
    };
  }
}

function wrongly(building: Building, capacitance: number, losses: number): Building {
  const { zone } = building;
  return {
    ...building,
    zone: {
      ...zone,
      thermalCapacitance_j_m2k: capacitance * zone.thermalCapacitance_j_m2k,
      uWalls_w_m2k: losses * zone.uWalls_w_m2k,
      uWindows_w_m2k: losses * zone.uWindows_w_m2k,
      ventilation_ach: losses * zone.ventilation_ach,
      infiltration_ach: losses * zone.infiltration_ach,
    },
  };
}

/** Calibrates a wrong file on the first four weeks of December under the thermostat. */
function calibrated(file: Building, { trajectory: t }: Outcome): Building | undefined {
  const [from, until] = [30 * 96, 58 * 96];
  const { startMs, dtSeconds } = t;
  const part = (column: Float64Array) => column.slice(from, until);
  const result = calibrate(file, {
    startMs: startMs + from * dtSeconds * 1000,
    dtSeconds,
    theta_air_c: part(t.theta_air_c),
    valve: part(t.valve),
    theta_e_c: part(t.theta_e_c),
    phi_sol_w: part(t.phi_sol_w),
    solarGains: "windows",
  });
  return result.accepted ? result.building : undefined;
}

const known = await worldOf("--colours", "perfect");
const published = await worldOf();
const uncertain = await worldOf("--forecast", "realistic");
const hourly = await worldOf("--colours", "perfect", "--step", "60");

console.log(`${known.weather.source}; ${known.tariff}; 1 November to 31 March`);

/** A home under the thermostat and under perfect foresight, and a controller's share of the difference. */
async function benchmark(name: string, emission: (typeof emissions)[number]) {
  const file = await readBuilding(join(buildings, `${name}.json`));
  const building: Building = { ...file, heating: { ...file.heating, emission } };
  const plan = planOf(building, known, 48);
  const baseline = live({ ...plan, mode: "manual" });
  const best = perfectForesight(plan);
  const best_eur = netCost_eur(plan, best.energyCost_eur, best.theta_m_c[plan.steps - 1]);
  const share = ({ net_eur }: Outcome) =>
    ((100 * (baseline.net_eur - net_eur)) / (baseline.net_eur - best_eur)).toFixed(1);
  return { building, baseline, best_eur, share };
}

async function printShares(): Promise<void> {
  const table = new Table({
    head: [
      "home",
      "thermostat EUR",
      "foresight EUR",
      "24 h %",
      "48 h %",
      "48 h, published colours %",
      "cost at 60 / 15 min",
      "uncertain %",
      "K h below",
      "thermostat's K h",
    ],
  });
  for (const emission of emissions) {
    for (const name of classes) {
      const { building, baseline, best_eur, share } = await benchmark(name, emission);
      const twoDays = live(planOf(building, known, 48));
      const real = live({ ...planOf(building, uncertain, 48), sensing });
      const row = [
        `${name}, ${emission}`,
        baseline.net_eur.toFixed(0),
        best_eur.toFixed(0),
        share(live(planOf(building, known, 24))),
        share(twoDays),
        share(live(planOf(building, published, 48))),
        (live(planOf(building, hourly, 48)).net_eur / twoDays.net_eur).toFixed(3),
        share(real),
        real.below_kh.toFixed(2),
        baseline.below_kh.toFixed(2),
      ];
      table.push(row);
      console.error(row.join("  "));
    }
  }
  console.log(table.toString());
}

async function printModels(): Promise<void> {
  const table = new Table({
    head: ["home", "model", "walls known %", "K h", "estimated %", "K h", "calibrated %", "K h"],
  });
  for (const name of ["light", "heavy"]) {
    const { building, baseline, share } = await benchmark(name, "floorHeating");
    for (const { capacitance, losses } of modelErrors) {
      const believed = wrongly(building, capacitance, losses);
      const corrected = calibrated(believed, baseline);
      const plan = planOf(building, uncertain, 48);
      const cells = [
        live({ ...plan, believed }),
        live({ ...plan, believed, sensing }),
        corrected && live({ ...plan, believed: corrected, sensing }),
      ].flatMap((outcome) => (outcome ? [share(outcome), outcome.below_kh.toFixed(2)] : ["refused", ""]));
      const row = [name, `C x ${capacitance}, losses x ${losses}`, ...cells];
      table.push(row);
      console.error(row.join("  "));
    }
  }
  console.log(table.toString());
}

if (only !== "models") await printShares();
if (only !== "shares") await printModels();
