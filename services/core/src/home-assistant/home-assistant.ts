/** The home in Home Assistant, over MQTT: its announcement, its state, and the commands that come back. */
import {
  type ControlMode,
  type ControlPreset,
  type Discovery,
  type HomeState,
  homeAssistantTopics,
  type Topic,
  timeMsOf,
  topics,
} from "@azru/contracts";
import type { Message, Messenger } from "@azru/messaging";
import type { Logger } from "@azru/runtime";
import type { Core } from "../core.ts";
import type { Language } from "../dashboard/page/format.ts";
import { discoveryOf } from "./discovery.ts";
import { deviceIdOf } from "./entity-kit.ts";
import { homePricesOf } from "./home-prices.ts";
import { homeStateOf } from "./home-state.ts";
import type { AnnouncedRoom } from "./room-entities.ts";

export interface HomeAssistantOptions {
  readonly core: Core;
  readonly messenger: Messenger;
  /** Home Assistant's discovery prefix. */
  readonly prefix: string;
  readonly version: string;
  /** Of the entities' names and of the reasons; English by default. */
  readonly language?: Language;
  /** Rooms that are heated each by itself; none where the home is heated as one. */
  readonly heatedRooms?: Iterable<string>;
  readonly log: Logger;
}

/** What a room is heated by does not wait for its first decision: entities would go and come back at every start. */
function roomsOf({ rooms }: HomeState, heated: Iterable<string>): AnnouncedRoom[] {
  const names = new Set(heated);
  return Object.keys(rooms).map((name) => ({ name, isHeated: names.has(name) }));
}

/** Degrees C: what the thermostat's dial shows. */
const setpoint = { min: 5, max: 30 };

/**
 * Announces the home, again whenever the broker or Home Assistant comes back, publishes its state and prices where
 * they have changed, and follows the commands below `control/`.
 *
 * @returns stops publishing and listening; what was announced stays, and its availability is the core's status
 */
export function startHomeAssistant(options: HomeAssistantOptions): () => void {
  const { core, messenger, prefix } = options;
  const { announce, publishChanges, takeEarlier } = createAnnouncer(options);

  const stops = [
    messenger.subscribe(
      homeAssistantTopics.discovery,
      // What was announced before a restart: its rooms may have been forgotten since.
      ({ payload }) => takeEarlier(payload),
      { params: { prefix, device: deviceIdOf(core.site) } },
    ).close,
    messenger.subscribe(
      homeAssistantTopics.status,
      ({ payload, retained }) => {
        if (payload === "online" && !retained) announce();
      },
      { params: { prefix } },
    ).close,
    ...followCommands(options),
    core.onChange(publishChanges),
    messenger.onConnectionChange((connected) => {
      if (connected) announce();
    }),
  ];
  announce();
  return () => {
    for (const stop of stops) stop();
  };
}

/** Publishes the announcement, and the home's state and prices. */
function createAnnouncer({ core, messenger, prefix, log, ...options }: HomeAssistantOptions) {
  const { language = "en", heatedRooms = [] } = options;
  const device = deviceIdOf(core.site);
  const published = new Map<Topic, string>();
  /** By key, the platform of every entity that was announced, before a restart too, and has not been removed. */
  const announced = new Map<string, string>();
  let announcedRooms = "";

  function announce(): void {
    const state = homeStateOf(core, language);
    const rooms = roomsOf(state, heatedRooms);
    const discovery = discoveryOf({
      ...options,
      language,
      setpoint,
      site: core.site,
      hasColours: state.colour_today !== null,
      problems: Object.keys(state.problems),
      rooms,
    });
    announcedRooms = JSON.stringify(rooms);
    const gone = [...announced].filter(([key]) => !(key in discovery.components));
    const removals = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
    const components = { ...discovery.components, ...removals };
    sent(messenger.publish(homeAssistantTopics.discovery, { prefix, device }, { ...discovery, components }));
    noteAnnounced(discovery.components);
    published.clear();
    publishState(state);
  }

  function noteAnnounced(components: Discovery["components"]): void {
    for (const [key, { platform, unique_id }] of Object.entries(components))
      if (unique_id !== undefined) announced.set(key, platform);
  }

  function publishChanges(): void {
    const state = homeStateOf(core, language);
    if (JSON.stringify(roomsOf(state, heatedRooms)) === announcedRooms) publishState(state);
    else announce(); // first the entities of a room, then its state
  }

  function publishState(state: HomeState): void {
    const { time, ...rest } = state;
    if (hasChanged(topics.homeState, rest)) sent(messenger.publish(topics.homeState, {}, state));
    const prices = homePricesOf(core, timeMsOf(time));
    if (hasChanged(topics.homePrices, prices)) sent(messenger.publish(topics.homePrices, {}, prices));
  }

  function hasChanged(topic: Topic, content: unknown): boolean {
    const text = JSON.stringify(content);
    if (published.get(topic) === text) return false;
    published.set(topic, text);
    return true;
  }

  function sent(delivery: Promise<unknown>): void {
    delivery.catch((error: unknown) =>
      log.error({ err: error }, "a message to Home Assistant could not be sent"),
    );
  }

  return {
    announce,
    publishChanges,
    /** Removes the entities of an earlier announcement which are no more: their rooms have been forgotten since. */
    takeEarlier({ components }: Discovery): void {
      const before = announced.size;
      noteAnnounced(components);
      if (announced.size > before) announce();
    },
  };
}

/** Subscribes to the commands below `control/`. @returns what ends each subscription */
function followCommands({ core, messenger, log }: HomeAssistantOptions): (() => void)[] {
  /** What `on` goes back to. */
  let modeBeforeOff: "auto" | "thermostat" = "auto";

  function setMode(mode: ControlMode): void {
    const now = core.state().mode;
    if (mode === "on") return void (now === "off" && core.setMode(modeBeforeOff));
    if (mode === "manual") return void core.setAutoMode(false);
    if (mode === "off" && now !== "off") modeBeforeOff = now === "thermostat" ? "thermostat" : "auto";
    core.setMode(mode);
  }

  function setPreset(preset: ControlPreset): void {
    const { comfort } = core;
    if (preset === "away") {
      comfort.setPreset({ preset: "schedule" });
      comfort.setPresence(false);
      return;
    }
    if (!comfort.response.present) comfort.setPresence(true);
    comfort.setPreset({ preset: preset === "none" ? "schedule" : preset });
  }

  /** A retained command is one that somebody gave at an unknown time. */
  function on<T extends Topic>(topic: T, command: (message: Message<T>) => unknown): () => void {
    return messenger.subscribe(topic, (message) => {
      if (message.retained) return log.warn({ topic: topic.path }, "a retained command is not accepted");
      log.info({ topic: topic.path, payload: message.payload }, "command over MQTT");
      return command(message);
    }).close;
  }

  return [
    on(topics.controlMode, ({ payload }) => setMode(payload)),
    on(topics.controlValve, ({ payload }) => core.setValve({ valve_position: payload })),
    on(topics.controlPreset, ({ payload }) => setPreset(payload)),
    on(topics.controlSetpoint, ({ payload }) => core.comfort.setSetpoint({ setpoint_c: payload })),
    on(topics.controlRoom, ({ payload }) => core.setRoom(payload)),
    on(topics.controlWarmest, ({ payload }) => core.comfort.setWarmest(payload)),
    on(topics.controlVacation, ({ payload }) =>
      payload === null ? core.comfort.endVacation() : core.comfort.setVacation(payload),
    ),
    on(topics.controlOptimize, () => {
      if (!core.forceOptimization()) log.warn("not optimised: the home is in manual mode");
    }),
  ];
}
