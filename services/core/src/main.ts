import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { HeatedRoom } from "@azru/contracts";
import { connectService } from "@azru/messaging";
import {
  type Clock,
  ConfigError,
  createSimulatedClock,
  createWallClock,
  dayMs,
  exampleEnv,
  hourMs,
  influxOf,
  logVariables,
  runService,
  type ServiceContext,
} from "@azru/runtime";
import { comfortSettingsOf } from "@azru/setup";
import { homeFiles, readHomeFile } from "@azru/setup/home-file";
import { type Building, unprovedHouse } from "@azru/simulation";
import { claimFolder, openStore, storeOf, type TimeSeriesStore, type WriteProblem } from "@azru/timeseries";
import { collectDefaultMetrics, Registry } from "prom-client";
import { createApp } from "./app.ts";
import { buildingOf } from "./building-file.ts";
import { keptCalibration } from "./calibration/calibrated-building.ts";
import { NightlyCalibration, type NightlyOptions } from "./calibration/nightly.ts";
import type { DescribedComfort } from "./comfort/first-requests.ts";
import { checkTogether, variables } from "./config.ts";
import { type Core, startCore } from "./core.ts";
import { decisionPhase_ms } from "./decision/phase.ts";
import { heatedByRooms, readHeatedRooms, readHeaterLimit_w } from "./heated-rooms.ts";
import { houseModel } from "./home/house-model.ts";
import { createModelInForce } from "./home/model-in-force.ts";
import { type HomeAssistantOptions, startHomeAssistant } from "./home-assistant/home-assistant.ts";
import { takeHome } from "./home-environment.ts";
import { createOutlooks, weatherSpecOf } from "./outlook/outlooks.ts";
import { watchStore } from "./readiness.ts";
import { type Retention, thinOldReadings } from "./record/retention.ts";

/** Exit code of a service that asks to be started again. */
const startAgain = 0;
/** Stored in one go: a plan's points, in a few milliseconds in which nothing else happens. */
const pointsAtOnce = 100;
/** How long another core may take to end that was asked to. */
const otherEnds_ms = 3_000;

const overridden = takeHome(process.env);

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else await runService("core", variables, start);

type Context = ServiceContext<typeof variables>;

async function start(context: Context): Promise<void> {
  const { config, log } = context;
  checkTogether(config);
  takeFolder(context);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const clock = clockOf(context);
  const heatedRooms = await readHeatedRooms(config, log);
  const original = heatedByRooms(await buildingOf(config.building), heatedRooms, log);
  const deciding = decidingRooms(context, heatedRooms);
  const room = roomOf(config.room, heatedRooms);
  const storage = await openStorage(context);
  const messenger = connectService(context, "core", { isOnly: true });
  const looks = {
    weather: config.weather,
    tariff: config.tariff,
    tempoPrices: config.tempoPrices,
    building: original,
    horizon_ms: config.horizonHours * hourMs,
    cacheFolder: join(config.dataFolder, "cache"),
    pushedFile: join(config.dataFolder, "pushed-tariff.json"),
    simulated: clock.simulated,
    now: clock.now,
    log,
  };
  const { weather, tariff, pushed } = await createOutlooks(looks);
  const { model, calibration } = await learntHouse(context, original, {
    store: storage.place,
    weather: weatherSpecOf(looks),
    cacheFolder: looks.cacheFolder,
    rooms: [...new Set([...deciding, room])],
    clock,
    registry,
  });
  const core = await startCore({
    weather,
    tariff,
    pushed,
    model,
    calibration,
    room,
    heatedRooms,
    hasDevices: config.valves === homeFiles(config.dataFolder).valves,
    heaterLimit_w: heatedRooms && (await readHeaterLimit_w(config)),
    described: describedComfort(config.dataFolder),
    horizonSteps: (config.horizonHours * 60) / config.stepMinutes,
    phase_ms: decisionPhase_ms(config.site, config.decisionSpreadSeconds),
    mpcTimeout_ms: config.mpcTimeoutSeconds * 1000,
    manual_ms: config.manualHours * hourMs,
    staleAfter_ms: config.sensorTimeoutMinutes * 60_000,
    frozenAfter_ms: config.sensorFrozenHours * hourMs,
    rooms: {
      deciding,
      mostRooms: config.maxRooms,
      forgetAfter_ms: config.roomForgetHours * hourMs,
    },
    margin: config.comfortMargin,
    clock,
    wallNow: Date.now,
    messenger,
    store: storage.store,
    storeWatch: storage.storeWatch,
    houseFile: model.now.known && join(config.dataFolder, "house.json"),
    memoryFile: join(config.dataFolder, clock.simulated ? "memory-simulated.json" : "memory.json"),
    registry,
    log,
  });
  context.shutdown.onClose("decisions", () => core.close());
  keepThin(clock, { ...storage.kept, rawDays: config.rawDays, log });
  const version = ownVersion();
  announce(context, { core, messenger, version, heatedRooms: [...(heatedRooms?.keys() ?? [])] });
  await serve(context, { core, registry, version, heater: original.heating.emission });
}

/**
 * Keeps two cores, of one home or of two, from mixing their points and their memories in one folder.
 *
 * @throws ConfigError when another core has the folder
 */
function takeFolder({ config, shutdown }: Context): void {
  const claim = claimFolder(config.dataFolder, otherEnds_ms);
  if (!claim)
    throw new ConfigError([
      `the data folder ${config.dataFolder} is in use by another Azru that runs: stop that one, or name another folder (AZRU_DATA_DIR, --data)`,
    ]);
  shutdown.onClose("data folder", () => claim.release());
}

