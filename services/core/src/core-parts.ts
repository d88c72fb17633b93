/** The parts of a core, each made with what it needs and no more. */
import { type HeatedRoom, type ServerEvent, type StateResponse, topics } from "@azru/contracts";
import { createThermostat } from "@azru/control";
import { createRequester, type Messenger } from "@azru/messaging";
import type { Clock, Logger, SimulatedClock } from "@azru/runtime";
import type { TimeSeriesStore } from "@azru/timeseries";
import type { Registry } from "prom-client";
import type { NightlyCalibration } from "./calibration/nightly.ts";
import { ComfortKeeper } from "./comfort/comfort-keeper.ts";
import { type DescribedComfort, firstRequests } from "./comfort/first-requests.ts";
import { type HomeComfort, RoomsComfort } from "./comfort/rooms-comfort.ts";
import { createLowerCeiling } from "./decision/lower-ceiling.ts";
import { createOptimiser } from "./decision/optimiser.ts";
import { RoomSharing } from "./decision/room-heat.ts";
import { Supervisor } from "./decision/supervisor.ts";
import { UnprovedRule } from "./decision/unproved-rule.ts";
import { createWorkers } from "./decision/workers.ts";
import { watchDeviceService } from "./device-service.ts";
import { createEvents, type Events } from "./events.ts";
import { createHomeSteps } from "./home/home-steps.ts";
import { House, type HouseOptions } from "./home/house.ts";
import type { ModelInForce } from "./home/model-in-force.ts";
import type { PushedTariff } from "./outlook/pushed-tariff.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "./outlook/weather-outlook.ts";
import { Publisher } from "./publisher.ts";
import type { StoreWatch } from "./readiness.ts";
import type { CoreEvent } from "./record/core-event.ts";
import { readHouseMemory } from "./record/house-memory.ts";
import type { Memory } from "./record/memory.ts";
import { stateOf } from "./state.ts";

export interface CoreOptions {
  /** Of the house; its step is the controller's. */
  readonly model: ModelInForce;
  /** The heated zone's room. */
  readonly room: string;
  /** What set-up asked for; undefined where nobody has answered. */
  readonly described?: DescribedComfort | undefined;
  readonly horizonSteps: number;
  /** Home time between the full step and the home's decision. */
  readonly phase_ms: number;
  /** Wall time that the optimiser has for an answer. */
  readonly mpcTimeout_ms: number;
  /** Home time that a manual command holds where it names no duration. */
  readonly manual_ms: number;
  /** Home time after which a temperature no longer counts. */
  readonly staleAfter_ms: number;
  /** Home time after which a temperature that does not change at all no longer counts. */
  readonly frozenAfter_ms: number;
  /** Which rooms are kept, and which decide. */
  readonly rooms: Omit<HouseOptions["rooms"], "power_w">;
  /** The rooms that are heated each by itself, which decide; absent where the home is heated as one. */
  readonly heatedRooms?: ReadonlyMap<string, HeatedRoom> | undefined;
  /** Set-up names devices that the valves service is to command. */
  readonly hasDevices?: boolean | undefined;
  /** What the subscribed power leaves for the heaters; absent where there is no limit. */
  readonly heaterLimit_w?: number | undefined;
  /** Distance that plans keep from the setpoint, in standard deviations of the air a step ahead; 0 for none. */
  readonly margin: number;
  /** Set from `sys/clock` where it is simulated. */
  readonly clock: Clock | SimulatedClock;
  /** Wall time, Unix ms. */
  readonly wallNow: () => number;
  readonly messenger: Messenger;
  readonly store: TimeSeriesStore;
  readonly storeWatch: Pick<StoreWatch, "problem">;
  /** Where the memory is kept beside the store; undefined for the store alone. */
  readonly memoryFile?: string | undefined;
  /** Where a house of several states keeps what it knows of itself; absent for the 5R1C zone. */
  readonly houseFile?: string | undefined;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
  /** Takes prices at run time; absent where the tariff has another source. */
  readonly pushed?: PushedTariff | undefined;
  /** What was learnt of the house, and how to ask for more. */
  readonly calibration: NightlyCalibration;
  readonly registry: Registry;
  readonly log: Logger;
}

export type CoreParts = ReturnType<typeof createParts>;

/**
 * @param memory what the core knew when it was closed
 * @param onMerged a cause of a decision came while one was being made
 */
