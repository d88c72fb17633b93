/** What a plan would do by the core's own model of the house, before it is followed. */
import type { OptimalPlan } from "@azru/contracts";
import { leastHeatingPlan, type MpcProblem, type Plan, planOf } from "@azru/control";
import type { Refusal } from "./decision.ts";

/** So far may a plan's temperatures be from what the model makes of its own heat, K. */
const largestDeparture_k = 15;
/** Valve and heat may differ by so much of the full heat: rounding. */
const rounding = 0.02;
/** So much colder or warmer than comfort allows may a plan make the room, beyond the thermostat's, on average, K. */
const largestMiss_k = 2;
/** A plan costs clearly more when it does so by more than this share of what full heat over the horizon costs. */
const clearly = 0.5;

type Values = ArrayLike<number>;

/** What comfort asks for, without the distance that plans keep from it; one value a step, degrees C. */
interface Comfort {
  readonly min_c: Values;
  readonly max_c: Values;
}

/** Why a plan that answers what was asked is not followed; undefined where it may be. */
export function refusalOf(plan: OptimalPlan, problem: MpcProblem, asked: Comfort): Refusal | undefined {
  const heat = heatContradiction(plan, problem);
  if (heat !== undefined) return { cause: "bad_plan", why: `unusable plan: ${heat}` };
  const valve = Float64Array.from(plan.valve_position, (position) => position / 100);
  const own = planOf(problem, valve);
  const contradiction = temperatureContradiction(plan, own) ?? costContradiction(plan, problem, own);
  if (contradiction !== undefined) return { cause: "bad_plan", why: `unusable plan: ${contradiction}` };
  const worse = worseThanThermostat(problem, own, asked);
  return worse === undefined ? undefined : { cause: "worse_plan", why: `the plan is not followed: ${worse}` };
}

/** Valve, heat and electricity say the same. */
function heatContradiction(plan: OptimalPlan, problem: MpcProblem): string | undefined {
  const { time, valve_position, heating_power, planned_power } = plan;
  for (const [k, heat_w] of heating_power.entries()) {
    const most_w = valueAt(problem.maxPower_w, k);
    const slack_w = rounding * most_w;
    const byValve_w = (valve_position[k] / 100) * most_w;
    if (Math.abs(heat_w - byValve_w) > slack_w)
      return `at ${time[k]} its valve of ${valve_position[k].toFixed(0)} % gives ${byValve_w.toFixed(0)} W of heat, not ${heat_w.toFixed(0)} W`;
    const isFree = heat_w > slack_w && planned_power[k] <= 0;
    if (isFree || planned_power[k] > heat_w + slack_w)
      return `at ${time[k]} it gives ${heat_w.toFixed(0)} W of heat by ${planned_power[k].toFixed(0)} W of electricity`;
  }
  return undefined;
}

/** Temperatures that the house cannot have with the heat planned. */
function temperatureContradiction(
  { time, temperature, mass_temperature }: OptimalPlan,
  own: Plan,
): string | undefined {
  for (const k of temperature.keys()) {
    const far = [
      { what: "air", planned_c: temperature[k], possible_c: own.theta_air_c[k] },
      { what: "walls", planned_c: mass_temperature[k], possible_c: own.theta_m_c[k] },
    ].find(({ planned_c, possible_c }) => !(Math.abs(planned_c - possible_c) <= largestDeparture_k));
    if (far) {
      return `its ${far.what} at ${time[k]} would have ${far.planned_c.toFixed(1)} degrees where the model has ${far.possible_c.toFixed(1)}`;
    }
  }
  return undefined;
}

function costContradiction({ energy_cost }: OptimalPlan, problem: MpcProblem, own: Plan): string | undefined {
  if (Math.abs(energy_cost - own.energyCost_eur) <= fullCost_eur(problem)) return undefined;
  return `it is said to cost ${energy_cost.toFixed(2)} EUR where its heat costs ${own.energyCost_eur.toFixed(2)} EUR`;
}

/** How a plan does worse than heating each step just what its comfort needs, as a thermostat does. */
function worseThanThermostat(problem: MpcProblem, own: Plan, { min_c, max_c }: Comfort): string | undefined {
  const thermostat = leastHeatingPlan(problem);
  const miss = ({ theta_air_c }: Plan) => ({
    cold_k: mean(theta_air_c.map((theta, k) => Math.max(0, min_c[k] - theta))),
    warm_k: mean(theta_air_c.map((theta, k) => Math.max(0, theta - max_c[k]))),
  });
  const [planned, usual] = [miss(own), miss(thermostat)];
  const colder_k = planned.cold_k - usual.cold_k;
  const warmer_k = planned.warm_k - usual.warm_k;
  const isMiss = Math.max(colder_k, warmer_k) > largestMiss_k;
  if (isMiss) {
    const by = colder_k > warmer_k ? `${colder_k.toFixed(1)} K colder` : `${warmer_k.toFixed(1)} K warmer`;
    return `by the model of the house the room would be ${by} than asked for, on average`;
  }
  const more_eur = own.energyCost_eur - thermostat.energyCost_eur;
  if (more_eur <= clearly * fullCost_eur(problem)) return undefined;
  return `its heat costs ${more_eur.toFixed(2)} EUR more than the thermostat's`;
}

/** What full heat costs over the horizon, EUR; where somebody is paid for taking electricity, the size of what he gets. */
function fullCost_eur({ model, price_eur_kwh, maxPower_w, cop }: MpcProblem): number {
  const hours = model.dtSeconds / 3600;
  let cost = 0;
  for (let k = 0; k < price_eur_kwh.length; k++)
    cost += (Math.abs(price_eur_kwh[k]) * valueAt(maxPower_w, k) * hours) / (1000 * valueAt(cop, k));
  return cost;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function valueAt(values: number | Values, k: number): number {
  return typeof values === "number" ? values : values[k];
}
