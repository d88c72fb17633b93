import type { Controller, Forecast } from "@azru/control";
import {
  type HeatedHouse,
  heatStore,
  outputOf,
  type StateSpace,
  stepHouse,
  storeTemperature_c,
} from "@azru/house";
import type { Disturbances } from "./disturbances.ts";
import { createTrajectory, type Trajectory } from "./trajectory.ts";

export interface ClosedLoop {
  /** The house as it is: its step of the same length as the disturbances'. */
  readonly twin: HeatedHouse;
  /** The twin's step with its operative temperature as output. */
  readonly operative?: StateSpace;
  readonly controller: Controller;
  /** What acts on the house; at least `steps` long. */
  readonly disturbances: Disturbances;
  /** What is paid in each step, EUR/kWh. */
  readonly price_eur_kwh: Float64Array;
  readonly steps: number;
  readonly x_start_c: ArrayLike<number>; // states of the twin
  readonly theta_air_start_c: number;
  /** What the controller gets at step `k`: `horizonSteps` values of each, the first being step `k`'s. */
  readonly forecastAt: (k: number, horizonSteps: number) => Forecast;
  /** Milliseconds from any origin, to time the decisions. */
  readonly stopwatch: () => number;
}

/**
 * Runs a controller and a house in the weather, a step at each `next()`. The trajectory is
 * handed out once a step and grows in place, so a run may be left at any point with what was computed.
 *
 * @throws RangeError when the series are shorter than `steps`, or the controller leaves 0..1
 */
export function* closedLoop(loop: ClosedLoop): Generator<Trajectory, Trajectory> {
  const { twin, controller, disturbances, steps } = loop;
  checkLengths(loop);
  const t = createTrajectory(disturbances.startMs, disturbances.dtSeconds, steps);
  const store = heatStore(twin.model);
  let x_c: Float64Array = Float64Array.from(loop.x_start_c);
  let theta_air_c = loop.theta_air_start_c;

  for (let k = 0; k < steps; k++) {
    const forecast = loop.forecastAt(k, controller.horizonSteps);
    const before = loop.stopwatch();
    const outdoor = k > 0 ? { theta_e_c: disturbances.theta_e_c[k - 1] } : {};
    const { valve } = controller.decide({ theta_air_c, x_c, ...outdoor }, forecast);
    t.optimisation_ms[k] = loop.stopwatch() - before;
    if (!(valve >= 0 && valve <= 1)) {
      throw new RangeError(`${controller.name} decided valve ${valve} at step ${k}, must be within 0..1`);
    }

    const acting = {
      theta_e_c: disturbances.theta_e_c[k],
      phi_sol_w: disturbances.phi_sol_w[k],
      phi_int_w: disturbances.phi_int_w[k],
    };
    const step = stepHouse(twin, x_c, {
      valve,
      ...acting,
      cop: disturbances.cop[k],
      price_eur_kwh: loop.price_eur_kwh[k],
    });
    if (loop.operative) t.theta_op_c[k] = outputOf(loop.operative, x_c, step.phi_HC_w, acting);
    x_c = step.x_c;
    theta_air_c = step.theta_air_c;

    t.valve[k] = valve;
    t.phi_HC_w[k] = step.phi_HC_w;
    t.power_w[k] = step.power_w;
    t.theta_air_c[k] = theta_air_c;
    t.theta_m_c[k] = storeTemperature_c(store, x_c);
    t.theta_e_c[k] = disturbances.theta_e_c[k];
    t.phi_sol_w[k] = disturbances.phi_sol_w[k];
    t.price_eur_kwh[k] = loop.price_eur_kwh[k];
    t.cost_eur[k] = step.cost_eur;
    t.length = k + 1;
    yield t;
  }
  return t;
}

function checkLengths({ disturbances, price_eur_kwh, steps, twin }: ClosedLoop): void {
  if (twin.model.dtSeconds !== disturbances.dtSeconds) {
    throw new RangeError(
      `twin.model.dtSeconds ${twin.model.dtSeconds} differs from the disturbances' ${disturbances.dtSeconds}`,
    );
  }
  for (const [name, column] of Object.entries({ ...disturbances, price_eur_kwh })) {
    if (column instanceof Float64Array && column.length < steps) {
      throw new RangeError(`${name} has ${column.length} steps, the run needs ${steps}`);
    }
  }
}
