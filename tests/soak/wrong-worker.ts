/** A worker of the optimiser whose plans are valid, fit the house, and are wrong: they never heat, or always do. */
import { isoTimeOf, type OptimalPlan, topics } from "@azru/contracts";
import { planOf, unpackProblem } from "@azru/control";
import { connect, respond } from "@azru/messaging";

export interface WrongWorker {
  close(): Promise<void>;
}

/** @param valve of all its plans, 0 or 1 */
export async function createWrongWorker(url: string, valve: 0 | 1): Promise<WrongWorker> {
  const messenger = connect({
    url,
    service: "mpc",
    clientId: `home-mpc-wrong-${valve}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  respond(messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem: packed }): OptimalPlan => {
    const problem = unpackProblem(packed);
    const { price_eur_kwh, maxPower_w, cop, theta_e_c } = problem;
    const steps = price_eur_kwh.length;
    const course = planOf(problem, new Float64Array(steps).fill(valve));
    const at = (values: number | ArrayLike<number>, k: number) =>
      typeof values === "number" ? values : values[k];
    const column = (value: (k: number) => number) => Array.from({ length: steps }, (_, k) => value(k));
    const heat_w = (k: number) => valve * at(maxPower_w, k);
    const step_s = problem.model.dtSeconds;
    return {
      id,
      worker: "wrong",
      solve_ms: 1,
      status: "optimal",
      objective: course.energyCost_eur,
      energy_cost: course.energyCost_eur,
      storage_saving: 0,
      discomfort_below: 0,
      discomfort_above: 0,
      step_s,
      time: column((k) => k).map((k) => isoTimeOf(Date.parse(start) + k * step_s * 1000)),
      valve_position: column(() => 100 * valve),
      heating_power: column(heat_w),
      planned_power: column((k) => heat_w(k) / at(cop, k)),
      temperature: [...course.theta_air_c],
      mass_temperature: [...course.theta_m_c],
      external_temperature: [...theta_e_c],
      electricity_price: [...price_eur_kwh],
    };
  });
  await messenger.whenConnected();
  return { close: () => messenger.close() };
}

function quiet(): void {}
