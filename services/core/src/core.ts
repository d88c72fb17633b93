/** The core put together: messages in, decisions out, everything recorded. It knows neither HTTP nor processes. */
import { defaultWishes } from "@azru/comfort";
import {
  type ControlValveBody,
  type ForceOptimizationResponse,
  type ForecastState,
  type HistoryQuery,
  type HistoryResponse,
  isoTimeOf,
  type ModeState,
  type PlanResponse,
  type ReadyResponse,
  type StateResponse,
  type TariffState,
  timeMsOf,
  topics,
} from "@azru/contracts";
import { createRequester, type Messenger } from "@azru/messaging";
import type { Clock, Logger, SimulatedClock } from "@azru/runtime";
import type { Rate } from "@azru/tariff";
import { StoreError, type TimeSeriesStore } from "@azru/timeseries";
import type { Registry } from "prom-client";
import type { Nightly } from "./calibration/nightly.ts";
import { type ComfortKeeper, createComfortKeeper } from "./comfort/comfort-keeper.ts";
import { auto } from "./decision/mode.ts";
import { createOptimiser } from "./decision/optimiser.ts";
import { createSupervisor } from "./decision/supervisor.ts";
import { createWorkers } from "./decision/workers.ts";
import { createEvents, type Events } from "./events.ts";
import { history } from "./history.ts";
import { createHouse } from "./home/house.ts";
import type { ModelInForce } from "./home/model-in-force.ts";
import { whyNoTemperature } from "./home/trust.ts";
import { createDecisionMetrics, observe } from "./metrics.ts";
import { tariffMessage } from "./outlook/tariff-message.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "./outlook/weather-outlook.ts";
import { readiness, type StoreWatch } from "./readiness.ts";
import { type Memory, remember } from "./record/memory.ts";
import { readMemoryFile, rememberWhatIsRecorded, writeMemoryFile } from "./record/memory-file.ts";
import { createRecorder } from "./record/recorder.ts";
import { rateInForce, stateOf } from "./state.ts";

export interface CoreOptions {
  /** Of the house; its step is the controller's. */
  readonly model: ModelInForce;
  /** The heated zone's room. */
  readonly room: string;
  readonly horizonSteps: number;
  /** Home time between the full step and the home's decision. */
  readonly phase_ms: number;
  /** Wall time that the optimiser has for an answer. */
  readonly mpcTimeout_ms: number;
  /** Home time that a manual command holds where it does not say. */
  readonly manual_ms: number;
  /** Home time after which a temperature no longer counts. */
  readonly staleAfter_ms: number;
  /** Home time after which a temperature that does not change at all no longer counts. */
  readonly frozenAfter_ms: number;
  /** Distance that plans keep from the setpoint, in standard deviations of the air a step ahead; 0 for none. */
  readonly margin: number;
  /** Followed from `sys/clock` where it is simulated. */
  readonly clock: Clock | SimulatedClock;
  /** Wall time, Unix ms. */
  readonly wallNow: () => number;
  readonly messenger: Messenger;
  readonly store: TimeSeriesStore;
  readonly storeWatch: Pick<StoreWatch, "problem">;
  /** Where to remember what a store that may be away cannot tell at the next start; for other stores undefined. */
  readonly memoryFile?: string | undefined;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
  /** What was learnt of the house, and how to ask for more. */
  readonly calibration: Nightly;
  readonly registry: Registry;
  readonly log: Logger;
}

