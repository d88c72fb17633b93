/** The controllers that the bench knows, by the names that people type. */
import {
  type Controller,
  createPi,
  createTempoRule,
  createThermostat,
  forecastSurprise_k,
  mpcController,
  solveExact,
} from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import { estimatingController, heatingCop, stepOf } from "@azru/simulation";
import type { HomeController, HomeSetting, MakeController } from "./home-controller.ts";

/** How controllers may be named, for help texts. */
export const controllerForms = ["thermostat", "pi[:C]", "rule:A/B/C", "mpc"];

/**
 * The maker of a controller by its name.
 *
 * @throws RangeError when there is none of that name
 */
export function controllerNamed(name: string): MakeController {
  const [kind, value = ""] = name.split(":");
  const numbers = value === "" ? [] : value.split("/").map(Number);
  if (numbers.every((number) => Number.isFinite(number))) {
    if (kind === "thermostat" && numbers.length === 0)
      return ({ building }) => plain(createThermostat(building.thermostat));
    if (kind === "pi" && numbers.length <= 1)
      return () => plain(createPi(numbers.length === 1 ? { setpoint_c: numbers[0]! } : {}));
    if (kind === "rule" && numbers.length === 3) {
      const [usual_c, before_c, red_c] = numbers as [number, number, number];
      return ({ dtSeconds }) => plain(createTempoRule({ usual_c, before_c, red_c, dtSeconds }));
    }
    if (kind === "mpc" && numbers.length === 0) return mpc;
  }
  throw new RangeError(`unknown controller ${name}; possible: ${controllerForms.join(", ")}`);
}

/** A controller that looks at the air temperature, the time and the tariff. */
function plain(controller: Controller): HomeController {
  return {
    name: controller.name,
    horizonSteps: controller.horizonSteps,
    decide: ({ theta_air_c, theta_e_c }, forecast) =>
      controller.decide({ theta_air_c, x_c: [theta_air_c], theta_e_c }, forecast).valve,
  };
}

/** The predictive controller on the 5R1C model of the building file, with its estimator; 48 h ahead. */
function mpc({ building, dtSeconds, isForecastUncertain }: HomeSetting): HomeController {
  const model = stepOf(building, dtSeconds);
  const { maxPower_w } = building.heating;
  const controller = mpcController({
    model: stateSpaceOf(model),
    maxPower_w,
    cop: (theta_e_c) => heatingCop(building, theta_e_c),
    horizonSteps: (48 * 3600) / dtSeconds,
    comfort: building.comfort,
    solver: solveExact,
    ...(isForecastUncertain && { surprise_k: forecastSurprise_k }),
  });
  // The bench has put the sensors' errors in already.
  const sensing = { noise_k: 0, seed: 1, margin: 2.5 };
  return { ...plain(estimatingController(controller, model, maxPower_w, sensing)), name: "mpc" };
}
