/** The core's memory, read from the store. */
import { stepSetpoints_c } from "@azru/comfort";
import {
  type ComfortRequests,
  comfortRequestsSchema,
  isoTimeOf,
  type OptimalPlan,
  optimalPlanSchema,
  sensorMetricsSchema,
  timeMsOf,
} from "@azru/contracts";
import { dayMs, homeDay, homeInstant, hourMs } from "@azru/runtime";
import type { FieldValue, LastValue, Series, TimeSeriesStore } from "@azru/timeseries";
import type { KeptPlan } from "../decision/kept-plan.ts";
import { auto, type Mode } from "../decision/mode.ts";
import type { BaselineState } from "../home/baseline.ts";
import type { Reading } from "../home/reading.ts";
import { type DaySpent, type Spent, withSpent } from "../home/spending.ts";
import { evidenceSchema, type Memory } from "./memory.ts";

type Memories = Pick<TimeSeriesStore, "last" | "query">;

const live = { run: null }; // batch runs carry this tag
const longestPlan_ms = 8 * dayMs;

/** The home that the memory is of. */
export interface StoredHome {
  readonly room: string;
  readonly step_ms: number;
  /** To count a plan's discomfort anew, which is not stored: of a home in which nobody made a request. */
  readonly comfort: { readonly min_c: number; readonly max_c: number };
}

/**
 * Reads back the mode, the comfort requests, the last plan, the last readings, the baseline and what it has saved.
 *
 * @throws StoreError when the store cannot answer
 */
export async function readStoredMemory(store: Memories, home: StoredHome): Promise<Memory> {
  const requests = await lastComfortRequests(store);
  const [mode, plan, readings, baseline, savings, estimate] = await Promise.all([
    lastMode(store),
    lastPlan(store, home, requests),
    lastReadings(store),
    lastBaseline(store, home),
    lastSavings(store),
    lastEstimate(store, home),
  ]);
  return {
    mode,
    readings,
    ...(requests && { wishes: requests }),
    ...(plan && { plan }),
    ...(baseline && { baseline }),
    ...(savings && { savings }),
    ...(estimate && { estimate }),
  };
}

async function lastMode(store: Memories): Promise<Mode> {
  const last = byField(await store.last({ measurement: "mode" }));
  const kind = last.get("kind")?.value;
  if (kind === "thermostat" || kind === "off") return { kind };
  const valve_position = last.get("valve_position")?.value;
  const expires_at = last.get("expires_at")?.value;
  if (kind !== "manual" || typeof valve_position !== "number" || typeof expires_at !== "string") return auto;
  return { kind: "manual", valve: valve_position / 100, expiresMs: timeMsOf(expires_at) };
}

async function lastComfortRequests(store: Memories): Promise<ComfortRequests | undefined> {
  const [last] = await store.last({ measurement: "wishes" });
  if (typeof last?.value !== "string") return undefined;
  const requests = comfortRequestsSchema.safeParse(jsonOf(last.value));
  return requests.success ? requests.data : undefined;
}

/** Undefined where it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function lastReadings(store: Memories): Promise<Reading[]> {
  const last = await store.last({ measurement: "sensors", tags: live });
  const temperatures = last.filter(({ field }) => field === "temperature");
  return temperatures.flatMap(({ tags, timeMs }) => {
    const values = last.filter((value) => value.tags.location === tags.location && value.timeMs === timeMs);
    const fields = Object.fromEntries(values.map(({ field, value }) => [field, value]));
    const metrics = sensorMetricsSchema.safeParse(fields);
    return metrics.success ? [{ room: tags.location, timeMs, metrics: metrics.data }] : [];
  });
}

async function lastBaseline(
  store: Memories,
  { room, step_ms }: StoredHome,
): Promise<BaselineState | undefined> {
  const last = byField(await store.last({ measurement: "baseline", tags: { ...live, location: room } }));
  const startMs = last.get("mass_temperature")?.timeMs;
  if (startMs === undefined) return undefined;
  const number = (field: string) => Number(last.get(field)?.value);
  return {
    atMs: startMs + step_ms,
    theta_m_c: number("mass_temperature"),
    theta_air_c: number("temperature"),
    heating: number("valve_position") > 0,
    cost_eur: number("heating_cost_cumulative"),
  };
}

async function lastEstimate(store: Memories, { room }: StoredHome): Promise<Memory["estimate"]> {
  const last = byField(await store.last({ measurement: "estimate", tags: { location: room } }));
  const atMs = last.get("mass_temperature")?.timeMs;
  if (atMs === undefined) return undefined;
  const number = (field: string) => Number(last.get(field)?.value);
  const evidence = evidenceSchema.safeParse(jsonOf(String(last.get("evidence")?.value)));
  return {
    atMs,
    ...(evidence.success && { evidence: evidence.data }),
    theta_m_c: number("mass_temperature"),
    theta_m_sd_k: number("mass_temperature_sd"),
    phi_u_w: number("unknown_gains"),
    phi_u_sd_w: number("unknown_gains_sd"),
  };
}

/** What was counted of the home's and the baseline's cost, as far as the store has it; days are those of the month in progress. */
async function lastSavings(store: Memories): Promise<Memory["savings"]> {
  const last = byField(await store.last({ measurement: "savings", tags: live }));
  const since = last.get("since");
  if (typeof since?.value !== "string") return undefined;
  const number = (field: string) => Number(last.get(field)?.value);
  const sinceMs = timeMsOf(since.value);
  const monthMs = Math.max(sinceMs, homeInstant(`${homeDay(since.timeMs).slice(0, 7)}-01`, "00:00"));
  const totals = await store.query({
    measurement: "savings",
    fields: ["cost", "baseline_cost"],
    startMs: monthMs - hourMs,
    stopMs: since.timeMs + 1,
    everyMs: hourMs,
    aggregate: "last",
  });
  const more = (field: string) => increases(totals.find((series) => series.field === field));
  return {
    sinceMs,
    counted_ms: hourMs * number("hours"),
    cost_eur: number("cost"),
    baseline_eur: number("baseline_cost"),
    baselineHeat_kwh: number("baseline_heat"),
    days: daysOf(daysOf([], more("cost"), "paid_eur"), more("baseline_cost"), "baseline_eur"),
  };
}

