/** The core put together: messages in, decisions out, everything recorded. It knows neither HTTP nor processes. */
import {
  type ComfortResponse,
  type ControlRoomBody,
  type ControlValveBody,
  type ForceOptimizationResponse,
  type ForecastState,
  type HistoryQuery,
  type HistoryResponse,
  type LowerCeilingResponse,
  type ModeState,
  type PlanResponse,
  type ReadyResponse,
  type RoomState,
  type ServerEvent,
  type StateResponse,
  sentenceOf,
  type TariffState,
  topics,
} from "@azru/contracts";
import { hourMs } from "@azru/runtime";
import type { Rate } from "@azru/tariff";
import type { NightlyCalibration } from "./calibration/nightly.ts";
import type { ComfortKeeper } from "./comfort/comfort-keeper.ts";
import { type CoreOptions, type CoreParts, createParts } from "./core-parts.ts";
import { roomCommands } from "./decision/command.ts";
import type { Decision, Refusal } from "./decision/decision.ts";
import type { Standing } from "./decision/mode.ts";
import type { Events } from "./events.ts";
import { history } from "./history.ts";
import { heatingReason } from "./home/doubt.ts";
import { whyNoTemperature } from "./home/trust.ts";
import { createEventCounters, observe } from "./metrics.ts";
import { tariffMessage } from "./outlook/tariff-message.ts";
import { type Dependencies, readiness } from "./readiness.ts";
import { logEvents } from "./record/event-log.ts";
import { writeHouseMemory } from "./record/house-memory.ts";
import { newestMs } from "./record/memory.ts";
import { createMemoryKeeper, restoreMemory } from "./record/memory-file.ts";
import { createRecorder, recordEvents } from "./record/recorder.ts";
import { startSchedule } from "./schedule.ts";
import { subscribeToSensors } from "./sensors.ts";
import { createTariffPushes, type TariffPushes } from "./tariff-pushes.ts";

export type { CoreOptions };

const minuteMs = 60_000;

/** What the API is made of. */
export interface Core {
  readonly site: string;
  /** For clients, who are counted. */
  readonly events: Pick<Events<ServerEvent>, "publish" | "listen">;
  /** Calls `listener` when what the core publishes has changed. @returns stops */
  onChange(listener: () => void): () => void;
  state(): StateResponse;
  /** Undefined before the first. */
  plan(): PlanResponse | undefined;
  /** What the last plan would cost more with a ceiling so much lower, or why nobody knows; undefined before the first plan. */
  lowerCeiling(by_k: number): Promise<LowerCeilingResponse | Refusal | undefined>;
  tariff(): TariffState;
  /** Prices at run time. */
  readonly tariffPushes: TariffPushes;
  /** The rates of `[startMs, endMs)` as far as they are known now. */
  rates(startMs: number, endMs: number): readonly Rate[];
  /** Electricity that the heating has used since the start, kWh. */
  readonly energy_kwh: number;
  /** Undefined before the first. */
  forecast(): ForecastState | undefined;
  readiness(): ReadyResponse;
  /** @throws RangeError naming a bad parameter; StoreError when the store cannot answer */
  history(query: HistoryQuery): Promise<HistoryResponse>;
  /** Undefined out of automatic mode, where there is nothing to optimise. */
  forceOptimization(): ForceOptimizationResponse | undefined;
  setValve(body: ControlValveBody): ModeState;
  /** True: automatic mode; false: the valve kept where it is, for a while. */
  setAutoMode(isAuto: boolean): ModeState;
  /** Who decides from now on. */
  setMode(kind: Standing["kind"]): ModeState;
  readonly calibration: Pick<NightlyCalibration, "response" | "begin" | "goBack">;
  /** Comfort requests; the setters throw a RangeError that names the field. */
  readonly comfort: Pick<
    ComfortKeeper,
    | "response"
    | "setSettings"
    | "setWarmest"
    | "setPreset"
    | "setSetpoint"
    | "setPresence"
    | "setVacation"
    | "endVacation"
  >;
  /**
   * Another comfort in one room that is heated by itself.
   *
   * @throws RangeError that names the field, also where the home is heated as one
   */
  setRoom(body: ControlRoomBody): ComfortResponse;
  /** Resolves when no decision is being made. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the core: restores its memory, listens to the sensors, decides at once and from then on at every step of home
 * time.
 *
 * @throws StoreError when the store cannot be read, and there is no memory file
 */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { model, room, clock, messenger, store, weather, tariff, registry, log } = options;
  const { building, step } = model.now;
  const step_ms = step.dtSeconds * 1000;
  const home = { room, step_ms, comfort: building.comfort };
  const file = { path: options.memoryFile, log };
  const memory = await restoreMemory({ ...file, store }, home);
  clock.hasPassed(newestMs(memory));

  const counters = createEventCounters(registry);
  const parts = createParts(options, memory, counters.merged);
  const { house, comfort, supervisor, publisher, happened } = parts;
  options.calibration.leaveOut(() => house.doubt.times);
  const recorder = createRecorder(store, log, clock);
  const memoryKeeper = createMemoryKeeper(file, memory, () => ({
    savings: house.savings,
    habits: house.habits,
    doubt: house.doubt.memory,
  }));

