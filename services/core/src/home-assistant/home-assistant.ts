/** The home in Home Assistant: announced, told, and commanded over MQTT. */
import { type ControlPreset, homeAssistantTopics, type Topic, topics } from "@azru/contracts";
import type { Message, Messenger } from "@azru/messaging";
import type { Logger } from "@azru/runtime";
import type { Core } from "../core.ts";
import { deviceIdOf, discoveryOf } from "./discovery.ts";
import { homeStateOf } from "./home-state.ts";

export interface HomeAssistantOptions {
  readonly core: Core;
  readonly messenger: Messenger;
  /** Home Assistant's discovery prefix. */
  readonly prefix: string;
  readonly version: string;
  readonly log: Logger;
}

/** Degrees C: what the thermostat's dial shows. */
const setpoint = { min: 5, max: 30 };

/**
 * Announces the home, again whenever the broker or Home Assistant comes back, tells its state where it has changed,
 * and obeys the commands below `control/`.
 *
 * @returns stops telling and obeying; what was announced stays, and its availability is the core's status
 */
export function startHomeAssistant(options: HomeAssistantOptions): () => void {
  const { core, messenger, prefix, log } = options;
  const discovery = discoveryOf({ ...options, site: core.site, setpoint });
  const device = deviceIdOf(core.site);
  let told = "";

  function announce(): void {
    sent(messenger.publish(homeAssistantTopics.discovery, { prefix, device }, discovery));
    told = "";
    tell();
  }

  function tell(): void {
    const state = homeStateOf(core);
    const { time: _, ...rest } = state;
    const content = JSON.stringify(rest);
    if (content === told) return;
    told = content;
    sent(messenger.publish(topics.homeState, {}, state));
  }

  function sent(delivery: Promise<unknown>): void {
    delivery.catch((error: unknown) => log.error({ err: error }, "Home Assistant could not be told"));
  }

  function wish(preset: ControlPreset): void {
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
  function obey<T extends Topic>(topic: T, command: (message: Message<T>) => unknown) {
    return messenger.subscribe(topic, (message) => {
      if (message.retained) return log.warn({ topic: topic.path }, "a retained command is not obeyed");
      log.info({ topic: topic.path, payload: message.payload }, "command over MQTT");
      return command(message);
    });
  }

  const subscriptions = [
    messenger.subscribe(
      homeAssistantTopics.status,
      ({ payload, retained }) => {
        if (payload === "online" && !retained) announce();
      },
      { params: { prefix } },
    ),
    obey(topics.controlMode, ({ payload }) => {
      if (payload === "off") core.setValve({ valve_position: 0 });
      else core.setAutoMode(payload === "auto");
    }),
    obey(topics.controlValve, ({ payload }) => core.setValve({ valve_position: payload })),
    obey(topics.controlPreset, ({ payload }) => wish(payload)),
    obey(topics.controlSetpoint, ({ payload }) => core.comfort.setSetpoint({ setpoint_c: payload })),
    obey(topics.controlVacation, ({ payload }) =>
      payload === null ? core.comfort.endVacation() : core.comfort.setVacation(payload),
    ),
    obey(topics.controlOptimize, () => {
      if (!core.forceOptimization()) log.warn("not optimised: the home is in manual mode");
    }),
  ];
  const stops = [
    ...subscriptions.map(({ close }) => close),
    core.onChange(tell),
    messenger.onConnectionChange((connected) => {
      if (connected) announce();
    }),
  ];
  announce();
  return () => {
    for (const stop of stops) stop();
  };
}
