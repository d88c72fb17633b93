/** A whole home for tests: a real broker, a real store, a core, and a device that plays sensors and valve. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  defaultSite,
  isoTimeOf,
  parseBuilding,
  type SensorMetrics,
  topics,
  type ValveCommand,
} from "@azru/contracts";
import { connect, type Messenger, type MessengerOptions } from "@azru/messaging";
import type { BrokerKind, TestBroker } from "@azru/messaging/testing";
import { affineStep, createZone, emissionSystems } from "@azru/physics";
import { createLogger, createSimulatedClock, dayMs, hourMs, type SimulatedClock } from "@azru/runtime";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import { openEmbeddedStore, type TimeSeriesStore } from "@azru/timeseries";
import { referenceYearSource, type WeatherSource } from "@azru/weather";
import { Registry } from "prom-client";
import { NightlyCalibration } from "../calibration/nightly.ts";
import { type Core, type CoreOptions, startCore } from "../core.ts";
import { houseModel } from "../home/house-model.ts";
import { createModelInForce, type ModelInForce } from "../home/model-in-force.ts";
import { tariffLoader } from "../outlook/tariff-loader.ts";
import { createTariffOutlook } from "../outlook/tariff-outlook.ts";
import { createWeatherOutlook } from "../outlook/weather-outlook.ts";
import { watchStore } from "../readiness.ts";
import { collector } from "./collector.ts";

export const building = parseBuilding(
  readFileSync(new URL("../../../../examples/buildings/medium.json", import.meta.url), "utf8"),
  "medium.json",
);

/** Of the building, for the step of the tests. */
export const model = affineStep(createZone(building.zone), emissionSystems[building.heating.emission], 900);

export const silent = createLogger({ service: "core", level: "silent" });

/** A winter's morning. */
export const startMs = Date.UTC(2026, 0, 15, 5);
export const stepMs = 900_000;
export const room = "living-room";

/** A worker of the optimiser, as it really runs. */
export function startOptimiser(url: string, name = "test"): ServiceProcess {
  return startService(new URL("../../../mpc/src/main.ts", import.meta.url), {
    MQTT_URL: url,
    AZRU_MPC_THREADS: "1",
    AZRU_MPC_WORKER: name,
    AZRU_LOG_LEVEL: "warn",
  });
}

/** The sensors and the valve of a home. */
export interface Device {
  readonly messenger: Messenger;
  /** Commands that reached the valve. */
  readonly commands: ReturnType<typeof collector<ValveCommand>>;
  /** Publishes what is measured at a time, and then the time. */
  publish(timeMs: number, metrics: Partial<SensorMetrics>): Promise<void>;
  /** Publishes, and waits for the first command of that time or later. */
  decision(timeMs: number, metrics?: Partial<SensorMetrics>): Promise<ValveCommand>;
}

export interface LiveCore {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly store: TimeSeriesStore;
  readonly clock: SimulatedClock;
  readonly registry: Registry;
  readonly model: ModelInForce;
  stop(): Promise<void>;
}

export interface TestHome {
  readonly broker: TestBroker;
  readonly folder: string;
  device(site?: string): Promise<Device>;
  /** Starts a worker of the optimiser, and waits until it says that it is online; it ends with the home. */
  optimiser(watcher: Messenger): Promise<ServiceProcess>;
  /** Starts a core on the site's store; `changes` replaces some of what it is made of. */
  core(
    changes?: Partial<CoreOptions & { site: string; weatherSource: WeatherSource; tariffSpec: string }>,
  ): Promise<LiveCore>;
  stop(): Promise<void>;
}

