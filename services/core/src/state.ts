/** The home at a glance, as `GET /state` answers with it. */
import {
  type ForecastState,
  isoTimeOf,
  type RoomState,
  rateMessage,
  type StateResponse,
  sentenceOf,
  type WeatherKind,
} from "@azru/contracts";
import type { Rival } from "@azru/messaging";
import { type Clock, hourMs } from "@azru/runtime";
import { heatingCop, type Standing } from "@azru/simulation";
import { type Rate, tempoDay, tempoDayOf } from "@azru/tariff";
import type { NightlyCalibration } from "./calibration/nightly.ts";
import type { HomeComfort } from "./comfort/rooms-comfort.ts";
import { expectedCost } from "./decision/cost-ahead.ts";
import { decisionMessage } from "./decision/decision.ts";
import { nextDecisionMs } from "./decision/phase.ts";
import type { RoomHeat } from "./decision/room-heat.ts";
import type { Supervisor } from "./decision/supervisor.ts";
import { heatingReason } from "./home/doubt.ts";
import type { House } from "./home/house.ts";
import type { HouseModel } from "./home/house-model.ts";
import type { ModelInForce } from "./home/model-in-force.ts";
import type { ZoneReading } from "./home/rooms.ts";
import { type Spent, spentUntil } from "./home/spending.ts";
import { whyNoTemperature } from "./home/trust.ts";
import type { OpenWindow } from "./home/windows.ts";
import { zoneEstimate } from "./home/zone-estimate.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";

export interface StateParts {
  readonly site: string;
  readonly clock: Pick<Clock, "simulated" | "isKnown" | "problem">;
  readonly rival: Rival | undefined;
  readonly nowMs: number; // home time
  readonly step_ms: number;
  readonly phase_ms: number;
  readonly model: Pick<ModelInForce, "now">;
  readonly calibration: Pick<NightlyCalibration, "state">;
  readonly house: House;
  readonly comfort: Pick<HomeComfort, "inForce" | "ceilingAt_c" | "of">;
  readonly supervisor: Supervisor;
  readonly weatherKind: WeatherKind;
  /** Undefined before the first. */
  readonly forecast: ForecastState | undefined;
  readonly tariff: TariffOutlook;
}

export function stateOf(parts: StateParts): StateResponse {
  const { nowMs, clock, rival, supervisor, house, tariff } = parts;
  const comfort = parts.comfort.inForce;
  const zone = house.zone(nowMs);
  const rooms = roomStates(parts);
  const rate = clock.isKnown ? rateInForce(tariff, nowMs) : undefined;
  return {
    site: parts.site,
    time: isoTimeOf(nowMs),
    simulated: clock.simulated,
    ...(clock.problem !== undefined && { clock_problem: sentenceOf(clock.problem) }),
    ...(rival && { other_core: { since: isoTimeOf(rival.sinceMs), reason: sentenceOf(rival.reason) } }),
    ...supervisor.mode,
    decision: supervisor.decision ? decisionMessage(supervisor.decision) : null,
    next_decision_at: isoTimeOf(nextDecisionMs(nowMs, parts.step_ms, parts.phase_ms)),
    failsafe: failsafe(supervisor),
    rooms,
    heating: heating(house),
    model: {
      ...parts.calibration.state,
      ...(house.standing && { standing: standingMessage(house.standing) }),
    },
    estimate: estimate(zone, house),
    comfort: {
      min: comfort.setpoint_c,
      max: parts.comfort.ceilingAt_c(nowMs),
      margin: supervisor.forecast?.backOff_k ?? 0,
      ...comfort,
      of: parts.comfort.of,
    },
    rate: rate ? rateMessage(rate) : null,
    inputs: {
      temperature: temperatureInput(zone, rooms),
      weather: weatherInput(parts),
      tariff: tariffInput(tariff),
    },
    savings: savings(parts, rate?.price_eur_kwh ?? 0),
    expected_cost: supervisor.costAhead ? expectedCost(supervisor.costAhead, nowMs) : null,
  };
}

/** The rooms, and of those that are heated each by itself their last commands. */
function roomStates({ house, supervisor, nowMs }: StateParts): RoomState[] {
  const heated = new Map(supervisor.decision?.rooms.map((heat) => [heat.room, heat]));
  const windows = house.openWindows(nowMs);
  return house.rooms(nowMs).map((state) => {
    const heat = heated.get(state.room);
    const window = windows.get(state.room);
    return {
      ...state,
      ...(window && { window: windowMessage(window) }),
      ...(heat && { heating: heatingMessage(heat) }),
    };
  });
}

function windowMessage({ cause, sinceMs, untilMs }: OpenWindow): RoomState["window"] {
  return { cause, since: isoTimeOf(sinceMs), ...(untilMs !== undefined && { until: isoTimeOf(untilMs) }) };
}

function heatingMessage(heat: RoomHeat): RoomState["heating"] {
  const { setpoint_c, target_c, max_c, isOff, valve, power_w } = heat;
  return {
    setpoint: setpoint_c,
    target: target_c,
    max: max_c,
    off: isOff,
    valve_position: 100 * valve,
    power: power_w,
  };
}

