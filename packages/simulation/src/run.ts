import {
  type Controller,
  createInteriorPoint,
  createThermostat,
  disturbanceSd_k,
  mpcController,
  solveExact,
  solveLp,
} from "@azru/control";
import type { WeatherSteps } from "@azru/weather";
import { type Baseline, baselineController } from "./baseline.ts";
import {
  type Building,
  comfortModel,
  heaterPower_w,
  heatingCop,
  operativeModel,
  stepOf,
  type TwinForm,
  twinModel,
} from "./building.ts";
import { closedLoop } from "./closed-loop.ts";
import { disturbances, twinDisturbances } from "./disturbances.ts";
import { estimatingController, type Sensing } from "./estimating-controller.ts";
import { filteringController } from "./filtering-controller.ts";
import { forecastAt, type Outlook, type PriceOutlook, perfect } from "./outlook.ts";
import type { Trajectory } from "./trajectory.ts";

const solvers = { exact: () => solveExact, lp: () => solveLp, interior: createInteriorPoint };

/** A house, its controller, weather and prices for a while: plain data, so that a run can move to another thread. */
export interface RunPlan {
  readonly building: Building;
  /** The building that the controller's model is made from; the one that is simulated when absent. */
  readonly modelBuilding?: Building;
  /** How the house is measured; when absent the controller knows its air and mass temperature as they are. */
  readonly sensing?: Sensing;
  /** Floor of comfort of each step, `steps + horizonSteps - 1` long, degrees C; the building's when absent. */
  readonly min_c?: Float64Array;
  /** Ceiling of comfort of each step, as long as the floor, degrees C; the building's when absent. */
  readonly max_c?: Float64Array;
  /** The form of the house, simulated and planned with; `5r1c` when absent. A house that was learnt is taken as such in states. */
  readonly twin?: TwinForm;
  readonly mode: "mpc" | "manual";
  /** Decides in place of the mode's controller. */
  readonly baseline?: Baseline;
  readonly steps: number;
  readonly horizonSteps: number;
  /**
   * How the MPC's problem is solved: all give the same optimum where nothing may turn out otherwise; where forecasts
   * err and colours are to be published, `exact` (of one state; more are left to `interior`) plans for what may come, `interior` for a few cases of it, `lp` for
   * its mean.
   */
  readonly solver: keyof typeof solvers;
  /** What happens; `steps` long at least, and `steps + horizonSteps - 1` when it is also the forecast. */
  readonly weather: WeatherSteps;
  /** What is foreseen; what happens when absent. */
  readonly weatherOutlook?: Outlook<WeatherSteps>;
  readonly price_eur_kwh: Float64Array;
  readonly priceOutlook?: PriceOutlook;
  readonly theta_start_c: number; // air and mass
}

/**
 * Simulates a run step by step; see `closedLoop` for what it yields.
 *
 * @param stopwatch milliseconds from any origin, to time the decisions
 */
export function simulate(plan: RunPlan, stopwatch: () => number): Generator<Trajectory, Trajectory> {
  const { building, modelBuilding = building, weather, weatherOutlook: outlook } = plan;
  const acting = twinDisturbances(building, weather, plan.twin);
  // Where states are estimated, what is known of the house turns the sun of the windows into its own.
  const isFiltered = plan.twin === "states" && plan.sensing !== undefined && plan.mode === "mpc";
  const ahead = (steps: WeatherSteps) =>
    isFiltered ? disturbances(modelBuilding, steps) : twinDisturbances(modelBuilding, steps, plan.twin);
  const foreseen = outlook ? { ...outlook, issues: outlook.issues.map(ahead) } : perfect(ahead(weather));
  const model = twinModel(building, weather.dtSeconds, plan.twin);
  return closedLoop({
    twin: {
      model,
      maxPower_w: heaterPower_w(building, plan.twin),
    },
    operative: operativeModel(building, weather.dtSeconds, plan.twin),
    controller: controllerOf(plan),
    disturbances: acting,
    price_eur_kwh: plan.price_eur_kwh,
    steps: plan.steps,
    x_start_c: model.b.map(() => plan.theta_start_c),
    theta_air_start_c: plan.theta_start_c,
    forecastAt: forecastAt(foreseen, plan.priceOutlook ?? perfect(plan.price_eur_kwh), plan),
    stopwatch,
  });
}

/** Simulates a run to its end; decisions are not timed. */
export function simulateWhole(plan: RunPlan): Trajectory {
  const run = simulate(plan, () => 0);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

function controllerOf(plan: RunPlan): Controller {
  const {
    building,
    modelBuilding = building,
    mode,
    baseline,
    horizonSteps,
    solver,
    sensing,
    weatherOutlook,
    twin,
  } = plan;
  const { dtSeconds } = plan.weather;
  const model = twinModel(modelBuilding, dtSeconds, twin);
  const hasOneState = model.b.length === 1;
  const maxPower_w = heaterPower_w(modelBuilding, twin);
  if (sensing && twin === "states" && !baseline && mode === "mpc")
    return filteringController({
      ...{ modelBuilding, dtSeconds, horizonSteps, startMs: plan.weather.startMs },
      solver: solvers[solver === "lp" ? "lp" : "interior"](),
      ...{ noise_k: sensing.noise_k, seed: sensing.seed },
    });
  const controller = baseline
    ? withinHorizon(baselineController(baseline, modelBuilding, model), horizonSteps)
    : mode === "manual"
      ? createThermostat({ ...modelBuilding.thermostat, min_c: modelBuilding.comfort.min_c })
      : mpcController({
          model: comfortModel(modelBuilding, dtSeconds, twin),
          maxPower_w,
          cop: (theta_e_c) => heatingCop(modelBuilding, theta_e_c),
          horizonSteps,
          comfort: modelBuilding.comfort,
          solver: solvers[hasOneState || solver === "lp" ? solver : "interior"](),
          ...(weatherOutlook && hasOneState && { surprise_k: disturbanceSd_k }),
        });
  return sensing && hasOneState
    ? estimatingController(controller, stepOf(modelBuilding, dtSeconds), maxPower_w, sensing)
    : controller;
}

/** A forecast ends with the horizon of the plan, whatever a controller would look at. */
function withinHorizon(controller: Controller, horizonSteps: number): Controller {
  return { ...controller, horizonSteps: Math.min(controller.horizonSteps, horizonSteps) };
}