/** A broker and an empty folder; cores and devices come and go, each with this `connection`. */
export async function startTestHome(
  kind: Pick<BrokerKind, "start">,
  connection: Pick<MessengerOptions, "keepalive_s"> = {},
): Promise<TestHome> {
  const broker = await kind.start();
  const folder = mkdtempSync(join(tmpdir(), "azru-core-"));
  const open: (() => Promise<unknown>)[] = [];

  return {
    broker,
    folder,
    async device(site = defaultSite) {
      const service = "sensor-simulator";
      const messenger = connect({ url: broker.url, site, service, log: silent, ...connection });
      open.push(() => messenger.close());
      const commands = collector<ValveCommand>();
      await messenger.subscribe(topics.valveSet, ({ payload }) => commands.push(payload)).active;
      await messenger.whenConnected();
      const publish = async (timeMs: number, metrics: Partial<SensorMetrics>) => {
        const sim_time = isoTimeOf(timeMs);
        const payload = { temperature: 20, ...metrics, sim_time };
        await messenger.publish(topics.sensorMetrics, { room }, payload);
        await messenger.publish(topics.clock, {}, sim_time);
      };
      return {
        messenger,
        commands,
        publish,
        async decision(timeMs, metrics = {}) {
          const due = commands.next(({ sim_time = "" }) => Date.parse(sim_time) >= timeMs);
          await publish(timeMs, metrics);
          return due;
        },
      };
    },
    async optimiser(watcher) {
      const online = collector<string>();
      const watching = watcher.subscribe(
        topics.status,
        ({ payload, retained }) => {
          // What a broker kept may be from a worker that is long dead.
          if (!retained) online.push(payload);
        },
        { params: { service: "mpc" } },
      );
      await watching.active;
      const worker = startOptimiser(broker.url);
      open.push(() => {
        worker.kill("SIGKILL");
        return worker.ended;
      });
      await online.next((status) => status === "online", 0);
      watching.close();
      return worker;
    },
    async core(changes = {}) {
      const { site = defaultSite } = changes;
      const messenger = connect({ url: broker.url, site, service: "core", log: silent, ...connection });
      const store = openEmbeddedStore({ filePath: join(folder, `${site}.db`), flushIntervalMs: 20 });
      const clock = createSimulatedClock(startMs, (error) => {
        throw error;
      });
      const registry = new Registry();
      const reference = referenceYearSource();
      const model = changes.model ?? createModelInForce(houseModel(building, stepMs / 1000));
      const core = await startCore({
        model,
        calibration: new NightlyCalibration({
          filePath: join(folder, "calibrated-building.json"),
          original: building,
          model,
          paused: undefined,
          isOn: false,
          rooms: [room],
          history_ms: 14 * dayMs,
          store: { filePath: join(folder, "azru.db") },
          weather: "reference",
          cacheFolder: folder,
          clock,
          registry,
          log: silent,
        }),
        room,
        horizonSteps: 96,
        phase_ms: 0,
        mpcTimeout_ms: 10_000,
        manual_ms: 4 * hourMs,
        staleAfter_ms: 30 * 60_000,
        frozenAfter_ms: 12 * hourMs,
        rooms: { deciding: [room], mostRooms: 32, forgetAfter_ms: 72 * hourMs },
        margin: 2.5,
        clock,
        wallNow: Date.now,
        messenger,
        store,
        storeWatch: watchStore(() => undefined),
        weather: createWeatherOutlook({
          kind: "reference_year",
          source: changes.weatherSource ?? reference,
          substitute: reference,
          reach_ms: 7 * dayMs,
          needed_ms: 36 * hourMs,
          freshFor_ms: Number.POSITIVE_INFINITY,
        }),
        tariff: createTariffOutlook(
          tariffLoader({ spec: changes.tariffSpec ?? "peak", cacheFolder: folder, allotFrom: reference }),
        ),
        registry,
        log: silent,
        ...changes,
      });
      await messenger.whenConnected();
      let stopped: Promise<void> | undefined;
      const stop = () => {
        stopped ??= (async () => {
          await core.close();
          await messenger.close();
          await store.close();
        })();
        return stopped;
      };
      open.push(stop);
      return { core, messenger, store, clock, registry, model, stop };
    },
    async stop() {
      for (const close of open.splice(0).reverse()) await close();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
