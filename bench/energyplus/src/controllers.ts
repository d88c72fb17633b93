/** The controllers that the bench knows, by the names that people type. */
import {
  createPi,
  createTempoRule,
  createThermostat,
  disturbanceSd_k,
  mpcController,
  type PiOptions,
  solveExact,
  solveInteriorPoint,
} from "@azru/control";
import { stateSpaceOf } from "@azru/house";
import {
  type Building,
  createHomeController,
  disturbances,
  estimatingController,
  type HomeControllerOptions,
  heatingCop,
  installerGains,
  stepOf,
} from "@azru/simulation";
import { createControlAccount } from "./control-account.ts";
import type { HomeController, HomeHistory, HomeSetting, MakeController } from "./home-controller.ts";
import { peerController, peerNames } from "./peer-controller.ts";
import { plainController } from "./plain-controller.ts";

/** How controllers may be named, for help texts. */
export const controllerForms = [
  ...["thermostat", "pi[:C[/GAIN/HOURS]]", "rule:A/B/C", "mpc", "azru"],
  ...peerNames.map((name) => `${name}[:HOURS]`),
];

/** EMHASS's own horizon, `delta_forecast_daily` of its configuration. */
const peerHorizon_h = 24;

/** Whether a controller needs the Python environment of `peers/`. */
export function isPeer(name: string): boolean {
  return peerNames.some((peer) => name.split(":")[0] === peer);
}

/** The family of rules of which the best is to beat: setpoint as usual, before a red day, in red peak hours. */
export const ruleFamily: readonly string[] = [22, 24, 25].flatMap((before_c) =>
  [19, 19.2, 19.5].map((red_c) => `rule:19.5/${before_c}/${red_c}`),
);

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
      return ({ building }) =>
        plainController(createThermostat({ ...building.thermostat, min_c: building.comfort.min_c }));
    if (kind === "pi" && [0, 1, 3].includes(numbers.length))
      return ({ building }) => plainController(createPi(piOf(numbers, building)));
    if (kind === "rule" && numbers.length === 3) {
      const [usual_c, before_c, red_c] = numbers as [number, number, number];
      return ({ building, dtSeconds }) =>
        plainController(
          createTempoRule({
            usual_c,
            before_c,
            red_c,
            min_c: building.comfort.min_c,
            gains: installerGains(building.heating.emission),
            dtSeconds,
          }),
        );
    }
    if (kind === "mpc" && numbers.length === 0) return mpc;
    if (kind === "azru" && numbers.length === 0) return azru;
    const peer = peerNames.find((name) => name === kind);
    if (peer && numbers.length <= 1 && numbers.every((hours) => hours > 0 && hours <= 48))
      return (setting) => peerController(peer, setting, numbers[0] ?? peerHorizon_h);
  }
  throw new RangeError(`unknown controller ${name}; possible: ${controllerForms.join(", ")}`);
}

/** Setpoint, gain and integral time, where given. */
function piOf([setpoint_c, gain_per_k, integral_h]: readonly number[], building: Building): PiOptions {
  const isGiven = gain_per_k !== undefined && integral_h !== undefined;
  return {
    ...(setpoint_c !== undefined && { setpoint_c }),
    min_c: building.comfort.min_c,
    gains: isGiven ? { gain_per_k, integral_h } : installerGains(building.heating.emission),
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
    ...(isForecastUncertain && { surprise_k: disturbanceSd_k }),
  });
  // The bench has put the sensors' errors in already.
  const sensing = { noise_k: 0, seed: 1, margin: 2.5 };
  return { ...plainController(estimatingController(controller, model, maxPower_w, sensing)), name: "mpc" };
}

/** The home's controller: houses of several states, learnt from the history, and control that is earned. */
function azru(setting: HomeSetting): HomeController {
  return learningController(setting, { learnsEvery_days: 7 }).controller;
}

/**
 * Azru's controller in a home of the bench, and what it is made of.
 *
 * @param more how often it learns while it runs (never when absent), and what is known when it begins
 */
export function learningController(
  { building, dtSeconds }: HomeSetting,
  more: Pick<HomeControllerOptions, "learnsEvery_days" | "known" | "memory"> = {},
) {
  const cop = (theta_e_c: number) => heatingCop(building, theta_e_c);
  const inside = createHomeController({
    building,
    dtSeconds,
    horizonSteps: (48 * 3600) / dtSeconds,
    solver: solveInteriorPoint,
    hourOfDay: winterHour, // days off are Saturday and Sunday: the people of EnergyPlus's houses know no holidays
    ...more,
  });
  const control = createControlAccount();
  const controller = {
    name: inside.name,
    horizonSteps: inside.horizonSteps,
    learn({ startMs, theta_air_c, theta_e_c, power_w, valve, weather }: HomeHistory) {
      inside.learn({
        startMs,
        dtSeconds,
        theta_air_c,
        theta_e_c,
        valve,
        phi_HC_w: power_w.map((power, k) => power * cop(theta_e_c[k])),
        phi_sol_w: disturbances(building, weather).phi_sol_w,
        solarGains: "windows",
      });
    },
    decide({ timeMs, theta_air_c, theta_e_c, power_w }, forecast) {
      const measured = { timeMs, theta_air_c, theta_e_c, phi_HC_w: power_w * cop(theta_e_c) };
      const decision = inside.decide(measured, forecast);
      control.note(decision, inside.learning);
      return decision.valve;
    },
    account: () => control.account,
  } satisfies HomeController;
  return { controller, inside };
}

/** Paris in winter. */
function winterHour(timeMs: number): number {
  return (timeMs / 3_600_000 + 1) % 24;
}
