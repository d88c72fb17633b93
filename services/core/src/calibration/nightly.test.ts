/** The core as it really runs, on a store with two recorded weeks of a house that its building file has wrong. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CalibrationResponse,
  calibrationResponseSchema,
  calibrationStartSchema,
  isoTimeOf,
  type MpcRequest,
  type ServiceStatus,
  type StateResponse,
  sensorPoint,
  stateResponseSchema,
  topics,
} from "@azru/contracts";
import { type StateSpace, stateSpaceOf } from "@azru/house";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { type Building, disturbances } from "@azru/simulation";
import { openEmbeddedStore } from "@azru/timeseries";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { houseModel } from "../home/house-model.ts";
import { collector } from "../testing/collector.ts";
import { flatPlan } from "../testing/plans.ts";
import { building, type Device, startTestHome, type TestHome } from "../testing/test-home.ts";

const dayMs = 86_400_000;
const minute = 60_000;
const stepMs = 15 * minute;
const nightMs = Date.UTC(2026, 1, 9, 2, 30); // 03:30 in Paris
const patience = { timeout: 120_000, interval: 100 };

/** Wrong by 30 % in everything. */
const misjudged = {
  ...building,
  zone: {
    ...building.zone,
    thermalCapacitance_j_m2k: building.zone.thermalCapacitance_j_m2k * 1.3,
    uWalls_w_m2k: building.zone.uWalls_w_m2k * 0.7,
    uWindows_w_m2k: building.zone.uWindows_w_m2k * 0.7,
    ventilation_ach: building.zone.ventilation_ach * 0.7,
    infiltration_ach: building.zone.infiltration_ach * 0.7,
  },
  heating: { ...building.heating, maxPower_w: building.heating.maxPower_w * 1.3 },
};

let home: TestHome;
let device: Device;
let core: ServiceProcess | undefined;
let calibratedFile: string;
const requests = collector<MpcRequest>();
const statuses = collector<ServiceStatus>();
beforeAll(async () => {
  home = await startTestHome(brokers.find(({ available }) => available)!);
  device = await home.device();
  await respond(device.messenger, topics.mpcRequest, topics.mpcPlan, (request) => {
    requests.push(request);
    return flatPlan({ id: request.id, startMs: Date.parse(request.start) });
  }).active;
  await device.messenger.subscribe(topics.status, ({ payload }) => statuses.push(payload), {
    params: { service: "core" },
  }).active;
  calibratedFile = join(home.folder, "calibrated-building.json");
  writeFileSync(join(home.folder, "misjudged.json"), JSON.stringify(misjudged));
  await record();
});
afterAll(async () => {
  core?.kill("SIGKILL");
  await core?.ended;
  await home.stop();
});

/** Two weeks under a thermostat that saves at night, its sensor 0.1 K off, and what comes after until the night. */
async function record(): Promise<void> {
  const startMs = nightMs - 15 * dayMs;
  const steps = 17 * 96;
  const series = await referenceYearSource().series(startMs, startMs + steps * stepMs);
  const weather = disturbances(building, stepMeans(series, startMs, 900, steps));
  const model = houseModel(building, 900).step;
  const error_k = randomNormal.source(randomLcg(0.7))(0, 0.1);
  const store = openEmbeddedStore({ filePath: join(home.folder, "azru.db") });
  let theta_m_c = 20;
  let isOpen = false;
  let air_c = 20;
  for (let k = 0; k < steps; k++) {
    const setpoint_c = k % 96 < 28 ? 17 : 20;
    isOpen = isOpen ? air_c < setpoint_c + 0.5 : air_c < setpoint_c - 0.5;
    const phi_HC_w = isOpen ? building.heating.maxPower_w : 0;
    const acting = [phi_HC_w, weather.theta_e_c[k], weather.phi_sol_w[k], weather.phi_int_w[k]] as const;
    air_c = airTemperature_c(model, theta_m_c, ...acting);
    theta_m_c = nextMassTemperature_c(model, theta_m_c, ...acting);
    const measured = {
      temperature: air_c + error_k(),
      valve_position: isOpen ? 100 : 0,
      external_temperature: weather.theta_e_c[k],
    };
    store.write([sensorPoint("living-room", measured, startMs + k * stepMs)]);
  }
  await store.close();
}

interface Running {
  /** The body of an answer. */
  ask<T>(path: string, schema: { parse(body: unknown): T }, method?: string): Promise<T>;
  state(): Promise<StateResponse>;
  calibration(): Promise<CalibrationResponse>;
}

async function startCore(): Promise<Running> {
  const online = statuses.next((status) => status === "online");
  core = startService(new URL("../main.ts", import.meta.url), {
    MQTT_URL: home.broker.url,
    AZRU_DATA_DIR: home.folder,
    AZRU_HTTP_PORT: "0",
    AZRU_TIME: "simulated",
    AZRU_TARIFF: "peak",
    AZRU_BUILDING: join(home.folder, "misjudged.json"),
    AZRU_CALIBRATE: "nightly",
    AZRU_CALIBRATE_WEEKS: "2",
  });
  const said = (msg: unknown) => /^API at (http:\S+),/.exec(String(msg))?.[1];
  const url = await vi.waitFor(() => {
    const found = core!.log.map(({ msg }) => said(msg)).find((text) => text !== undefined);
    if (found === undefined) throw new Error("the API is not there yet");
    return found;
  }, patience);
  await online;
  const ask: Running["ask"] = async (path, schema, method = "GET") =>
    schema.parse(await (await fetch(`${url}${path}`, { method })).json());
  return {
    ask,
    state: () => ask("/state", stateResponseSchema),
    calibration: () => ask("/calibration", calibrationResponseSchema),
  };
}

