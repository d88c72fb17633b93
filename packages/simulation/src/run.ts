import { type Controller, createThermostat, mpcController, solveExact, solveLp } from "@azru/control";
import { affineStep, createZone, emissionSystems } from "@azru/physics";
import type { WeatherSteps } from "@azru/weather";
import { type Building, heatingCop } from "./building.ts";
import { closedLoop } from "./closed-loop.ts";
import { disturbances } from "./disturbances.ts";
import { forecastAt, type Outlook, perfect } from "./outlook.ts";
import type { Trajectory } from "./trajectory.ts";

const solvers = { exact: solveExact, lp: solveLp };

/** A house, its controller and its world for a while: plain data, so that a run can move to another thread. */
export interface RunPlan {
  readonly building: Building;
  readonly mode: "mpc" | "manual";
  readonly steps: number;
  readonly horizonSteps: number;
  /** How the MPC's problem is solved: both give the same optimum. */
  readonly solver: "exact" | "lp";
  /** What happens; `steps` long at least, and `steps + horizonSteps - 1` when it is also the forecast. */
  readonly weather: WeatherSteps;
  /** What is foreseen; what happens when absent. */
  readonly weatherOutlook?: Outlook<WeatherSteps>;
  readonly price_eur_kwh: Float64Array;
  readonly priceOutlook?: Outlook<Float64Array>;
  readonly theta_start_c: number; // air and mass
}

/**
 * Lives through a run; see `closedLoop` for what it yields.
 *
 * @param stopwatch milliseconds from any origin, to time the decisions
 */
export function simulate(plan: RunPlan, stopwatch: () => number): Generator<Trajectory, Trajectory> {
  const { building, weather } = plan;
  const twin = affineStep(
    createZone(building.zone),
    emissionSystems[building.heating.emission],
    weather.dtSeconds,
  );
  const lived = disturbances(building, weather);
  const { weatherOutlook: outlook } = plan;
  const foreseen = outlook
    ? { ...outlook, issues: outlook.issues.map((issue) => disturbances(building, issue)) }
    : perfect(lived);
  return closedLoop({
    twin,
    maxPower_w: building.heating.maxPower_w,
    controller: controllerOf(plan, twin),
    disturbances: lived,
    price_eur_kwh: plan.price_eur_kwh,
    steps: plan.steps,
    theta_m_start_c: plan.theta_start_c,
    theta_air_start_c: plan.theta_start_c,
    forecastAt: forecastAt(foreseen, plan.priceOutlook ?? perfect(plan.price_eur_kwh)),
    stopwatch,
  });
}

function controllerOf(
  { building, mode, horizonSteps, solver }: RunPlan,
  model: ReturnType<typeof affineStep>,
): Controller {
  switch (mode) {
    case "manual":
      return createThermostat(building.thermostat);
    case "mpc":
      return mpcController({
        model,
        maxPower_w: building.heating.maxPower_w,
        cop: (theta_e_c) => heatingCop(building, theta_e_c),
        horizonSteps,
        comfort: building.comfort,
        solver: solvers[solver],
      });
  }
}
