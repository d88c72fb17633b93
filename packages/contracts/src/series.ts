/** The stored series: what each measurement holds, and how messages become points. One writer per series. */
import type { ComfortInForce, ComfortRequests, ComfortTemperature } from "./comfort.ts";
import type { MpcPlan, OptimalPlan } from "./mpc.ts";
import type { Rate, SensorMetrics, ValveCommand } from "./payloads.ts";
import type { Point } from "./point.ts";
import { timeMsOf } from "./time.ts";
import type { ZoneEstimate } from "./zone-estimate.ts";

export interface FieldDefinition {
  readonly type: "number" | "string" | "boolean";
  /** Unit symbol; empty where there is none. */
  readonly unit: string;
  readonly description: string;
}

export interface SeriesDefinition {
  readonly description: string;
  /** Tag name to what it says. Tags are bounded: no identifier of an event is ever a tag. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

const number = (unit: string, description: string): FieldDefinition => ({
  type: "number",
  unit,
  description,
});
const text = (description: string): FieldDefinition => ({ type: "string", unit: "", description });
const flag = (description: string): FieldDefinition => ({ type: "boolean", unit: "", description });

const location = "room";
/** Tag of what a simulated home wrote; a real home's points and those of batch runs carry none. */
const homeTags = { simulated: "true where the home is the digital twin" };
/** Tags of batch runs alone; the live home's points carry neither. */
const batchTags = { run: "name of the batch run", mode: "controller of the batch run, mpc or manual" };

/**
 * How far ahead of time a plan is kept apart, hours; the tag `lead` is `latest` or one of `1h`, `3h`, `6h`,
 * `12h`.
 *
 * `latest` holds the whole plan and is overwritten by every newer one, so its past is what was expected just
 * before each step, its future what is expected now. The others keep one point a plan, so that expectation
 * and reality can be laid over each other. A plan of 96 steps thus grows the store by 5 points, not 96.
 */
export const planLeads_h = [1, 3, 6, 12] as const;

const twin = {
  temperature: number("degrees C", "air temperature"),
  mass_temperature: number("degrees C", "temperature of the building's mass"),
  external_temperature: number("degrees C", "outdoor temperature"),
  power_consumption: number("W", "electric power of the heating"),
  solar_power: number("W", "solar gains"),
  valve_position: number("%", "valve position"),
  electricity_price: number("EUR/kWh", "price of electricity"),
  heating_cost_step: number("EUR", "cost of heating since the point before"),
  heating_cost_cumulative: number("EUR", "cost of heating since the start"),
};

export const series = {
  sensors: {
    description: "what the sensors measured",
    tags: { location, ...homeTags, ...batchTags },
    fields: {
      ...twin,
      battery: number("%", "charge of the sensor's battery"),
      window_open: number("", "1 while a window of the room was open, by a contact or by how the air fell"),
    },
  },
  actuators: {
    description: "commands sent to the valves",
    tags: {
      location,
      type: "valve",
      source: "mpc, manual, thermostat or failsafe",
      ...homeTags,
      ...batchTags,
    },
    fields: {
      valve_position: number("%", "valve position commanded"),
      planned_power: number("W", "electric power expected"),
    },
  },
  plan: {
    description: "what the optimiser expected; the time is that of the step foreseen",
    tags: { lead: "latest, 1h, 3h, 6h or 12h", ...homeTags, ...batchTags },
    fields: {
      valve_position: number("%", "valve position planned"),
      heating_power: number("W", "heat planned"),
      planned_power: number("W", "electric power planned"),
      temperature: number("degrees C", "air temperature expected, mean of the step"),
      operative_temperature: number("degrees C", "temperature of air and surfaces together that is expected"),
      mass_temperature: number("degrees C", "mass temperature expected at the end of the step"),
      external_temperature: number("degrees C", "outdoor temperature foreseen"),
      electricity_price: number("EUR/kWh", "price foreseen"),
      id: text("id of the plan"),
    },
  },
  mpc: {
    description: "each optimisation",
    tags: { ...homeTags, ...batchTags },
    fields: {
      status: text("optimal or failed"),
      objective: number("EUR", "objective, comfort and terminal value included"),
      energy_cost: number("EUR", "cost of the energy planned"),
      storage_saving: number("EUR", "what the plan saves against heating just what the least comfort needs"),
      solve_ms: number("ms", "time the solver took"),
      round_trip_ms: number("ms", "time from request to answer"),
      worker: text("who solved it"),
      id: text("id of the plan"),
      error: text("why there is no plan"),
    },
  },
  tariff: {
    description: "the price in force, one point a step and at each change",
    tags: { ...homeTags, ...batchTags },
    fields: {
      price: number("EUR/kWh", "price of electricity"),
      period: text("peak or off_peak"),
      colour: text("blue, white, red or unknown"),
      colour_code: number("", "0 unknown, 1 blue, 2 white, 3 red, as EDF counts them"),
    },
  },
  baseline: {
    description: "the same home with the thermostat alone, simulated beside the real one",
    tags: { location, ...homeTags, ...batchTags },
    fields: twin,
  },
  savings: {
    description:
      "what the home has saved against the thermostat since it began, at each step; as GET /state says it",
    tags: { ...homeTags },
    fields: {
      cost: number("EUR", "cost of heating"),
      baseline_cost: number("EUR", "what the thermostat alone would have cost"),
      walls_heat: number("kWh", "heat that the walls hold more than the thermostat's would"),
      walls_value: number("EUR", "what that heat is worth"),
      saved: number("EUR", "baseline_cost - cost + walls_value"),
      since: text("ISO 8601 time from which it is counted"),
      hours: number("h", "how much of the time since then is counted: both costs are known"),
      baseline_heat: number("kWh", "heat that the thermostat would have given in that time"),
    },
  },
  comfort: {
    description: "the band in force, one point a step and at each change",
    tags: { ...homeTags },
    fields: {
      min: number("degrees C", "setpoint: least temperature requested"),
      max: number("degrees C", "above it the room is too warm"),
      of: text("air or operative: the temperature that both are of"),
      margin: number("K", "distance that plans keep above the setpoint; at each step"),
      rule: text("temporary, vacation, away or schedule"),
      preset: text("eco, comfort or boost; absent where the setpoint is no preset's"),
    },
  },
  wishes: {
    description: "each change of the comfort requests, kept so that it survives a restart",
    tags: { ...homeTags },
    fields: { wishes: text("settings, presence, temporary setpoint and vacation, JSON") },
  },
  estimate: {
    description: "what the core takes the home's state to be, at each step",
    tags: { location, ...homeTags },
    fields: {
      mass_temperature: number("degrees C", "temperature of the building's mass, estimated"),
      operative_temperature: number("degrees C", "of air and surfaces together, estimated"),
      mass_temperature_sd: number("K", "standard deviation of the mass temperature's estimate"),
      unknown_gains: number("W", "heat that the model does not know, losses below 0"),
      unknown_gains_sd: number("W", "standard deviation of the unknown gains"),
      sensor_noise: number("K", "standard deviation that the air's sensor is found to err by"),
      outdoor_error: number(
        "K",
        "outdoor temperature measured less foreseen; absent where nobody measures it",
      ),
      heating_fault: number(
        "",
        "1 while heat is ordered and not felt, 2 while it is felt and was not ordered; absent where neither",
      ),
      evidence: text("how likely each noise of sensor, model, gains and sun is, JSON, kept over a restart"),
    },
  },
  mode: {
    description: "each change of mode, kept so that it survives a restart",
    tags: { ...homeTags },
    fields: {
      auto_mode: flag("true when the optimiser decides"),
      kind: text("auto, thermostat, manual or off"),
      valve_position: number("%", "valve position in manual mode"),
      expires_at: text("home time at which manual mode ends, ISO 8601"),
    },
  },
} as const satisfies Record<string, SeriesDefinition>;

export type SeriesName = keyof typeof series;
export const seriesNames = Object.keys(series) as readonly SeriesName[];

/** Marks the points of a batch run. */
export interface RunTags {
  readonly run: string;
  readonly mode: string;
}

/** What a room's sensors measured at `timeMs` (Unix time, home time in simulation). */
export function sensorPoint(room: string, metrics: SensorMetrics, timeMs: number, run?: RunTags): Point {
  return point("sensors", { location: room, ...run }, metrics, timeMs);
}

/** What the thermostat's twin of a room did at `timeMs`. */
export function baselinePoint(room: string, metrics: SensorMetrics, timeMs: number, run?: RunTags): Point {
  return point("baseline", { location: room, ...run }, metrics, timeMs);
}

/** What the core takes the state of a room's zone to be at `timeMs`, and what it knows of the noise. */
export function estimatePoint(
  room: string,
  estimate: ZoneEstimate,
  noise: Readonly<Record<string, number>>,
  timeMs: number,
): Point {
  return point("estimate", { location: room }, { ...estimate, evidence: JSON.stringify(noise) }, timeMs);
}

/** A command sent to a room's valve at `timeMs`. */
export function actuatorPoint(room: string, command: ValveCommand, timeMs: number, run?: RunTags): Point {
  return point(
    "actuators",
    { location: room, type: "valve", source: command.source, ...run },
    command,
    timeMs,
  );
}

/** A plan's steps: all of them as `latest`, and the one at each of `planLeads_h` that it reaches. */
export function planPoints(plan: OptimalPlan, run?: RunTags): Point[] {
  const step = (k: number, lead: string) =>
    point("plan", { lead, ...run }, { ...planStep(plan, k), id: plan.id }, timeMsOf(plan.time[k]));
  const ahead = planLeads_h.flatMap((lead_h) => {
    const k = Math.round((lead_h * 3600) / plan.step_s);
    return k < plan.time.length ? [step(k, `${lead_h}h`)] : [];
  });
  return [...plan.time.map((_, k) => step(k, "latest")), ...ahead];
}

/** What a plan says about its step `k`. */
function planStep(plan: OptimalPlan, k: number) {
  return {
    valve_position: plan.valve_position[k],
    heating_power: plan.heating_power[k],
    planned_power: plan.planned_power[k],
    temperature: plan.temperature[k],
    ...(plan.operative_temperature && { operative_temperature: plan.operative_temperature[k] }),
    mass_temperature: plan.mass_temperature[k],
    external_temperature: plan.external_temperature[k],
    electricity_price: plan.electricity_price[k],
  };
}

/** An optimisation that ended at `timeMs`, successful or not. */
export function mpcPoint(plan: MpcPlan, roundTrip_ms: number, timeMs: number, run?: RunTags): Point {
  return point("mpc", { ...run }, { ...plan, round_trip_ms: roundTrip_ms }, timeMs);
}

/** The price in force at `timeMs`. */
export function tariffPoint(rate: Rate, timeMs: number, run?: RunTags): Point {
  const code = rate.colour && { colour_code: colourCodes[rate.colour] };
  return point("tariff", { ...run }, { ...rate, ...code }, timeMs);
}

const colourCodes = { unknown: 0, blue: 1, white: 2, red: 3 };

/** What mode a home was put into at `timeMs`. */
export function modePoint(
  mode: { auto_mode: boolean; kind?: string; valve_position?: number; expires_at?: string },
  timeMs: number,
): Point {
  return point("mode", {}, mode, timeMs);
}

/** The band in force. */
export interface ComfortBandInForce extends Pick<ComfortInForce, "setpoint_c" | "rule" | "preset"> {
  readonly max_c: number;
  readonly of: ComfortTemperature;
  /** Distance that plans keep from its floor, K, where that is known. */
  readonly margin_k?: number | undefined;
}

/** The band in force at `timeMs`. */
export function comfortPoint(
  { setpoint_c, max_c, of, margin_k, rule, preset }: ComfortBandInForce,
  timeMs: number,
): Point {
  const band = { min: setpoint_c, max: max_c, of, margin: margin_k };
  return point("comfort", {}, { ...band, rule, preset: preset ?? undefined }, timeMs);
}

/** What the home had saved by `timeMs`. */
export function savingsPoint(
  savings: Readonly<
    Record<
      "cost" | "baseline_cost" | "baseline_heat" | "walls_heat" | "walls_value" | "saved" | "hours",
      number
    >
  > & { readonly since: string },
  timeMs: number,
): Point {
  return point("savings", {}, savings, timeMs);
}

/** The comfort requests from `timeMs` on. */
export function comfortRequestsPoint(requests: ComfortRequests, timeMs: number): Point {
  return point("wishes", {}, { wishes: JSON.stringify(requests) }, timeMs);
}

/** What no store can keep of a text (NUL, carriage returns, halves of characters) must not cost its point. */
function storable(text: string): string {
  return text.replaceAll(/[\0\r\p{Surrogate}]/gu, "\uFFFD");
}

/** Keeps of `values` what the series defines. */
function point(
  measurement: SeriesName,
  tags: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>>,
  timeMs: number,
): Point {
  const definition: SeriesDefinition = series[measurement];
  const fields: Record<string, number | string | boolean> = {};
  for (const name of Object.keys(definition.fields)) {
    const value = values[name];
    if (value === undefined || value === "") continue; // stores keep no empty text
    fields[name] = typeof value === "string" ? storable(value) : (value as number | boolean);
  }
  return { measurement, tags, fields, timeMs };
}
