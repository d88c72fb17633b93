import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bridgeDevices, deviceStates } from "../testing/zigbee-devices.ts";
import { contradictionOf } from "./contradiction.ts";
import {
  decodeAvailability,
  decodeBridgeDevices,
  decodeDeviceState,
  ForeignPayloadError,
} from "./payloads.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("payloads of zigbee2mqtt", () => {
  it("have temperature, battery and opening, by whatever name", () => {
    expect(decodeDeviceState(bytes(deviceStates.ally))).toMatchObject({
      temperature_c: 18.4,
      battery_percent: 80,
      opening_percent: 37,
      illFields: [],
    });
    expect(decodeDeviceState(bytes(deviceStates.moes))).toMatchObject({
      temperature_c: 19.1,
      opening_percent: 55,
    });
    expect(decodeDeviceState(bytes(deviceStates.tuya))).toMatchObject({ isBatteryLow: true });
    expect(decodeDeviceState(bytes(deviceStates.thermometer))).toMatchObject({ temperature_c: 19.34 });
  });

  it("leave out what is nested, which cannot always be made a text", () => {
    const nested = JSON.parse('{"toString": 1, "valueOf": 1}');
    const { raw } = decodeDeviceState(
      bytes({ occupied_heating_setpoint: nested, preset: nested, state: "ON" }),
    );
    expect(raw).toEqual({ state: "ON" });
    const sent = { message: { occupied_heating_setpoint: 21 }, tolerance: 0, opening_percent: 50 };
    expect(contradictionOf(sent, raw)).toBeUndefined();
  });

  it("keep what makes sense beside what does not, and name it", () => {
    expect(decodeDeviceState(bytes({ local_temperature: 20, battery: 255, position: null }))).toMatchObject({
      temperature_c: 20,
      battery_percent: undefined,
      illFields: ["battery"],
    });
  });

  it("name every device with a definition, without the parts of its schedules", () => {
    const devices = decodeBridgeDevices(bytes(bridgeDevices));
    expect(devices).toHaveLength(bridgeDevices.length - 1);
    const sonoff = devices.find(({ name }) => name === "sonoff");
    expect(sonoff?.exposes.map(({ property }) => property)).not.toContain("position");
  });

  it("have availability as JSON, and plain as older versions do", () => {
    expect(decodeAvailability(Buffer.from('{"state":"online"}'))).toBe(true);
    expect(decodeAvailability(Buffer.from("offline"))).toBe(false);
  });

  const decoders = fc.constantFrom(decodeDeviceState, decodeBridgeDevices, decodeAvailability);
  const survives = (decode: (bytes: Uint8Array) => unknown, input: Uint8Array) => {
    try {
      decode(input);
    } catch (error) {
      expect(error).toBeInstanceOf(ForeignPayloadError);
    }
  };

  it("are refused with an error of their own, whatever the bytes or the JSON", () => {
    fc.assert(fc.property(decoders, fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 1000 });
    fc.assert(
      fc.property(decoders, fc.json(), (decode, text) => survives(decode, Buffer.from(text))),
      { numRuns: 2000 },
    );
  });

  it("are survived with anything in the place of any field", () => {
    const paths = pathsOf([...bridgeDevices, deviceStates]);
    fc.assert(
      fc.property(decoders, fc.constantFrom(...paths), fc.jsonValue(), (decode, path, value) => {
        const mutated = structuredClone([...bridgeDevices, deviceStates]) as unknown;
        let place = mutated as Record<PropertyKey, unknown>;
        for (const key of path.slice(0, -1)) place = place[key] as Record<PropertyKey, unknown>;
        place[path.at(-1)!] = value;
        survives(decode, bytes(mutated));
        const states = (mutated as unknown[]).at(-1);
        for (const state of Object.values(states ?? {})) survives(decode, bytes(state));
      }),
      { numRuns: 1000 },
    );
  });
});

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [
    ...(path.length > 0 ? [[...path]] : []),
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key])),
  ];
}