/** What the API is made of. */
export interface Core {
  readonly site: string;
  /** For clients, who are counted. */
  readonly events: Events;
  /** Calls `listener` when what the core tells has changed. @returns stops */
  onChange(listener: () => void): () => void;
  state(): StateResponse;
  /** Undefined before the first. */
  plan(): PlanResponse | undefined;
  tariff(): TariffState;
  /** The rates of `[startMs, endMs)` as far as they are known now. */
  rates(startMs: number, endMs: number): readonly Rate[];
  /** Electricity that the heating has used since the start, kWh. */
  readonly energy_kwh: number;
  /** Undefined before the first. */
  forecast(): ForecastState | undefined;
  readiness(): ReadyResponse;
  /** @throws RangeError naming a bad parameter; StoreError when the store cannot answer */
  history(query: HistoryQuery): Promise<HistoryResponse>;
  /** Undefined in manual mode, where there is nothing to optimise. */
  forceOptimization(): ForceOptimizationResponse | undefined;
  setValve(body: ControlValveBody): ModeState;
  setAutoMode(isAuto: boolean): ModeState;
  readonly calibration: Pick<Nightly, "response" | "begin" | "goBack">;
  /** What is wished for; its setters throw a RangeError that names the field. */
  readonly comfort: Pick<
    ComfortKeeper,
    "response" | "setSettings" | "setPreset" | "setSetpoint" | "setPresence" | "setVacation" | "endVacation"
  >;
  /** Resolves when no decision is being made. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const minuteMs = 60_000;
const refreshEvery_ms = 5 * minuteMs; // home time
/** Wall time that the first decision waits for weather and tariff; later ones wait for nothing. */
const firstLook_ms = 5_000;
/** At most so many measurements a second and room are told to those who listen. */
const measurementsPerSecond = 4;

/**
 * Starts the core: remembers its earlier life, listens to the sensors, decides at once and from then on at every
 * step of home time.
 *
 * @throws StoreError when the store cannot be read, and nothing else remembers
 */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { model, room, clock, phase_ms, wallNow, messenger, store, weather, tariff, registry, log } = options;
  const { site } = messenger;
  const { building, maxPower_w, step } = model.now;
  const step_s = step.dtSeconds;
  const step_ms = step_s * 1000;
  const memory = await earlierLife(options, {
    room,
    step_ms,
    maxPower_w,
    comfort: building.comfort,
  });
  const events = createEvents();
  const { recorder, memory: memoryNow } = rememberWhatIsRecorded(createRecorder(store, log), memory);
  const house = createHouse({
    ...options,
    model: model.now,
    memory,
    priceAt: (timeMs) => tariff.rates(timeMs, timeMs + 1, timeMs)[0].price_eur_kwh,
  });
  let hasStarted = false;
  const comfort = createComfortKeeper({
    ...options,
    building,
    wishes: memory.wishes ?? defaultWishes(building, 0),
    recorder,
    events,
    onChange: (cause) => {
      if (hasStarted) supervisor.decideInstead(cause);
    },
    onTurn: (cause) => {
      const isDueAnyway = clock.now() % step_ms <= phase_ms;
      if (hasStarted && !isDueAnyway) supervisor.decide(cause);
    },
  });
  const requester = createRequester(messenger, topics.mpcRequest, topics.mpcPlan);
  const workers = createWorkers({
    messenger,
    requester,
    onReturn: (cause) => {
      if (hasStarted) supervisor.optimiserReturned(cause);
    },
  });
  const supervisor = createSupervisor({
    ...options,
    house,
    comfort,
    memory,
    recorder,
    events,
    metrics: createDecisionMetrics(registry),
    optimiser: createOptimiser({
      ...options,
      timeout_ms: options.mpcTimeout_ms,
      ask: workers.ask,
    }),
    send: (command) => messenger.publish(topics.valveSet, { room }, command),
  });

  model.onProposal((cause) => {
    if (hasStarted) supervisor.decide(cause);
  });

  let listeners = 0;
  let lastTariff = "";
  const doubted = new Set<string>();
  const toldMs = new Map<string, number>();

  messenger.subscribe(topics.sensorMetrics, ({ params, payload: metrics, retained }) => {
    if (retained) return; // nobody knows how old it is
    const { sim_time } = metrics;
    const timeMs = clock.simulated && sim_time !== undefined ? timeMsOf(sim_time) : clock.now();
    const reading = { room: params.room, metrics, timeMs };
    // In a simulation readings come just before the clock that they belong to.
    const cost = house.measure(reading, clock.simulated ? timeMs : clock.now());
    if (!cost) return;
    recorder.reading(reading, cost);
    if (hasStarted) supervisor.measured();
    tellMeasurement(reading);
  });

