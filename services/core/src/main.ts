import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "@azru/messaging";
import {
  createSimulatedClock,
  createWallClock,
  exampleEnv,
  influxOf,
  logVariables,
  runService,
} from "@azru/runtime";
import { readHomeFile } from "@azru/setup/home-file";
import { openStore, storeOf } from "@azru/timeseries";
import { collectDefaultMetrics, Registry } from "prom-client";
import { createApp } from "./app.ts";
import { buildingOf } from "./building-file.ts";
import { keptCalibration } from "./calibration/calibrated-building.ts";
import { nightlyCalibration } from "./calibration/nightly.ts";
import { checkTogether, variables } from "./config.ts";
import { startCore } from "./core.ts";
import { decisionPhase_ms } from "./decision/phase.ts";
import { houseModel } from "./home/house-model.ts";
import { createModelInForce } from "./home/model-in-force.ts";
import { startHomeAssistant } from "./home-assistant/home-assistant.ts";
import { takeHomeFile } from "./home-environment.ts";
import { createOutlooks, weatherSpecOf } from "./outlook/outlooks.ts";
import { defaultRateLimits } from "./plugins/protection.ts";
import { watchStore } from "./readiness.ts";

/** Exit code of a service that asks to be started again. */
const startAgain = 0;
/** Stored in one go: a plan's points, in a few milliseconds in which nothing else happens. */
const pointsAtOnce = 100;

const overridden = takeHomeFile(process.env);

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else
  await runService("core", variables, async ({ config, log, shutdown }) => {
    checkTogether(config);
    const { version } = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as { version: string };
    const original = await buildingOf(config.building);
    const calibratedFile = join(config.dataFolder, "calibrated-building.json");
    const isCalibrating = config.calibrate === "nightly";
    const kept = isCalibrating ? await keptCalibration(calibratedFile, original, log) : undefined;
    const paused = kept && "paused_at" in kept ? kept : undefined;
    const calibrated = kept && "building" in kept ? kept : undefined;
    const step_s = config.stepMinutes * 60;
    const model = createModelInForce(houseModel(calibrated?.building ?? original, step_s, calibrated));
    const horizon_ms = config.horizonHours * 3_600_000;

    const onError = (error: unknown) => log.error({ err: error }, "something that was due failed");
    const clock =
      config.time === "simulated" ? createSimulatedClock(Date.now(), onError) : createWallClock(onError);

    const storeWatch = watchStore((problem) => log.warn(problem, "the store has a problem"));
    const place = {
      influx: influxOf(config),
      filePath: join(config.dataFolder, "azru.db"),
    };
    const opened = await openStore({
      ...place,
      batchSize: pointsAtOnce,
      queue: { filePath: join(config.dataFolder, "influxdb-queue.db"), maxPoints: config.queuePoints },
      onProblem: storeWatch.onProblem,
    });
    const store = storeOf(opened.store, config.time === "simulated" ? "simulated" : "real");
    shutdown.onClose("store", () => store.close());
    log.info(`storing in ${opened.reason}`);

    const messenger = connect({
      url: config.mqttUrl,
      site: config.site,
      service: "core",
      username: config.mqttUsername,
      password: config.mqttPassword,
      log,
    });
    shutdown.onClose("messaging", () => messenger.close());

    const looks = {
      ...config,
      building: original,
      horizon_ms,
      cacheFolder: join(config.dataFolder, "cache"),
      simulated: clock.simulated,
      now: clock.now,
    };
    const outlooks = await createOutlooks(looks);
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });

    const calibration = nightlyCalibration({
      filePath: calibratedFile,
      original,
      model,
      paused,
      isOn: isCalibrating,
      history_ms: config.calibrateWeeks * 7 * 86_400_000,
      store: place,
      weather: weatherSpecOf(looks),
      cacheFolder: looks.cacheFolder,
      clock,
      registry,
      log,
    });
    shutdown.onClose("calibration", () => calibration.close());

    const core = await startCore({
      ...outlooks,
      model,
      calibration,
      room: config.room,
      horizonSteps: horizon_ms / 1000 / step_s,
      phase_ms: decisionPhase_ms(config.site, config.decisionSpreadSeconds),
      mpcTimeout_ms: config.mpcTimeoutSeconds * 1000,
      manual_ms: config.manualHours * 3_600_000,
      staleAfter_ms: config.sensorTimeoutMinutes * 60_000,
      frozenAfter_ms: config.sensorFrozenHours * 3_600_000,
      margin: config.comfortMargin,
      clock,
      wallNow: Date.now,
      messenger,
      store,
      storeWatch,
      memoryFile: opened.isLocal ? undefined : join(config.dataFolder, "memory.json"),
      registry,
      log,
    });
    shutdown.onClose("decisions", () => core.close());
    if (config.homeAssistant !== "off") {
      const { homeAssistant: prefix, homeAssistantLanguage: language } = config;
      const stop = startHomeAssistant({ core, messenger, prefix, language, version, log });
      shutdown.onClose("Home Assistant", stop);
    }

    // Fastify would log every address of this machine: in a container, ones that nobody can open.
    const httpLog = log.child({});
    httpLog.level = "warn";
    const app = await createApp({
      core,
      registry,
      version,
      token: config.apiToken,
      setup: {
        dataFolder: config.dataFolder,
        overriddenBy: overridden,
        asksFirst: () =>
          config.time === "wall" && !overridden.includes("AZRU_BUILDING") && !readHomeFile(config.dataFolder),
        isSimulated: config.time === "simulated",
        restart: () => shutdown.begin("the home has been described: starting again", startAgain),
      },
      limits: { ...defaultRateLimits, all: config.requestsPerMinute },
      log: httpLog,
    });
    shutdown.onClose("HTTP", () => app.close());
    await app.listen({ host: config.httpHost, port: config.httpPort });
    httpLog.level = log.level;
    const { port } = app.server.address() as AddressInfo;
    const url = ["0.0.0.0", "::"].includes(config.httpHost)
      ? `http://localhost:${port}`
      : app.listeningOrigin;
    log.info(`API at ${url}, described at ${url}/docs`);
  });
