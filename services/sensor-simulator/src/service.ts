/** The simulated home on MQTT. */
import { isoTimeOf, timeMsOf, topics, type ValveCommand } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import type { Decisions } from "./lockstep.ts";
import type { Prices } from "./prices.ts";
import type { SimulatorOptions } from "./simulator.ts";
import type { Valve } from "./valve.ts";

/** Name of the status topic. */
export const serviceName = "sensor-simulator";

/** Publishes without waiting for the broker: a message that it cannot take is dropped and counted. */
export function publisherOf(messenger: Messenger, room: string, log: Log): SimulatorOptions["publish"] {
  let failing = false;
  const settle = (publishing: Promise<unknown>) =>
    publishing.then(
      () => {
        failing = false;
      },
      (error: unknown) => {
        if (!failing) log.error({ err: error }, "a measurement or a time could not be published");
        failing = true;
      },
    );
  return {
    metrics: (metrics) => void settle(messenger.publish(topics.sensorMetrics, { room }, metrics)),
    clock: (timeMs) => void settle(messenger.publish(topics.clock, {}, isoTimeOf(timeMs))),
  };
}

export interface CommandTargets {
  readonly room: string;
  readonly valve: Valve;
  readonly prices: Prices;
  readonly decisions: Decisions;
  /** Home time, Unix ms. */
  readonly now: () => number;
}

/** Hands the room's commands to the valve and the tariff to the prices. */
export function subscribe(
  messenger: Messenger,
  { room, valve, prices, decisions, now }: CommandTargets,
): void {
  const command = (payload: ValveCommand) => {
    if (valve.command(payload, now()) !== "accepted") return;
    const time = payload.sim_time ?? payload.issued_at;
    if (time !== undefined) decisions.arrived(timeMsOf(time));
  };
  messenger.subscribe(topics.valveSet, ({ payload }) => command(payload), { params: { room } });
  messenger.subscribe(topics.tariff, ({ payload }) => prices.update(payload));
}
