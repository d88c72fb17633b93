/** Sensor messages become readings of the house. */
import { timeMsOf, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
import type { Clock } from "@azru/runtime";
import type { House } from "./home/house.ts";
import type { Reading } from "./home/reading.ts";
import type { ReadingEvent } from "./record/core-event.ts";

export interface SensorParts {
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly house: Pick<House, "measure" | "openWindows">;
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
    const nowMs = clock.simulated ? timeMs : clock.now();
    const cost = house.measure(reading, nowMs);
    if (cost) publish({ kind: "reading", reading: withWindow(reading, house, nowMs), cost });
  });
}

/** A window that was found open by how the air fell is recorded as one with a contact is. */
function withWindow(reading: Reading, house: Pick<House, "openWindows">, nowMs: number): Reading {
  const isOpen = house.openWindows(nowMs).has(reading.room);
  return isOpen ? { ...reading, metrics: { ...reading.metrics, window_open: 1 } } : reading;
}