function heating({ doubt: { heating: doubt } }: House): StateResponse["heating"] {
  if (!doubt) return { status: "ok" };
  const { fault, sinceMs, measured_c, expected_c, felt } = doubt;
  return {
    status: fault,
    reason: sentenceOf(heatingReason(doubt)),
    since: isoTimeOf(sinceMs),
    measured: measured_c,
    expected: expected_c,
    ...(felt !== undefined && { felt }),
  };
}

function standingMessage({ isTrusted, reason }: Standing): NonNullable<StateResponse["model"]["standing"]> {
  return { trusted: isTrusted, reason };
}

/** The whole rate that an instant lies in. */
export function rateInForce(tariff: TariffOutlook, nowMs: number): Rate | undefined {
  const today = tempoDay(tempoDayOf(nowMs));
  return tariff.rates(today.startMs, today.endMs, nowMs).find(({ endMs }) => endMs > nowMs);
}

function failsafe({ failsafe: active }: Supervisor): StateResponse["failsafe"] {
  if (!active) return { active: false };
  const { reason, sinceMs, fallback: cause, instead, planFromMs } = active;
  return {
    active: true,
    reason,
    since: isoTimeOf(sinceMs),
    ...(cause && { cause }),
    ...(instead && { instead }),
    ...(planFromMs !== undefined && { plan_from: isoTimeOf(planFromMs) }),
  };
}

function estimate(
  zone: ZoneReading | undefined,
  { estimate: known, capacity_kwh_k }: House,
): StateResponse["estimate"] {
  if (!zone || !known) return null;
  return { temperature: zone.theta_air_c, ...zoneEstimate(known), heat_capacity: capacity_kwh_k };
}

type Inputs = StateResponse["inputs"];

function temperatureInput(zone: ZoneReading | undefined, rooms: readonly RoomState[]): Inputs["temperature"] {
  if (!zone) return { source: "none", fallback_reason: sentenceOf(whyNoTemperature(rooms)) };
  return { source: zone.rooms.join(", "), issued_at: isoTimeOf(zone.timeMs) };
}

function weatherInput({ weatherKind: kind, forecast, supervisor }: StateParts): Inputs["weather"] {
  const fallback = supervisor.forecast?.weather.fallback;
  if (!forecast) return { source: "none yet", kind };
  const { source, issued_at, fallback_reason } = forecast;
  return {
    source,
    kind,
    issued_at,
    ...(fallback_reason !== undefined && { fallback_reason }),
    ...(fallback && { fallback }),
  };
}

function tariffInput({ loaded, loadedMs }: TariffOutlook): Inputs["tariff"] {
  const { source, kind, fallbackReason, fallbackCause: cause, doubts = [] } = loaded;
  return {
    source,
    kind,
    ...(loadedMs !== undefined && { issued_at: isoTimeOf(loadedMs) }),
    ...(fallbackReason !== undefined && { fallback_reason: sentenceOf(fallbackReason) }),
    ...(doubts.length > 0 && { warning: sentenceOf(doubts.join("; ")) }),
    ...(cause && { fallback: { cause } }),
  };
}

/**
 * The heat left in the walls is valued at what a kWh of heat cost the baseline, as batch runs do; before it has
 * heated, at the price in force.
 */
function savings(
  { house, model, forecast, nowMs }: StateParts,
  price_eur_kwh: number,
): StateResponse["savings"] {
  const { savings: known, heatLeft_kwh = 0 } = house;
  if (!known) return null;
  const { sinceMs, counted_ms, cost_eur, baseline_eur, baselineHeat_kwh, days } = known;
  const [theta_e_c] = forecast?.temperature ?? [];
  const heat_eur_kwh =
    baselineHeat_kwh > 0
      ? baseline_eur / baselineHeat_kwh
      : price_eur_kwh / (theta_e_c === undefined ? 1 : heatingCop(model.now.building, theta_e_c));
  const walls_value = heatLeft_kwh * heat_eur_kwh;
  const { today, month } = spentUntil(days, nowMs);
  return {
    since: isoTimeOf(sinceMs),
    against: oldThermostat(model.now),
    hours: counted_ms / hourMs,
    cost: cost_eur,
    baseline_cost: baseline_eur,
    baseline_heat: baselineHeat_kwh,
    walls_heat: heatLeft_kwh,
    walls_value,
    saved: baseline_eur - cost_eur + walls_value,
    today: spentMessage(today),
    month: spentMessage(month),
  };
}

type Savings = NonNullable<StateResponse["savings"]>;

function oldThermostat({ building: { thermostat }, known }: HouseModel): Savings["against"] {
  const { kind = "night_setback", on_c, off_c } = thermostat;
  return {
    thermostat: kind,
    on_c,
    ...(kind !== "electronic" && { off_c }),
    house: known ? "states" : "zone",
  };
}

function spentMessage({ paid_eur, baseline_eur }: Spent) {
  return { cost: paid_eur, baseline_cost: baseline_eur };
}
