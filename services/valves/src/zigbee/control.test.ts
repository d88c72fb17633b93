import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bridgeDevices } from "../testing/zigbee-devices.ts";
import { type ValveSettings, valvesFile } from "../valves-file.ts";
import { controlOf, openMessage, safeMessage } from "./control.ts";
import { decodeBridgeDevices } from "./payloads.ts";

const devices = new Map(
  decodeBridgeDevices(Buffer.from(JSON.stringify(bridgeDevices))).map((device) => [device.name, device]),
);

function settingsOf(valve: object = {}): ValveSettings {
  const file = { rooms: { bath: { valves: [{ name: "valve", ...valve }] } } };
  return valvesFile.parse(JSON.stringify(file), "test.yaml").rooms.bath.valves[0];
}

function messages(name: string, valve: object = {}) {
  const settings = settingsOf(valve);
  const control = controlOf(settings, devices.get(name))!;
  return {
    open: (opening_percent: number, local_c?: number) =>
      openMessage(control, settings, opening_percent, local_c),
    safe: () => safeMessage(control, settings),
  };
}

describe("a valve", () => {
  it("Sonoff TRVZB: takes its opening, whatever its thermostat wants", () => {
    const { open, safe } = messages("sonoff");
    expect(open(42)).toEqual({ system_mode: "heat", valve_opening_degree: 40, valve_closing_degree: 60 });
    expect(open(0)).toMatchObject({ valve_opening_degree: 0, valve_closing_degree: 100 });
    expect(open(100)).toMatchObject({ valve_opening_degree: 100, valve_closing_degree: 0 });
    expect(safe()).toEqual({
      valve_opening_degree: 100,
      valve_closing_degree: 100,
      system_mode: "heat",
      occupied_heating_setpoint: 19,
    });
  });

  it("Eurotronic Spirit: takes its opening in trv_mode 1, on its own scale", () => {
    const { open, safe } = messages("spirit", { step_percent: 1 });
    expect(open(100)).toEqual({ trv_mode: 1, valve_position: 255 });
    expect(open(40)).toEqual({ trv_mode: 1, valve_position: 102 });
    // Its system mode "heat" is the host flag "always on".
    expect(safe()).toEqual({ trv_mode: 2, system_mode: "auto", occupied_heating_setpoint: 19 });
  });

  it.each([
    ["ally", { system_mode: "heat" }, "occupied_heating_setpoint"],
    ["aqara", { system_mode: "heat", preset: "manual" }, "occupied_heating_setpoint"],
    ["moes", { preset: "manual" }, "current_heating_setpoint"],
    ["tuya", { system_mode: "heat", preset: "manual" }, "current_heating_setpoint"],
  ])("%s, whose opening cannot be set: has its thermostat moved", (name, modes, property) => {
    const { open, safe } = messages(name);
    expect(open(0, 19)).toEqual({ ...modes, [property]: 7 });
    expect(open(25, 19)).toEqual({ ...modes, [property]: 18 });
    expect(open(50, 19)).toEqual({ ...modes, [property]: 19 });
    expect(open(75, 19.1)).toEqual({ ...modes, [property]: 20 });
    expect(open(100, 19)).toEqual({ ...modes, [property]: 30 });
    expect(open(30)).toEqual({ ...modes, [property]: 7 });
    expect(safe()).toEqual({ ...modes, [property]: 19 });
  });

  it("is driven as the file says, even before zigbee2mqtt announces it", () => {
    const opening = { property: "valve", closed: 100, open: 0, with: { mode: "x" }, release: { mode: "y" } };
    const { open, safe } = messages("unknown", { opening, safe_opening_percent: 40 });
    expect(open(25)).toEqual({ mode: "x", valve: 75 });
    expect(safe()).toEqual({ mode: "y", valve: 60 });
    expect(messages("sonoff", { control: "setpoint" }).open(100)).toEqual({
      system_mode: "heat",
      occupied_heating_setpoint: 30,
    });
    expect(messages("unknown", { setpoint: { property: "target", with: {} } }).open(100)).toEqual({
      target: 30,
    });
  });

  it("has no control when it is no valve, or when its opening is asked for and cannot be set", () => {
    expect(controlOf(settingsOf(), devices.get("thermometer"))).toBeUndefined();
    expect(controlOf(settingsOf(), undefined)).toBeUndefined();
    expect(controlOf(settingsOf({ control: "opening" }), devices.get("moes"))).toBeUndefined();
  });

  it("opens further when more is asked for, within what it takes", () => {
    const anyValve = fc.constantFrom("sonoff", "spirit", "ally", "aqara", "moes", "tuya");
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        anyValve,
        percent,
        percent,
        fc.double({ min: 5, max: 30, noNaN: true }),
        (name, a, b, local_c) => {
          const settings = settingsOf();
          const control = controlOf(settings, devices.get(name))!;
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map((opening) =>
            Number(openMessage(control, settings, opening, local_c)[control.property]),
          );
          expect(more).toBeGreaterThanOrEqual(less);
          const [min, max] = control.kind === "opening" ? [control.closed, control.open] : [7, 30];
          expect(less).toBeGreaterThanOrEqual(min);
          expect(more).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});
