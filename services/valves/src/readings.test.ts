import { expect, it } from "vitest";
import { createReadings } from "./readings.ts";
import { decodeDeviceState } from "./zigbee/payloads.ts";

const says = (state: object) => decodeDeviceState(new TextEncoder().encode(JSON.stringify(state)));

it("reports an open window by a contact of the room, at once when it turns", () => {
  const readings = createReadings(["thermometer"], 3_600_000);
  readings.add("thermometer", says({ temperature: 19 }), 0);
  expect(readings.metricsAt(0)).toEqual({ temperature: 19 });
  expect(readings.add("contact", says({ contact: false }), 0)).toBe(true);
  expect(readings.metricsAt(0)).toEqual({ temperature: 19, window_open: 1 });
  expect(readings.add("contact", says({ contact: false }), 0)).toBe(false);
  expect(readings.add("contact", says({ contact: true }), 0)).toBe(true);
  expect(readings.metricsAt(0)).toEqual({ temperature: 19, window_open: 0 });
  readings.setOnline("contact", false);
  expect(readings.metricsAt(0)).toEqual({ temperature: 19 });
});
