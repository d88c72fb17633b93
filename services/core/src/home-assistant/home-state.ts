/** The home in one flat message. */
import { type HomeState, type StateResponse, timeMsOf } from "@azru/contracts";
import type { Core } from "../core.ts";
import { planStepAt } from "../decision/kept-plan.ts";

/** @param core what is told comes from its state, tariff and plan of this moment */
export function homeStateOf(core: Pick<Core, "state" | "tariff" | "plan" | "comfort">): HomeState {
  const state = core.state();
  const { today, tomorrow } = core.tariff();
  const { decision, rate, savings, estimate } = state;
  const valve_position = decision?.valve_position ?? null;
  return {
    time: state.time,
    mode: modeOf(state),
    action: actionOf(state),
    manual_until: state.manual?.expires_at ?? null,
    temperature: rounded(estimate?.temperature, 2),
    mass_temperature: rounded(estimate?.mass_temperature, 2),
    setpoint: state.comfort.min,
    preset: presetOf(state),
    preset_until: state.comfort.until,
    vacation_until: core.comfort.response.vacation?.until ?? null,
    planned_temperature: rounded(plannedTemperature(core.plan()?.plan, state), 2),
    valve_position: rounded(valve_position, 1),
    planned_power: rounded(decision?.planned_power, 0),
    source: decision?.source ?? null,
    reason: decision?.reason ?? null,
    price: rate?.price ?? null,
    period: rate?.period ?? null,
    colour_today: today.colour ?? null,
    colour_tomorrow: tomorrow.colour ?? null,
    cost: rounded(savings?.cost, 3),
    saving: savings ? rounded(savings.saved, 3) : null,
    failsafe: state.failsafe.active ? "ON" : "OFF",
  };
}

function modeOf({ manual }: StateResponse): HomeState["mode"] {
  if (!manual) return "auto";
  return manual.valve_position === 0 ? "off" : "manual";
}

function presetOf({ comfort: { rule, preset } }: StateResponse): HomeState["preset"] {
  if (rule === "away" || rule === "vacation") return rule;
  return rule === "temporary" ? (preset ?? "none") : "none";
}

function actionOf(state: StateResponse): HomeState["action"] {
  if ((state.decision?.valve_position ?? 0) > 0) return "heating";
  return modeOf(state) === "off" ? "off" : "idle";
}

function plannedTemperature(
  plan: NonNullable<ReturnType<Core["plan"]>>["plan"] | undefined,
  { time }: StateResponse,
): number | undefined {
  const step = plan && planStepAt(plan, timeMsOf(time));
  return step === undefined ? undefined : plan?.temperature[step];
}

/** Rounded, so that a message follows only where something has changed that anybody could see. */
function rounded(value: number | null | undefined, digits: number): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(digits));
}