  happened.listen((event) => {
    if (event.kind === "decision") carryOut(event, parts);
  });
  const savings = () => parts.state().savings;
  happened.listen(recordEvents(recorder, { room, comfort, savings }));
  happened.listen(memoryKeeper.update);
  const saveHouse = () => {
    const { houseFile } = options;
    if (houseFile !== undefined && house.houseMemory) writeHouseMemory(houseFile, house.houseMemory, log);
  };
  clock.scheduleEvery(hourMs, saveHouse);
  happened.listen(counters.update);
  happened.listen(logEvents(log, tariff));
  happened.listen((event) => publisher.update(event));
  happened.listen(({ kind }) => {
    if (kind === "reading") supervisor.measured();
  });
  model.onProposal((cause) => supervisor.decideIfStarted(cause));
  subscribeToSensors({ messenger, clock, house, publish: happened.publish });
  const stopRepublishing = messenger.onConnectionChange((connected) => {
    if (connected && supervisor.hasStarted) publisher.republish();
  });
  observe(registry, { ...parts, recorder });

  const publishTariff = () => publisher.publishTariff();
  const { phase_ms } = options;
  await startSchedule({
    clock,
    messenger,
    supervisor,
    weather,
    tariff,
    publishTariff,
    step_ms,
    phase_ms,
    log,
  });
  const tariffPushes = createTariffPushes({ ...options, supervisor, publishTariff, pushed: options.pushed });
  return coreOf(parts, tariffPushes, async () => {
    clock.close();
    comfort.close();
    await supervisor.close();
    parts.workers.close();
    parts.deviceService.close();
    stopRepublishing();
    parts.requester.close();
    if (supervisor.hasStarted) memoryKeeper.save();
    saveHouse();
  });
}

/** Sends a decision's command to the valve. */
function carryOut({ id, command, choice, timeMs, rooms }: Decision, { options, house }: CoreParts): void {
  const { messenger, log } = options;
  const commands = rooms.length > 0 ? roomCommands(command, rooms) : [command];
  for (const [i, one] of commands.entries()) {
    const room = rooms[i]?.room ?? options.room;
    messenger.publish(topics.valveSet, { room }, one).catch((error: unknown) => {
      log.error({ err: error, decision: id, room }, "the valve command could not be sent");
    });
  }
  house.setValve(choice.valve, timeMs, new Map(rooms.map(({ room, valve }) => [room, valve])));
}

function coreOf(parts: CoreParts, tariffPushes: TariffPushes, close: () => Promise<void>): Core {
  const { options, house, supervisor, comfort, publisher } = parts;
  const { clock, store, tariff } = options;
  return {
    site: options.messenger.site,
    events: parts.sent,
    onChange: parts.changed.listen,
    state: parts.state,
    plan: () => supervisor.plan,
    lowerCeiling: parts.lowerCeiling,
    tariff: () => tariffMessage(tariff, clock.now()),
    tariffPushes,
    rates: (startMs, endMs) => tariff.rates(startMs, endMs, clock.now()),
    get energy_kwh() {
      return house.energy_kwh;
    },
    forecast: () => publisher.forecast,
    readiness: () => readiness(dependenciesOf(parts)),
    history: (query) => history(store, query, clock.now()),
    forceOptimization() {
      if (supervisor.mode.mode !== "auto") return undefined;
      const { id, started } = supervisor.decide("asked for");
      return { status: started ? "started" : "in_progress", request_id: id };
    },
    setValve: ({ valve_position, duration_min }) =>
      supervisor.setValve(
        valve_position / 100,
        duration_min === undefined ? undefined : duration_min * minuteMs,
      ),
    setAutoMode: (isAuto) => supervisor.setAuto(isAuto),
    setMode: (kind) => supervisor.setMode(kind),
    calibration: options.calibration,
    comfort,
    setRoom(body) {
      const { roomsComfort } = parts;
      if (roomsComfort) return roomsComfort.setRoom(body);
      throw new RangeError(`body.room must be heated by itself (AZRU_ROOMS), got ${body.room}`);
    },
    idle: () => supervisor.idle(),
    close,
  };
}

function doubtedThermometer(rooms: readonly RoomState[]): string | undefined {
  const doubted = rooms.find(({ status }) => status === "doubted");
  return doubted && `${doubted.room}: ${doubted.reason}`;
}

function dependenciesOf(parts: CoreParts): Dependencies {
  const { options, house, supervisor, workers, deviceService, publisher } = parts;
  const { clock, messenger, store, storeWatch, tariff } = options;
  return {
    clockProblem: clock.problem,
    rival: messenger.rival?.reason,
    brokerConnected: messenger.connected,
    storeProblem: storeWatch.problem(store.stats),
    optimiserFailure: supervisor.optimiserFailure,
    workersProblem: workers.problem,
    devicesProblem: deviceService.problem,
    hasPlan: supervisor.plan !== undefined,
    weatherFallback: publisher.forecast?.fallback_reason,
    tariffFallback: tariff.loaded.fallbackReason,
    temperatureProblem: house.zone(clock.now()) ? undefined : whyNoTemperature(house.rooms(clock.now())),
    doubtedThermometer: doubtedThermometer(house.rooms(clock.now())),
    heatingProblem: house.doubt.heating && sentenceOf(heatingReason(house.doubt.heating)),
    failsafe: supervisor.failsafe,
    hasDecided: supervisor.decision !== undefined,
  };
}
