/** Sensor messages become readings of the house. */
import { timeMsOf, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
import type { Clock } from "@azru/runtime";
import type { House } from "./home/house.ts";
import type { ReadingEvent } from "./record/core-event.ts";

export interface SensorParts {
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly house: Pick<House, "measure">;
  /** Gets each reading that counts. */
  readonly publish: (event: ReadingEvent) => void;
}

export function subscribeToSensors({ messenger, clock, house, publish }: SensorParts): void {
  messenger.subscribe(topics.sensorMetrics, ({ params, payload: metrics, retained }) => {
    if (retained) return; // nobody knows how old it is
    const { sim_time } = metrics;
    const timeMs = clock.simulated && sim_time !== undefined ? timeMsOf(sim_time) : clock.now();
    const reading = { room: params.room, metrics, timeMs };
    // In a simulation readings come just before the clock that they belong to.
    const cost = house.measure(reading, clock.simulated ? timeMs : clock.now());
    if (cost) publish({ kind: "reading", reading, cost });
  });
}
