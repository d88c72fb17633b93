/** The simulated home on MQTT. */
import { isoTimeOf, type TariffState, timeMsOf, topics, type ValveCommand } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import type { Decisions } from "./lockstep.ts";
import type { Prices } from "./prices.ts";
import type { SimulatorOptions } from "./simulator.ts";
import type { Valve } from "./valve.ts";

/** Name of the status topic. */
export const serviceName = "sensor-simulator";

/**
 * Publishes what the simulator says, and does not wait for the broker: a message that it cannot take is
 * dropped and counted.
 */
export function speak(messenger: Messenger, room: string, log: Log): SimulatorOptions["say"] {
  let failing = false;
  const settle = (publishing: Promise<unknown>) =>
    publishing.then(
      () => {
        failing = false;
      },
      (error: unknown) => {
        if (!failing) log.error({ err: error }, "the house says what no house may say");
        failing = true;
      },
    );
  return {
    metrics: (metrics) => void settle(messenger.publish(topics.sensorMetrics, { room }, metrics)),
    clock: (timeMs) => void settle(messenger.publish(topics.clock, {}, isoTimeOf(timeMs))),
  };
}

export interface Listeners {
  readonly room: string;
  readonly valve: Valve;
  readonly prices: Prices;
  readonly decisions: Decisions;
  /** Home time, Unix ms. */
  readonly now: () => number;
}

/** Hands the room's commands to the valve and the tariff to the prices. */
export function listen(messenger: Messenger, { room, valve, prices, decisions, now }: Listeners): void {
  const obey = (command: ValveCommand) => {
    if (valve.command(command, now()) !== "accepted") return;
    const time = command.sim_time ?? command.issued_at;
    if (time !== undefined) decisions.arrived(timeMsOf(time));
  };
  const learn = (tariff: TariffState) => prices.learn(tariff);
  messenger.subscribe(topics.valveSet, ({ payload }) => obey(payload), { params: { room } });
  messenger.subscribe(topics.tariff, ({ payload }) => learn(payload));
}
