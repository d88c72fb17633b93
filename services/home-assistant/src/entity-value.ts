/** What an entity of Home Assistant measures, in our units. */
import type { HassEntity } from "home-assistant-js-websocket";

/** An entity as the WebSocket API gives it. */
export type Entity = Pick<HassEntity, "state" | "attributes" | "last_updated">;

const unitless = new Map<string, (value: number) => number>([["", (value) => value]]);
const celsius = new Map<string, (value: number) => number>([
  ...unitless,
  ["°C", (value) => value],
  ["°F", (value) => ((value - 32) * 5) / 9],
  ["K", (value) => value - 273.15],
]);
const watts = new Map<string, (value: number) => number>([
  ...unitless,
  ["mW", (value) => value / 1000],
  ["W", (value) => value],
  ["kW", (value) => value * 1000],
  // Apparent power, as a Linky shows it: of heaters it is the same.
  ["VA", (value) => value],
  ["kVA", (value) => value * 1000],
]);

/**
 * A temperature, degrees C: a sensor's state, or what a thermostat or a weather entity measures. Undefined where it is
 * not known.
 *
 * @throws RangeError where the unit is none of a temperature
 */
export function temperatureOf(id: string, { state, attributes }: Entity): number | undefined {
  if (id.startsWith("climate.")) return converted(id, attributes.current_temperature, "°C", celsius);
  if (id.startsWith("weather."))
    return converted(id, attributes.temperature, attributes.temperature_unit, celsius);
  return converted(id, state, attributes.unit_of_measurement, celsius);
}

/**
 * An electric power, W; undefined where it is not known.
 *
 * @throws RangeError where the unit is none of a power
 */
export function powerOf(id: string, { state, attributes }: Entity): number | undefined {
  return converted(id, state, attributes.unit_of_measurement, watts);
}

function converted(
  id: string,
  value: unknown,
  unit: unknown,
  units: ReadonlyMap<string, (value: number) => number>,
): number | undefined {
  const number = typeof value === "number" ? value : Number.parseFloat(String(value));
  if (!Number.isFinite(number)) return undefined; // unknown, unavailable
  const convert = units.get(typeof unit === "string" ? unit : "");
  if (!convert)
    throw new RangeError(
      `${id} has the unit ${unit}: one of ${[...units.keys()].filter(Boolean).join(", ")} is needed`,
    );
  return convert(number);
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