/** By how much a total has grown in each of its windows. */
function increases(total: Series | undefined): Series | undefined {
  if (!total) return undefined;
  const values = total.values.map((value, i) => Number(value) - Number(total.values[i - 1] ?? value));
  return { ...total, values };
}

function daysOf(days: readonly DaySpent[], hours: Series | undefined, who: keyof Spent): readonly DaySpent[] {
  return (hours?.timesMs ?? []).reduce(
    (sum, timeMs, i) => withSpent(sum, homeDay(timeMs), { [who]: Number(hours?.values[i]) }),
    days,
  );
}

/** The last optimisation that gave a plan, and the steps that it planned. */
async function lastPlan(
  store: Memories,
  { comfort }: StoredHome,
  requests: ComfortRequests | undefined,
): Promise<KeptPlan | undefined> {
  const [objective] = await store.last({ measurement: "mpc", tags: live, fields: ["objective"] });
  if (!objective) return undefined;
  const { timeMs } = objective;
  const range = { startMs: timeMs - longestPlan_ms, stopMs: timeMs + longestPlan_ms };
  const [optimisation, steps] = await Promise.all([
    store.query({ measurement: "mpc", tags: live, startMs: timeMs, stopMs: timeMs + 1 }),
    store.query({ measurement: "plan", tags: { ...live, lead: "latest" }, ...range }),
  ]);
  const solved = new Map(optimisation.map(({ field, values }) => [field, values[0]]));
  const id = solved.get("id");
  const ids = steps.find(({ field }) => field === "id");
  const own = new Set(ids?.timesMs.filter((_, i) => ids.values[i] === id));
  const column = (name: string): FieldValue[] => {
    const found = steps.find(({ field }) => field === name);
    return found?.values.filter((_, i) => own.has(found.timesMs[i])) ?? [];
  };
  const timesMs = [...own];
  const step_s = (timesMs[1] - timesMs[0]) / 1000;
  const temperature = column("temperature").map(Number);
  const operative_temperature = column("operative_temperature").map(Number);
  const setpoints_c =
    requests && timesMs.length > 1
      ? stepSetpoints_c(requests, timesMs[0], step_s * 1000, timesMs.length)
      : temperature.map(() => comfort.min_c);
  const discomfort = (beyond_k: (theta_c: number, k: number) => number) =>
    (temperature.reduce((sum, theta_c, k) => sum + Math.max(0, beyond_k(theta_c, k)), 0) * step_s) / 3600;
  const plan = {
    id,
    worker: solved.get("worker"),
    solve_ms: solved.get("solve_ms"),
    status: "optimal",
    objective: solved.get("objective"),
    energy_cost: solved.get("energy_cost"),
    storage_saving: solved.get("storage_saving"),
    discomfort_below: discomfort((theta_c, k) => setpoints_c[k] - theta_c),
    discomfort_above: discomfort((theta_c) => theta_c - comfort.max_c),
    step_s,
    time: timesMs.map(isoTimeOf),
    valve_position: column("valve_position"),
    heating_power: column("heating_power"),
    planned_power: column("planned_power"),
    temperature,
    ...(operative_temperature.length > 0 && { operative_temperature }),
    mass_temperature: column("mass_temperature"),
    external_temperature: column("external_temperature"),
    electricity_price: column("electricity_price"),
  };
  const valid = optimalPlanSchema.safeParse(plan);
  return valid.success ? { requestedMs: timeMs, plan: valid.data satisfies OptimalPlan } : undefined;
}

function byField(values: readonly LastValue[]): Map<string, LastValue> {
  return new Map(values.map((value) => [value.field, value]));
}