async function stopCore(): Promise<void> {
  core!.kill("SIGTERM");
  expect(await core!.ended).toBe(0);
}

/** Lets the clock pass the half hour, and waits for what comes of it. */
async function night(atMs: number, { calibration }: Running): Promise<CalibrationResponse> {
  await device.decision(atMs - 20 * minute, { temperature: 19.5 });
  await device.decision(atMs, { temperature: 19.5 });
  return outcomeOf(atMs, calibration);
}

function outcomeOf(atMs: number, calibration: Running["calibration"]): Promise<CalibrationResponse> {
  return vi.waitFor(async () => {
    const response = await calibration();
    if (response.last?.time !== isoTimeOf(atMs)) throw new Error("nothing came of the night yet");
    return response;
  }, patience);
}

/** What the optimiser is asked with at a later time. */
async function askedAt(timeMs: number): Promise<{ model: StateSpace; maxPower_w: unknown }> {
  const request = requests.next(({ start }) => Date.parse(start) >= timeMs);
  await device.decision(timeMs, { temperature: 19.5 });
  const { model, maxPower_w } = (await request).problem;
  return { model, maxPower_w };
}

const houseOf = (known: Building) => ({
  model: stateSpaceOf(houseModel(known, 900).step),
  maxPower_w: known.heating.maxPower_w,
});

test("a better model is learnt at night and comes into force; no better one changes nothing; a restart keeps it; a person goes back, and learns again", async () => {
  expect(existsSync(calibratedFile)).toBe(false);
  const first = await startCore();
  expect(await first.state()).toMatchObject({ model: { source: "file", last_calibration: null } });
  const unlearnt = await first.calibration();
  expect(unlearnt).toMatchObject({ mode: "nightly", running: false, next: null, last: null });
  expect(unlearnt.model).toMatchObject({ source: "file", since: null });
  expect(await askedAt(nightMs - 60 * minute)).toEqual(houseOf(misjudged));

  const accepted = await night(nightMs, first);
  expect(accepted.last).toMatchObject({ outcome: "accepted", reason: expect.stringMatching(/instead of/) });
  expect(accepted.last!.rmse_after!).toBeLessThan(accepted.last!.rmse_before! / 3);
  const learnt: Building = JSON.parse(readFileSync(calibratedFile, "utf8")).building;
  const { zone, heating } = building;
  expect(learnt.zone.thermalCapacitance_j_m2k / zone.thermalCapacitance_j_m2k).toBeCloseTo(1, 1);
  expect(learnt.heating.maxPower_w / heating.maxPower_w).toBeCloseTo(1, 1);
  expect(await askedAt(nightMs + 15 * minute)).toEqual(houseOf(learnt));
  const inForce = await first.calibration();
  expect(inForce).toMatchObject({ next: null, model: { source: "calibrated", since: isoTimeOf(nightMs) } });
  const power = inForce.model.parameters.find(({ name }) => name === "heater_power")!;
  expect(power).toMatchObject({ before: misjudged.heating.maxPower_w, after: learnt.heating.maxPower_w });
  expect(power.low!).toBeLessThan(power.after);
  expect(power.high!).toBeGreaterThan(power.after);

  const kept = readFileSync(calibratedFile, "utf8");
  const refused = await night(nightMs + dayMs, first);
  expect(refused.last).toMatchObject({ outcome: "refused", reason: expect.stringMatching(/file stays/) });
  expect(refused.model).toEqual(inForce.model);
  expect(readFileSync(calibratedFile, "utf8")).toBe(kept);
  expect(await askedAt(nightMs + dayMs + 15 * minute)).toEqual(houseOf(learnt));
  await stopCore();

  const second = await startCore();
  expect(await askedAt(nightMs + dayMs + 30 * minute)).toEqual(houseOf(learnt));
  expect((await second.calibration()).model).toEqual(inForce.model);

  const back = await second.ask("/calibration", calibrationResponseSchema, "DELETE");
  expect(back).toMatchObject({ mode: "paused", model: { since: isoTimeOf(nightMs + dayMs + 30 * minute) } });
  expect(await askedAt(nightMs + dayMs + 45 * minute)).toEqual(houseOf(misjudged));
  expect((await second.state()).model).toEqual({ source: "file", last_calibration: null });
  await stopCore();

  const third = await startCore();
  await device.decision(nightMs + 2 * dayMs, { temperature: 19.5 });
  expect(await third.calibration()).toMatchObject({ mode: "paused", running: false, last: null });
  const askedMs = nightMs + 2 * dayMs + 15 * minute;
  expect(await askedAt(askedMs)).toEqual(houseOf(misjudged));
  const started = await third.ask("/calibration", calibrationStartSchema, "POST");
  expect(started).toEqual({ status: "started" });
  expect(await outcomeOf(askedMs, third.calibration)).toMatchObject({
    mode: "nightly",
    last: { outcome: "accepted" },
  });
  const again: Building = JSON.parse(readFileSync(calibratedFile, "utf8")).building;
  expect(await askedAt(askedMs + 15 * minute)).toEqual(houseOf(again));
  await stopCore();
});
