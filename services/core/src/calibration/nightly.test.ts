/** The core as it really runs, on a store with two recorded weeks of a house that its building file has wrong. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type StateResponse, sensorPoint, stateResponseSchema } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
} from "@azru/physics";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { disturbances } from "@azru/simulation";
import { openEmbeddedStore } from "@azru/timeseries";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { building, type Device, startTestHome, type TestHome } from "../testing/test-home.ts";

const dayMs = 86_400_000;
const stepMs = 900_000;
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
beforeAll(async () => {
  home = await startTestHome(brokers.find(({ available }) => available)!);
  device = await home.device();
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
  const model = affineStep(createZone(building.zone), emissionSystems[building.heating.emission], 900);
  const error_k = randomNormal.source(randomLcg(0.7))(0, 0.1);
  const store = openEmbeddedStore({ filePath: join(home.folder, "azru.db") });
  let theta_m_c = 20;
  let isOpen = false;
  let air_c = 20;
  for (let k = 0; k < steps; k++) {
    const wished_c = k % 96 < 28 ? 17 : 20;
    isOpen = isOpen ? air_c < wished_c + 0.5 : air_c < wished_c - 0.5;
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

async function startCore(): Promise<() => Promise<StateResponse>> {
  core = startService(new URL("../main.ts", import.meta.url), {
    MQTT_URL: home.broker.url,
    AZRU_DATA_DIR: home.folder,
    AZRU_HTTP_PORT: "0",
    AZRU_TIME: "simulated",
    AZRU_TARIFF: "peak",
    AZRU_BUILDING: join(home.folder, "misjudged.json"),
    AZRU_CALIBRATE: "nightly",
    AZRU_CALIBRATE_WEEKS: "2",
    AZRU_MPC_TIMEOUT_SECONDS: "0.1",
  });
  const said = (msg: unknown) => /^API at (http:\S+),/.exec(String(msg))?.[1];
  const url = await vi.waitFor(() => {
    const found = core!.log.map(({ msg }) => said(msg)).find((text) => text !== undefined);
    if (found === undefined) throw new Error("the API is not there yet");
    return found;
  }, patience);
  return async () => stateResponseSchema.parse(await (await fetch(`${url}/state`)).json());
}

async function stopCore(): Promise<void> {
  core!.kill("SIGTERM");
  expect(await core!.ended).toBe(0);
}

/** Lets the clock pass the half hour, and waits for what comes of it. */
async function night(atMs: number, state: () => Promise<StateResponse>) {
  await device.tell(atMs - 20 * 60_000, { temperature: 19.5 });
  await device.tell(atMs + 60_000, { temperature: 19.5 });
  return vi.waitFor(async () => {
    const { last_calibration } = (await state()).model;
    if (!last_calibration) throw new Error("nothing came of the night yet");
    return last_calibration;
  }, patience);
}

test("a better model is learned at night, is in force after a restart, stays where no better one is found, and can be undone", async () => {
  const before = await startCore();
  expect((await before()).model).toEqual({ source: "file", last_calibration: null });
  expect(await night(nightMs, before)).toMatchObject({
    outcome: "accepted",
    time: "2026-02-09T02:30:00.000Z",
  });
  await stopCore();

  const after = await startCore();
  const { model } = await after();
  expect(model).toMatchObject({ source: "calibrated", calibrated_at: "2026-02-09T02:30:00.000Z" });
  expect(model.rmse_after!).toBeLessThan(model.rmse_before! / 3);
  const kept = readFileSync(calibratedFile, "utf8");
  const learned = JSON.parse(kept).building;
  const right = building.zone.thermalCapacitance_j_m2k;
  expect(Math.abs(learned.zone.thermalCapacitance_j_m2k / right - 1)).toBeLessThan(0.06);
  expect(Math.abs(learned.heating.maxPower_w / building.heating.maxPower_w - 1)).toBeLessThan(0.06);

  const refused = await night(nightMs + dayMs, after);
  expect(refused).toMatchObject({ outcome: "refused", reason: expect.stringMatching(/building file stays/) });
  expect(readFileSync(calibratedFile, "utf8")).toBe(kept);
  await stopCore();

  rmSync(calibratedFile);
  const undone = await startCore();
  expect((await undone()).model.source).toBe("file");
  expect(existsSync(calibratedFile)).toBe(false);
  await stopCore();
}, 300_000);
