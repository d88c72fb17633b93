/** What heating is expected to cost: as planned, and beyond the plan what the least comfort needs. */
import { isoTimeOf, type OptimalPlan, type StateResponse, timeMsOf } from "@azru/contracts";
import { leastHeatingPlan, mpcProblem } from "@azru/control";
import { dayMs, homeDay, homeInstant } from "@azru/runtime";
import { disturbances, heatingCop } from "@azru/simulation";
import { type Rate, stepPrices } from "@azru/tariff";
import type { ComfortKeeper } from "../comfort/comfort-keeper.ts";
import type { House } from "../home/house.ts";
import type { HouseModel } from "../home/house-model.ts";
import type { TariffOutlook } from "../outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "../outlook/weather-outlook.ts";

export interface CostAheadOptions {
  readonly model: HouseModel;
  readonly house: Pick<House, "gainsAhead_w">;
  readonly comfort: Pick<ComfortKeeper, "setpoints_c" | "ceilings_c" | "of">;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
}

/** Costs on the plan's grid, from its first step to the end of tomorrow at least. */
export interface CostAhead {
  readonly planId: string;
  readonly startMs: number; // home time
  readonly step_ms: number;
  readonly cost_eur: readonly number[];
  /** Whether a step's colour is not known, so that its price is a mean over the colours. */
  readonly isGuess: readonly boolean[];
  readonly planEndMs: number; // home time
}

/** Goes on from the plan's end to the end of tomorrow, with the weather, prices and setpoints known at `nowMs`. */
export async function costAhead(
  options: CostAheadOptions,
  plan: OptimalPlan,
  nowMs: number,
): Promise<CostAhead> {
  const { tariff, model } = options;
  const { id, time, step_s, planned_power, electricity_price } = plan;
  const step_ms = step_s * 1000;
  const startMs = timeMsOf(time[0]);
  const planEndMs = startMs + time.length * step_ms;
  const rest = Math.max(0, Math.ceil((nextMidnightMs(nextMidnightMs(nowMs)) - planEndMs) / step_ms));
  const steps = time.length + rest;
  const rates = tariff.rates(startMs, startMs + steps * step_ms, nowMs);
  const planned = planned_power.map((power_w, k) => (power_w * electricity_price[k] * step_s) / 3.6e6);
  const beyond = rest === 0 ? [] : await leastCosts(options, plan, rates, planEndMs, rest, nowMs);
  return {
    planId: id,
    startMs,
    step_ms: model.step.dtSeconds * 1000,
    cost_eur: [...planned, ...beyond],
    isGuess: Array.from({ length: steps }, (_, k) => isUnknown(rates, startMs + k * step_ms)),
    planEndMs,
  };
}

/** What heating costs from the plan's end on where each step gets just what its setpoint needs, EUR a step. */
async function leastCosts(
  { model, house, comfort, weather }: CostAheadOptions,
  { time, step_s, mass_temperature }: OptimalPlan,
  rates: readonly Rate[],
  fromMs: number,
  steps: number,
  nowMs: number,
): Promise<number[]> {
  const { building, maxPower_w } = model;
  const planModel = model.planModels[comfort.of];
  const foreseen = disturbances(building, (await weather.steps(fromMs, step_s, steps)).steps);
  const gains_w = new Float64Array(time.length + steps).fill(building.internalGains_w);
  const price_eur_kwh = stepPrices(rates, fromMs, step_s, steps);
  const min_c = comfort.setpoints_c(fromMs, step_s * 1000, steps, nowMs);
  const problem = mpcProblem(
    {
      model: planModel,
      maxPower_w,
      cop: (theta_e_c) => heatingCop(building, theta_e_c),
      horizonSteps: steps,
      comfort: { min_c, max_c: comfort.ceilings_c(fromMs, step_s * 1000, min_c) },
    },
    { x_c: planModel.b.map(() => mass_temperature[mass_temperature.length - 1]) },
    { ...foreseen, phi_int_w: house.gainsAhead_w(gains_w).subarray(time.length), price_eur_kwh },
  );
  const { phi_HC_w } = leastHeatingPlan(problem);
  return Array.from(phi_HC_w, (heat_w, k) => (heat_w * price_eur_kwh[k] * step_s) / foreseen.cop[k] / 3.6e6);
}

/** The rest of today and tomorrow, by the home's calendar. */
export function expectedCost(
  { startMs, step_ms, cost_eur, isGuess, planEndMs }: CostAhead,
  nowMs: number,
): NonNullable<StateResponse["expected_cost"]> {
  const midnightMs = nextMidnightMs(nowMs);
  const between = (fromMs: number, toMs: number) => {
    let cost = 0;
    let unknown_from: string | null = null;
    for (const [k, step_eur] of cost_eur.entries()) {
      const stepMs = startMs + k * step_ms;
      const within_ms = Math.min(toMs, stepMs + step_ms) - Math.max(fromMs, stepMs);
      if (within_ms <= 0) continue;
      cost += (step_eur * within_ms) / step_ms;
      if (isGuess[k]) unknown_from ??= isoTimeOf(Math.max(fromMs, stepMs));
    }
    return { cost, unknown_from };
  };
  return {
    rest_of_today: between(nowMs, midnightMs),
    tomorrow: between(midnightMs, nextMidnightMs(midnightMs)),
    plan_until: isoTimeOf(planEndMs),
  };
}

function isUnknown(rates: readonly Rate[], atMs: number): boolean {
  return rates.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.colour === "unknown";
}

/** When the home's day that an instant lies in ends. */
function nextMidnightMs(timeMs: number): number {
  const noonMs = homeInstant(homeDay(timeMs), "12:00");
  return homeInstant(homeDay(noonMs + dayMs), "00:00");
}
