/** What the entities of a room measure together. */
import type { SensorMetrics } from "@azru/contracts";
import type { Log } from "@azru/messaging";
import type { RoomSettings } from "./entities-file.ts";
import { type Entity, hundredths, powerOf, temperatureOf } from "./entity-value.ts";

export interface ReadingOptions {
  readonly name: string;
  readonly settings: Pick<RoomSettings, "temperature" | "power" | "outdoor">;
  /** Age from which a reading no longer counts. */
  readonly maxAge_ms: number;
  readonly entity: (id: string) => Entity | undefined;
  readonly log: Log;
}

export interface Readings {
  /** What an entity measures, degrees C, where that is recent enough. */
  temperatureOf(id: string, homeMs: number): number | undefined;
  /** The room's temperature, degrees C. */
  temperatureAt(homeMs: number, maxAge_ms?: number): number | undefined;
  /** Undefined without a temperature that is recent enough. */
  metricsAt(homeMs: number): SensorMetrics | undefined;
}

export function createReadings({ name, settings, maxAge_ms, entity, log }: ReadingOptions): Readings {
  const complaints = new Set<string>();

  /** An entity's value where it is recent enough; a unit that is none of ours is logged once. */
  function read(
    id: string,
    value: typeof temperatureOf,
    homeMs: number,
    age_ms = maxAge_ms,
  ): number | undefined {
    const known = entity(id);
    if (!known || homeMs - Date.parse(known.last_updated) > age_ms) return undefined;
    try {
      return value(id, known);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (!complaints.has(id)) log.warn({ room: name, reason: error.message }, "entity not understood");
      complaints.add(id);
      return undefined;
    }
  }

  const valuesOf = (ids: readonly string[], value: typeof temperatureOf, homeMs: number, age_ms?: number) =>
    ids.flatMap((id) => read(id, value, homeMs, age_ms) ?? []);

  function temperatureAt(homeMs: number, age_ms?: number): number | undefined {
    const known = valuesOf(settings.temperature, temperatureOf, homeMs, age_ms);
    return known.length === 0 ? undefined : sum(known) / known.length;
  }

  return {
    temperatureOf: (id, homeMs) => read(id, temperatureOf, homeMs),
    temperatureAt,
    metricsAt(homeMs) {
      const temperature = temperatureAt(homeMs);
      if (temperature === undefined) return undefined;
      const powers = valuesOf(settings.power, powerOf, homeMs);
      const outdoor =
        settings.outdoor === undefined ? undefined : read(settings.outdoor, temperatureOf, homeMs);
      return {
        temperature: hundredths(temperature),
        ...(outdoor !== undefined && { external_temperature: hundredths(outdoor) }),
        // A sum without one of its parts would be a wrong measurement.
        ...(powers.length > 0 &&
          powers.length === settings.power.length && {
            power_consumption: Math.max(0, hundredths(sum(powers))),
          }),
      };
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
