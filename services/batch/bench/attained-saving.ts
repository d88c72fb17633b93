/** How much of what perfect foresight saves a controller catches, on our own twin. */
import {
  type Kpis,
  kpis,
  netCost_eur,
  perfectForesight,
  type RunPlan,
  simulateWhole,
} from "@azru/simulation";
import { parseCommand } from "../src/command.ts";
import { prepareStudy } from "../src/run-study.ts";

/** What thermostat, predictive controller and perfect foresight came to in one home. */
export interface Attained {
  readonly home: string;
  readonly thermostat_eur: number; // net of the heat left in the walls, as all of them
  readonly mpc_eur: number;
  readonly foresight_eur: number;
  /** Saved by the predictive controller, over what perfect foresight saves. */
  readonly share: number;
  readonly mpcBelow_kh: number;
  readonly thermostatBelow_kh: number;
  readonly foresightBelow_kh: number;
}

/**
 * Simulates a study that compares, by both controllers, and plans it with perfect foresight.
 *
 * @param argv arguments of `simulate`
 * @param change what of the files' buildings is to be otherwise
 * @throws UsageError as `simulate` does
 */
export async function attained(
  argv: readonly string[],
  change: (building: RunPlan["building"]) => RunPlan["building"] = (building) => building,
): Promise<Attained[]> {
  const request = parseCommand([...argv, "--compare", "--baseline", "thermostat"]);
  if (!request?.study) throw new RangeError("the options ask for no study");
  const { plans } = await prepareStudy(request.study, "data/cache", Date.now());
  return plans
    .filter(({ mode }) => mode === "mpc")
    .map((plan) => attainedIn({ ...plan, building: change(plan.building) }));
}

function attainedIn(plan: RunPlan): Attained {
  const net_eur = ({ cost_eur, theta_m_end_c }: Kpis) => netCost_eur(plan, cost_eur, theta_m_end_c);
  const [mpc, thermostat] = [simulated(plan), simulated({ ...plan, mode: "manual" })];
  const best = perfectForesight(plan);
  const [thermostat_eur, mpc_eur] = [net_eur(thermostat), net_eur(mpc)];
  const foresight_eur = netCost_eur(plan, best.energyCost_eur, best.theta_m_c[plan.steps - 1]);
  return {
    home: plan.building.name,
    ...{ thermostat_eur, mpc_eur, foresight_eur },
    share: (thermostat_eur - mpc_eur) / (thermostat_eur - foresight_eur),
    mpcBelow_kh: mpc.discomfortBelow_kh,
    thermostatBelow_kh: thermostat.discomfortBelow_kh,
    foresightBelow_kh: best.discomfortBelow_kh,
  };
}

function simulated(plan: RunPlan): Kpis {
  return kpis(simulateWhole(plan), plan.building.comfort);
}