  function tellMeasurement({ room, metrics, timeMs }: Parameters<typeof house.measure>[0]): void {
    const nowMs = wallNow();
    const sinceLast_ms = Math.abs(nowMs - (toldMs.get(room) ?? 0));
    if (sinceLast_ms < 1000 / measurementsPerSecond) return;
    toldMs.set(room, nowMs);
    events.publish({ event: "measurement", data: { room, time: isoTimeOf(timeMs), metrics } });
  }

  events.listen(({ event, data }) => {
    if (event === "decision" || event === "mode" || event === "comfort")
      events.publish({ event: "state", data: state() });
    if (event === "decision" || event === "mode" || event === "comfort") keepMemory();
    if (event === "decision") tellTariff();
    if (event === "forecast") publish(messenger.publish(topics.forecast, {}, data));
  });

  function keepMemory(): void {
    if (options.memoryFile === undefined) return;
    try {
      writeMemoryFile(options.memoryFile, memoryNow(house.savings));
    } catch (error) {
      log.warn({ err: error }, "what is to be remembered cannot be written");
    }
  }

  /** Tells the tariff where it is not what was told last. */
  function tellTariff(): void {
    const message = tariffMessage(tariff, clock.now());
    const { issued_at: _, ...content } = message;
    const text = JSON.stringify(content);
    if (text === lastTariff) return;
    lastTariff = text;
    events.publish({ event: "tariff", data: message });
    publish(messenger.publish(topics.tariff, {}, message));
  }

  /** The broker may have lost what it kept for those who come later. */
  const stopAnnouncing = messenger.onConnectionChange((connected) => {
    if (!connected || !hasStarted) return;
    lastTariff = "";
    tellTariff();
    if (supervisor.forecast) publish(messenger.publish(topics.forecast, {}, supervisor.forecast));
  });

  function publish(sent: Promise<unknown>): void {
    sent.catch((error: unknown) => log.error({ err: error }, "a message could not be sent"));
  }

  async function refreshWeather(nowMs: number): Promise<void> {
    const isSubstitute = supervisor.forecast?.fallback_reason !== undefined;
    const hasCome = await weather.refresh(nowMs);
    if (hasCome && hasStarted && isSubstitute) supervisor.decide("a weather forecast has come");
  }

  async function refreshTariff(nowMs: number): Promise<void> {
    const news = await tariff.refresh(nowMs);
    for (const doubt of tariff.loaded.doubts ?? []) {
      if (!doubted.has(doubt)) log.warn({ source: tariff.loaded.source }, `the tariff's colours: ${doubt}`);
      doubted.add(doubt);
    }
    if (!hasStarted) return;
    tellTariff();
    if (news !== undefined) supervisor.decide(`new Tempo colour: ${news}`);
  }

  async function refresh(nowMs: number): Promise<void> {
    await Promise.all([refreshWeather(nowMs), refreshTariff(nowMs)]);
  }

  /** Looks at weather and tariff for a moment, then decides for the first time. */
  async function start(): Promise<void> {
    const look = refresh(clock.now());
    await Promise.race([look, elapsed(firstLook_ms)]);
    hasStarted = true;
    supervisor.decide("the core has started");
    await look;
  }

  if ("set" in clock) {
    let starting: Promise<void> | undefined;
    messenger.subscribe(topics.clock, ({ payload }) => {
      const beforeMs = clock.now();
      const timeMs = timeMsOf(payload);
      clock.set(timeMs);
      if (!starting) {
        starting = start();
        return starting;
      }
      if (timeMs < beforeMs - step_ms && hasStarted) {
        supervisor.decide("the clock has jumped back");
        return refresh(timeMs);
      }
      return undefined;
    });
  }
  clock.scheduleEvery(refreshEvery_ms, refresh, phase_ms % refreshEvery_ms);
  clock.scheduleEvery(step_ms, (dueMs) => {
    if (hasStarted && clock.now() < dueMs + phase_ms) supervisor.followPlan();
  });
  clock.scheduleEvery(
    step_ms,
    () => {
      if (hasStarted) supervisor.decide(`every ${step_s / 60} minutes`);
    },
    phase_ms,
  );
  if (!clock.simulated) {
    await messenger.whenConnected(AbortSignal.timeout(firstLook_ms)).catch(() => {
      log.warn("the broker is not reached yet, starting without it");
    });
    start().catch((error: unknown) => log.error({ err: error }, "the first look failed"));
  }

