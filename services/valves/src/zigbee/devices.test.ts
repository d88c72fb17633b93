import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { valvesFile } from "../valves-file.ts";
import { controlOf, openMessage, safeMessage } from "./control.ts";
import { decodeBridgeDevices, decodeDeviceState, inOwnNames, type ZigbeeDevice } from "./payloads.ts";
import { pilotControlOf, pilotMessage } from "./pilot-control.ts";

/** What zigbee2mqtt's list says of each device; `pnpm test:zigbee --write` brings it up to date. */
const listed = readFileSync(new URL("../testing/devices.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { kind: string; vendor: string; model: string; exposes: unknown[] });

function deviceOf(model: string): ZigbeeDevice {
  const { vendor, exposes } = listed.find((one) => one.model === model)!;
  const entry = { friendly_name: model, definition: { vendor, model, exposes } };
  return decodeBridgeDevices(Buffer.from(JSON.stringify([entry])))[0];
}

function messagesOf(model: string, valve: object = {}) {
  const file = { rooms: { bath: { valves: [{ name: "valve", ...valve }] } } };
  const settings = valvesFile.parse(JSON.stringify(file), "test.yaml").rooms.bath.valves[0];
  const control = controlOf(settings, deviceOf(model))!;
  return { control, open: openMessage(control, settings, 40, 19), safe: safeMessage(control, settings) };
}

describe("a listed valve", () => {
  it.each([
    [
      "014G2461",
      { system_mode: "heat", programming_operation_mode: "setpoint" },
      "occupied_heating_setpoint",
    ],
    ["EER53000", { zone_mode: "manual" }, "occupied_heating_setpoint"],
    ["TRV602Z", { preset: "comfort" }, "current_heating_setpoint"],
    ["TRV603-WZ", { system_mode: "auto", preset: "manual" }, "current_heating_setpoint"],
    ["TRV60_thermostat", { mode: "manual" }, "current_heating_setpoint"],
    ["TR-M2Z", { system_mode: "heat", preset: "comfort" }, "current_heating_setpoint"],
    ["ZBHTR20WT", { system_mode: "heat", schedule_mode: "OFF" }, "current_heating_setpoint"],
    ["VNTH-T2_v1", { preset: "manual" }, "current_heating_setpoint"],
  ])("%s is taken out of its own programme", (model, modes, property) => {
    expect(messagesOf(model).open).toEqual({ ...modes, [property]: 18.5 });
  });

  it("TS0601_thermostat regulates in auto: its heat means fully open", () => {
    expect(messagesOf("TS0601_thermostat").open).toMatchObject({ system_mode: "auto", preset: "manual" });
  });

  it("BTH-RA is in manual, and its demand is repeated in less than the 15 minutes that it holds", () => {
    const { control, open, safe } = messagesOf("BTH-RA");
    expect(open).toEqual({ system_mode: "heat", operating_mode: "manual", pi_heating_demand: 40 });
    expect(control).toMatchObject({ repeat_ms: 600_000 });
    expect(safe).toEqual({ system_mode: "heat", operating_mode: "manual", occupied_heating_setpoint: 19 });
  });

  it.each([
    ["SPZB0001", { trv_mode: 1, valve_position: 102 }, { trv_mode: 2, system_mode: "auto" }],
    ["TRV-4-1-00", { trv_mode: "valve_position_mode", valve_position: 40 }, { trv_mode: "manual" }],
    ["SBTR-001AEU", { manual_mode: true, valve_position: 40 }, { manual_mode: false, system_mode: "heat" }],
    ["TS0601_GTZ10", { switch_type: "ON", position: 40 }, { switch_type: "OFF", preset: "manual" }],
    [
      "TRV-ZBT",
      { system_mode: "heat", heating_valve_position: 40, idle_valve_position: 40 },
      { heating_valve_position: 100, idle_valve_position: 0 },
    ],
    ["106-03", { valve_position: 40 }, { valve_position: 30 }],
  ])("%s has its opening set, and is handed back to its thermostat", (model, open, safe) => {
    const messages = messagesOf(model);
    expect(messages.open).toEqual(open);
    expect(messages.safe).toMatchObject(safe);
  });

  it("has a way to be driven, each of them", () => {
    const valves = listed.filter(({ kind }) => kind === "valve");
    expect(valves.length).toBeGreaterThan(50);
    for (const { model } of valves) expect(messagesOf(model).control, model).toBeDefined();
  });

  it("can be driven by its setpoint where its opening is not trusted", () => {
    expect(messagesOf("TRVZB", { control: "setpoint" }).open).toEqual({
      system_mode: "heat",
      occupied_heating_setpoint: 18.5,
    });
  });
});

describe("a listed pilot wire", () => {
  it.each([
    ["SIN-4-FP-21", { pilot_wire_mode: "frost_protection" }],
    ["SIN-4-FP-21_EQU", { pilot_wire_mode: "frost_protection" }],
    ["064882", { device_mode: "pilot_on", pilot_wire_mode: "frost_protection" }],
    ["TWC-R01", { eco_mode: "OFF", pilot_wire_mode: "antifrost" }],
    ["MFP-UP", { pilotwire_set_order: "frost_off" }],
    ["PO-BOCO-ELEC", { preset: "manual", manual_mode: "antifrost" }],
    ["ZHT-PT01-M-MS", { preset: "antifrost" }],
    ["_TZE204_3regm3h6", { state: "ON", preset: "antifrost" }],
  ])("%s knows six orders, by its own words", (model, frost) => {
    const control = pilotControlOf(deviceOf(model))!;
    expect(control.values.size).toBe(6);
    expect(pilotMessage(control, "frost_protection")).toEqual(frost);
  });

  it("is none where a device takes no orders", () => {
    expect(pilotControlOf(deviceOf("SIN-4-1-21"))).toBeUndefined();
  });
});

describe("a listed device that names an endpoint in its properties", () => {
  it("is driven and read by the common names, where it has one endpoint of the kind", () => {
    const intuis = deviceOf("intuisradiator");
    const { open } = messagesOf("intuisradiator");
    expect(inOwnNames(intuis, open)).toEqual({ system_mode_1: "heat", occupied_heating_setpoint_1: 18.5 });
    const report = Buffer.from(
      JSON.stringify({ local_temperature_1: 18.4, occupied_heating_setpoint_1: 21 }),
    );
    expect(decodeDeviceState(report, intuis.ownNames)).toMatchObject({
      temperature_c: 18.4,
      raw: { occupied_heating_setpoint: 21 },
    });
  });

  it("keeps the names of its outputs, where it has two", () => {
    const { exposes, ownNames } = deviceOf("SIN-4-2-20");
    expect([...ownNames]).toEqual([]);
    expect(exposes.map(({ property }) => property)).toEqual(expect.arrayContaining(["state_l1", "state_l2"]));
  });
});

it("Schneider's pilot wire takes its orders as an output of its own, out of its programme", () => {
  const control = pilotControlOf(deviceOf("EER50000"))!;
  const [eco, comfort] = (["eco", "comfort"] as const).map((mode) => pilotMessage(control, mode));
  expect(eco).toEqual({ hact_config: "fip_fip", zone_mode: "manual", fip_setting: "energy_saving" });
  expect(comfort).toMatchObject({ fip_setting: "comfort" });
});
