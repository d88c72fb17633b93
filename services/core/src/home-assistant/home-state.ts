/** The home in one flat message. */
import {
  type ComfortResponse,
  type HomeRoom,
  type HomeState,
  isoTimeOf,
  type RoomState,
  type StateResponse,
  sentenceOf,
  timeMsOf,
} from "@azru/contracts";
import { hourMs } from "@azru/runtime";
import type { Core } from "../core.ts";
import type { Language } from "../dashboard/page/format.ts";
import { planStepAt } from "../decision/kept-plan.ts";
import { reasonOf } from "./reason.ts";

/** What a home's state is read from. */
export type HomeParts = Pick<
  Core,
  "state" | "tariff" | "plan" | "comfort" | "rates" | "readiness" | "energy_kwh"
>;

/** A price changes twice a day at least, where it changes at all. */
const changesWithin_ms = 36 * hourMs;

/**
 * @param core its state, tariff and plan of this moment
 * @param language of the reason
 */
export function homeStateOf(core: HomeParts, language: Language = "en"): HomeState {
  const state = core.state();
  const tariff = core.tariff();
  const { today, tomorrow, remaining_days } = tariff;
  const { decision, rate, savings, estimate } = state;
  const { max_c, settings } = core.comfort.response;
  const { warmest } = settings;
  const next = nextRate(core, timeMsOf(state.time));
  const valve_position = decision?.valve_position ?? null;
  return {
    time: state.time,
    mode: state.mode,
    action: actionOf(state),
    manual_until: state.manual?.expires_at ?? null,
    temperature: rounded(estimate?.temperature, 2),
    mass_temperature: rounded(estimate?.mass_temperature, 2),
    operative_temperature: rounded(estimate?.operative_temperature, 2),
    comfort_of: state.comfort.of,
    setpoint: state.comfort.min,
    warmest_day: warmest?.day_c ?? max_c,
    warmest_night: warmest?.night_c ?? max_c,
    preset: presetOf(state),
    preset_until: state.comfort.until,
    vacation_until: core.comfort.response.vacation?.until ?? null,
    planned_temperature: rounded(plannedTemperature(core.plan()?.plan, state), 2),
    valve_position: rounded(valve_position, 1),
    planned_power: rounded(decision?.planned_power, 0),
    source: decision?.source ?? null,
    reason: reasonOf(core, state, tariff, language),
    detail: decision?.reason ?? null,
    price: rate?.price ?? null,
    period: rate?.period ?? null,
    next_price: next?.price ?? null,
    price_changes_at: next?.start ?? null,
    colour_today: today.colour ?? null,
    colour_tomorrow: tomorrow.colour ?? null,
    blue_days_left: remaining_days?.blue ?? null,
    white_days_left: remaining_days?.white ?? null,
    red_days_left: remaining_days?.red ?? null,
    energy: Number(core.energy_kwh.toFixed(2)),
    cost: rounded(savings?.cost, 3),
    saving: savings ? rounded(savings.saved, 3) : null,
    failsafe: state.failsafe.active ? "ON" : "OFF",
    problems: problemsOf(core),
    rooms: homeRoomsOf(state, core.comfort.response.rooms),
  };
}

/** The next rate of another price; undefined where none is in sight. */
function nextRate(core: HomeParts, nowMs: number) {
  const [now, ...later] = core.rates(nowMs, nowMs + changesWithin_ms);
  const next = later.find(({ price_eur_kwh }) => price_eur_kwh !== now.price_eur_kwh);
  return next && { price: next.price_eur_kwh, start: isoTimeOf(next.startMs) };
}

/** Of each thing that the core depends on; not the broker, without which nobody would read it. */
function problemsOf(core: HomeParts): HomeState["problems"] {
  const { broker: _, ...dependencies } = core.readiness().dependencies;
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, { status, detail }]) => [
      name,
      status === "up" ? null : sentenceOf(detail ?? status),
    ]),
  );
}

/** A home with one room that is heated as one is that room: the home's own entities say all of it. */
function homeRoomsOf(
  { mode, rooms }: Pick<StateResponse, "mode" | "rooms">,
  requests: RoomRequests,
): Readonly<Record<string, HomeRoom>> {
  if (rooms.length < 2 && !rooms.some(({ heating }) => heating)) return {};
  return Object.fromEntries(
    rooms.map((room) => [
      room.room,
      { ...homeRoomOf(room), ...commandedOf(room, mode, requests[room.room]) },
    ]),
  );
}

type RoomRequests = ComfortResponse["rooms"];

/** What the thermostat of a room that is heated by itself shows; nothing of the others. */
function commandedOf(
  { heating }: RoomState,
  homeMode: StateResponse["mode"],
  asked: RoomRequests[string] | undefined,
): Pick<HomeRoom, "target" | "mode" | "preset" | "action"> {
  if (!heating) return { target: null, mode: null, preset: null, action: null };
  const isOff = asked?.preset === "off";
  const idle = isOff || homeMode === "off" ? "off" : "idle";
  return {
    target: heating.target ?? heating.setpoint,
    mode: isOff ? "off" : "auto",
    preset: asked?.preset && asked.preset !== "off" ? asked.preset : "none",
    action: heating.valve_position > 0 ? "heating" : idle,
  };
}

function homeRoomOf({
  status,
  reason,
  metrics,
  window,
  heating,
}: RoomState): Omit<HomeRoom, "target" | "mode" | "preset" | "action"> {
  return {
    temperature: status === "fresh" ? rounded(metrics.temperature, 2) : null,
    setpoint: heating?.setpoint ?? null,
    power: heating ? rounded((heating.valve_position / 100) * heating.power, 0) : null,
    window: window ? "ON" : "OFF",
    problem: status === "fresh" ? null : sentenceOf(reason ?? status),
  };
}

function presetOf({ comfort: { rule, preset } }: StateResponse): HomeState["preset"] {
  if (rule === "away" || rule === "vacation") return rule;
  return rule === "temporary" ? (preset ?? "none") : "none";
}

function actionOf(state: StateResponse): HomeState["action"] {
  if ((state.decision?.valve_position ?? 0) > 0) return "heating";
  return state.mode === "off" ? "off" : "idle";
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