  const state = () =>
    stateOf({ ...options, learnt: options.calibration.state, step_s, site, supervisor, house, comfort });

  const core: Core = {
    site,
    events: {
      publish: events.publish,
      listen(listener) {
        const stop = events.listen(listener);
        listeners++;
        return () => {
          listeners--;
          stop();
        };
      },
    },
    onChange: events.listen,
    state,
    plan: () => supervisor.plan,
    tariff: () => tariffMessage(tariff, clock.now()),
    rates: (startMs, endMs) => tariff.rates(startMs, endMs, clock.now()),
    get energy_kwh() {
      return house.energy_kwh;
    },
    forecast: () => supervisor.forecast,
    readiness: () =>
      readiness({
        brokerConnected: messenger.connected,
        storeProblem: options.storeWatch.problem(store.stats),
        optimiserFailure: supervisor.optimiserFailure,
        workersProblem: workers.problem,
        hasPlan: supervisor.plan !== undefined,
        weatherFallback: supervisor.forecast?.fallback_reason,
        tariffFallback: tariff.loaded.fallbackReason,
        temperatureProblem: house.zone(clock.now()) ? undefined : whyNoTemperature(house.rooms(clock.now())),
        failsafe: supervisor.failsafe,
        hasDecided: supervisor.decision !== undefined,
      }),
    history: (query) => history(store, query, clock.now()),
    forceOptimization() {
      if (supervisor.mode.mode === "manual") return undefined;
      const { id, started } = supervisor.decide("asked for");
      return { status: started ? "started" : "in_progress", request_id: id };
    },
    setValve: ({ valve_position, duration_min }) =>
      supervisor.setValve(
        valve_position / 100,
        duration_min === undefined ? undefined : duration_min * minuteMs,
      ),
    setAutoMode: supervisor.setAuto,
    calibration: options.calibration,
    comfort,
    idle: supervisor.idle,
    async close() {
      clock.close();
      comfort.close();
      await supervisor.close();
      workers.close();
      stopAnnouncing();
      requester.close();
      if (hasStarted) keepMemory();
    },
  };
  observe(registry, {
    messaging: messenger.metrics,
    unmatchedPlans: () => requester.unmatched,
    store: () => store.stats,
    recorder: () => recorder.counts,
    rooms: () => house.rooms(clock.now()),
    distrusted: () => house.distrusted,
    substitutes: () => ({
      weather: supervisor.forecast?.fallback_reason !== undefined,
      tariff: tariff.loaded.fallbackReason !== undefined,
    }),
    valve: () => supervisor.decision?.valve_position,
    price_eur_kwh: () => rateInForce(tariff, clock.now())?.price_eur_kwh,
    failsafe: () => supervisor.failsafe !== undefined,
    eventClients: () => listeners,
  });
  return core;
}

/** From the store; from the file where the store cannot answer, or has not everything yet. */
async function earlierLife(
  { store, memoryFile, log }: CoreOptions,
  home: Parameters<typeof remember>[1],
): Promise<Memory> {
  if (memoryFile === undefined) return remember(store, home);
  const file = readMemoryFile(memoryFile);
  if (file && "why" in file) log.warn(file.why);
  const kept = file && "memory" in file ? file.memory : undefined;
  if (kept && store.stats.pending > 0) return kept;
  try {
    return await remember(store, home);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const instead = kept ? `what ${memoryFile} says` : "nothing";
    log.warn({ err: error }, `the store cannot tell of an earlier life: remembering ${instead}`);
    return kept ?? { mode: auto, readings: [] };
  }
}

function elapsed(wait_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, wait_ms).unref());
}
