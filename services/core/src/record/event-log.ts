/** What happens in the core, in the log. */
import type { Logger } from "@azru/runtime";
import { type Decision, decisionMessage } from "../decision/decision.ts";
import { modeState } from "../decision/mode.ts";
import type { HomeStep } from "../home/home-steps.ts";
import { zoneEstimate } from "../home/zone-estimate.ts";
import type { TariffOutlook } from "../outlook/tariff-outlook.ts";
import type { CoreEvent } from "./core-event.ts";

/** @returns logs each event that an operator wants to see */
export function logEvents(log: Logger, tariff: Pick<TariffOutlook, "loaded">): (event: CoreEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "step":
        return logNewModel(log, event);
      case "decision":
        return logDecision(log, tariff, event);
      case "mode":
        return log.info({ mode: modeState(event.mode) }, `mode: ${event.mode.kind}`);
      case "comfort": {
        const { in_force } = event.response;
        return log.info({ comfort: in_force }, `comfort: ${in_force.reason}`);
      }
      default:
        return undefined;
    }
  };
}

function logNewModel(log: Logger, { newModel, estimate }: HomeStep): void {
  if (!newModel) return;
  const calibrated_at = newModel.calibrated?.calibrated_at;
  log.info(
    { calibrated_at, ...(estimate && zoneEstimate(estimate)) },
    calibrated_at === undefined
      ? "the house as in the building file is in force"
      : `the house as calibrated at ${calibrated_at} is in force`,
  );
}

/** One line with everything that a decision came from. */
function logDecision(log: Logger, tariff: Pick<TariffOutlook, "loaded">, decision: Decision): void {
  const { observation, forecast, choice } = decision;
  const { zone, estimate } = observation;
  const { id, time, ...message } = decisionMessage(decision);
  const inputs = {
    temperature: zone?.theta_air_c,
    ...(estimate && zoneEstimate(estimate)),
    margin: forecast?.backOff_k,
    rooms: zone?.rooms,
    weather: forecast?.weather.source,
    weather_fallback: forecast?.weather.fallbackReason,
    tariff: tariff.loaded.source,
    tariff_fallback: tariff.loaded.fallbackReason,
  };
  log[choice.fallback ? "warn" : "info"](
    { decision: id, home_time: time, ...message, ...inputs },
    `valve ${message.valve_position.toFixed(0)} % (${message.source}): ${message.reason}`,
  );
}