export function createParts(options: CoreOptions, memory: Memory, onMerged: () => void) {
  const { model, clock, wallNow, messenger, log, weather, tariff } = options;
  const step_ms = model.now.step.dtSeconds * 1000;
  const happened = createEvents<CoreEvent>();
  const sent = createEvents<ServerEvent>(); // to clients of the API
  const changed = createEvents<ServerEvent>(); // the same, for those inside who are no clients
  const house = houseOf(options, memory);
  const comfort = comfortOf(options, memory, happened, () => supervisor);
  const rooms = roomsOf(options, comfort, house, {
    step_ms,
    outdoor_c: () => supervisor.forecast?.disturbances.theta_e_c[0],
  });
  const homeComfort: HomeComfort = rooms?.comfort ?? comfort;
  const requester = createRequester(messenger, topics.mpcRequest, topics.mpcPlan);
  const onReturn = (cause: string) => supervisor.optimiserReturned(cause);
  const workers = createWorkers({ messenger, requester, onReturn });
  const deviceService = watchDeviceService(messenger, options.hasDevices === true);
  const optimiser = createOptimiser({ timeout_ms: options.mpcTimeout_ms, wallNow, ask: workers.ask });
  const supervisor = new Supervisor({
    parts: {
      clock,
      model,
      house,
      comfort: homeComfort,
      sharing: rooms?.sharing,
      weather,
      tariff,
      thermostat: createThermostat(model.now.building.thermostat),
      rule: new UnprovedRule(model.now.building, model.now.step.dtSeconds),
      optimiser,
      horizonSteps: options.horizonSteps,
      step_ms,
      log,
    },
    manual_ms: options.manual_ms,
    mode: memory.mode,
    plan: memory.plan,
    advance: createHomeSteps(house, model, step_ms),
    publish: happened.publish,
    onMerged,
  });
  const state = (): StateResponse =>
    stateOf({
      site: messenger.site,
      clock,
      rival: messenger.rival,
      nowMs: clock.now(),
      step_ms,
      phase_ms: options.phase_ms,
      model,
      calibration: options.calibration,
      house,
      comfort: homeComfort,
      supervisor,
      weatherKind: weather.kind,
      forecast: publisher.forecast,
      tariff,
    });
  const publisher = new Publisher({
    messenger,
    clock,
    wallNow,
    tariff,
    state,
    send(event) {
      changed.publish(event);
      sent.publish(event);
    },
    log,
  });
  return {
    options,
    step_ms,
    house,
    comfort,
    roomsComfort: rooms?.comfort,
    requester,
    workers,
    deviceService,
    supervisor,
    lowerCeiling: createLowerCeiling({ optimiser, planned: () => supervisor.planned }),
    publisher,
    happened,
    sent,
    changed,
    state,
  };
}

function houseOf(options: CoreOptions, memory: Memory): House {
  const { model, room, rooms, heatedRooms, staleAfter_ms, frozenAfter_ms, margin, clock, log, tariff } =
    options;
  const power_w = heatedRooms && new Map([...heatedRooms].map(([name, heated]) => [name, heated.power_w]));
  return new House({
    model: model.now,
    room,
    staleAfter_ms,
    frozenAfter_ms,
    rooms: { ...rooms, power_w },
    margin,
    clock,
    log,
    memory,
    houseMemory: options.houseFile === undefined ? undefined : readHouseMemory(options.houseFile, log),
    ratesIn: (startMs, endMs) => tariff.rates(startMs, endMs, endMs),
  });
}

/** What a home needs whose rooms are heated each by itself; undefined where it is heated as one. */
function roomsOf(
  { heatedRooms: rooms, heaterLimit_w = Number.POSITIVE_INFINITY, clock, model }: CoreOptions,
  keeper: ComfortKeeper,
  house: House,
  { step_ms, outdoor_c }: { readonly step_ms: number; readonly outdoor_c: () => number | undefined },
) {
  if (!rooms) return undefined;
  const temperatureOf = (name: string) => {
    const state = house.rooms(clock.now()).find(({ room }) => room === name);
    return state?.status === "fresh" ? state.metrics.temperature : undefined;
  };
  const lift_k = model.now.step.dq * model.now.maxPower_w;
  const comfort = new RoomsComfort({
    rooms,
    comfort: keeper,
    step_ms,
    now: () => clock.now(),
    temperatureOf,
    warmUp() {
      const theta_e_c = outdoor_c();
      const { planModels, maxPower_w } = model.now;
      const heat_w = Math.min(maxPower_w, heaterLimit_w);
      return theta_e_c === undefined ? undefined : { model: planModels.air, heat_w, theta_e_c };
    },
  });
  return { comfort, sharing: new RoomSharing({ rooms, comfort, step_ms, lift_k }) };
}

/** A change of comfort is decided on at once, one whose time has come with the decision that is due anyway. */
function comfortOf(
  { model, clock, phase_ms, described }: CoreOptions,
  memory: Memory,
  happened: Events<CoreEvent>,
  supervisor: () => Supervisor,
): ComfortKeeper {
  const { building, step } = model.now;
  return new ComfortKeeper({
    max_c: building.comfort.max_c,
    of: building.comfort.of,
    requests: firstRequests(memory.wishes, { building, described, isSimulated: clock.simulated }),
    clock,
    publish: happened.publish,
    onChange(cause) {
      if (supervisor().hasStarted) supervisor().decideInstead(cause);
    },
    onTurn(cause) {
      const isDueAnyway = clock.now() % (step.dtSeconds * 1000) <= phase_ms;
      if (!isDueAnyway) supervisor().decideIfStarted(cause);
    },
  });
}
