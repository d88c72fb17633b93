/** Whether a history holds enough to learn from. */
import { stepsADay } from "./day-ahead.ts";
import type { History } from "./history.ts";
import { isDriven } from "./house-model.ts";

const leastDays = 7;
const leastMeasuredShare = 0.5; // of the steps
const leastHeatingSd = 0.02; // of the valve, or of the greatest heat metered
const leastSwing_k = 0.15; // standard deviation of the air temperature: a sensor's noise alone makes 0.1

/** What a history lacks to learn a house from, in one sentence; undefined where it lacks nothing obvious. */
export function excitationGap(history: History): string | undefined {
  const steps = history.theta_air_c.length;
  const days = steps / stepsADay(history);
  if (days < leastDays)
    return `The history is too short: ${days.toFixed(1)} days, at least ${leastDays} are needed.`;

  const measured: number[] = [];
  for (let k = 0; k < steps; k++) {
    if (isDriven(history, k) && !Number.isNaN(history.theta_air_c[k])) measured.push(k);
  }
  if (measured.length < leastMeasuredShare * steps) {
    const share = Math.round((100 * measured.length) / steps);
    return `Too much is missing: only ${share} % of the steps have air temperature, heating and weather.`;
  }

  const heat = measured.map((k) => (history.phi_HC_w ?? history.valve)[k]);
  const full = history.phi_HC_w
    ? Math.max(...history.phi_HC_w.filter((heat_w) => !Number.isNaN(heat_w)), 1)
    : 1;
  if (Math.sqrt(variance(heat)) < leastHeatingSd * full)
    return "The heating hardly changed, so what it does to the house cannot be learnt.";

  const air = measured.map((k) => history.theta_air_c[k]);
  const swing_k = Math.sqrt(variance(air));
  if (swing_k < leastSwing_k)
    return `The air temperature hardly moved (by ${swing_k.toFixed(2)} K): what the house stores and loses cannot be learnt; let it cool down by a degree or two at night.`;
  return undefined;
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