/** @throws ConfigError when they are more than the rooms that are kept */
function decidingRooms({ config }: Context, heated: ReadonlyMap<string, HeatedRoom> | undefined) {
  const deciding = heated ? [...heated.keys()] : (config.decidingRooms ?? [config.room]);
  if (deciding.length <= config.maxRooms) return deciding;
  throw new ConfigError([
    `AZRU_MAX_ROOMS must be at least ${deciding.length}, the rooms that decide, got ${config.maxRooms}`,
  ]);
}

/** The room whose sensors report the cost: of the rooms that are heated, where it is not among them, the first. */
function roomOf(configured: string, heated: ReadonlyMap<string, HeatedRoom> | undefined): string {
  return !heated || heated.has(configured) ? configured : [...heated.keys()][0];
}

function describedComfort(dataFolder: string): DescribedComfort | undefined {
  const home = readHomeFile(dataFolder);
  return home && { settings: comfortSettingsOf(home.answers), writtenMs: Date.parse(home.written_at) };
}

function ownVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function clockOf({ config, log }: Context): Clock {
  const onError = (error: unknown) => log.error({ err: error }, "something that was due failed");
  return config.time === "simulated" ? createSimulatedClock(Date.now(), onError) : createWallClock(onError);
}

async function openStorage({ config, log, shutdown }: Context) {
  let watched: TimeSeriesStore | undefined;
  const report = (problem: WriteProblem) => log.warn(problem, "the store has a problem");
  const storeWatch = watchStore(report, Date.now, () => watched?.stats.written);
  const place = { influx: influxOf(config), filePath: join(config.dataFolder, "azru.db") };
  const opened = await openStore({
    ...place,
    batchSize: pointsAtOnce,
    queue: { filePath: join(config.dataFolder, "influxdb-queue.db"), maxPoints: config.queuePoints },
    onProblem: storeWatch.onProblem,
    onUnusableFile: (matter) => log.error(`the store's file cannot be used: ${matter}`),
  });
  watched = opened.store;
  const origin = config.time === "simulated" ? "simulated" : "real";
  const store = storeOf(opened.store, origin);
  shutdown.onClose("store", () => store.close());
  log.info(`storing in ${opened.reason}`);
  const file = origin === "simulated" ? "retention-simulated.json" : "retention.json";
  const kept = { store: opened.store, origin, path: join(config.dataFolder, file) } as const;
  return { store, storeWatch, place, kept };
}

/** Thins old readings each hour of home time; a day without success is made up for by the next. */
function keepThin(clock: Clock, retention: Retention): void {
  let running = Promise.resolve();
  clock.scheduleEvery(hourMs, (dueMs) => {
    running = running
      .then(() => thinOldReadings(retention, dueMs))
      .catch((error: unknown) => retention.log.warn({ err: error }, "old readings could not be thinned out"));
    return running;
  });
}

/** The model of the building file or of the last calibration, and the calibration that goes on from there. */
async function learntHouse(
  { config, log, shutdown }: Context,
  original: Building,
  sources: Pick<NightlyOptions, "store" | "rooms" | "weather" | "cacheFolder" | "clock" | "registry">,
) {
  const filePath = join(config.dataFolder, "calibrated-building.json");
  const isReal = config.time !== "simulated";
  const isOn = config.calibrate === "nightly" || (config.calibrate === "auto" && isReal);
  const hasStates = config.houseModel === "states" || (config.houseModel === "auto" && isReal);
  const kept = isOn ? await keptCalibration(filePath, original, log) : undefined;
  const calibrated = kept && "building" in kept ? kept : undefined;
  const building: Building = calibrated?.building ?? original;
  const known = hasStates ? (calibrated?.known ?? unprovedHouse(building)) : undefined;
  const model = createModelInForce(houseModel(building, config.stepMinutes * 60, calibrated, known));
  const calibration = new NightlyCalibration({
    ...sources,
    filePath,
    original,
    model,
    paused: kept && "paused_at" in kept ? kept : undefined,
    isOn,
    history_ms: config.calibrateWeeks * 7 * dayMs,
    log,
  });
  shutdown.onClose("calibration", () => calibration.close());
  return { model, calibration };
}

function announce(
  { config, log, shutdown }: Context,
  home: Pick<HomeAssistantOptions, "core" | "messenger" | "version" | "heatedRooms">,
): void {
  const { homeAssistant: prefix, homeAssistantLanguage: language } = config;
  if (prefix === "off") return;
  const stop = startHomeAssistant({ ...home, prefix, language, log });
  shutdown.onClose("Home Assistant", stop);
}

interface Served {
  readonly core: Core;
  readonly registry: Registry;
  readonly version: string;
  /** What heats. */
  readonly heater: Building["heating"]["emission"];
}

async function serve(context: Context, { core, registry, version, heater }: Served): Promise<void> {
  const { config, log, shutdown } = context;
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
      heater,
      asksFirst: () =>
        config.time === "wall" && !overridden.includes("AZRU_BUILDING") && !readHomeFile(config.dataFolder),
      isSimulated: config.time === "simulated",
      restart: () => shutdown.begin("the home has been described: starting again", startAgain),
    },
    names: config.httpNames,
    supervisor: config.supervisor,
    limits: { all: config.requestsPerMinute },
    log: httpLog,
  });
  shutdown.onClose("HTTP", () => app.close());
  await app.listen({ host: config.httpHost, port: config.httpPort });
  httpLog.level = log.level;
  const { port } = app.server.address() as AddressInfo;
  const isAnyAddress = ["0.0.0.0", "::"].includes(config.httpHost);
  const url = isAnyAddress ? `http://localhost:${port}` : app.listeningOrigin;
  log.info(`API at ${url}, described at ${url}/docs`);
}
