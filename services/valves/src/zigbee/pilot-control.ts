/** How a pilot-wire module on zigbee2mqtt is given its orders, by what it can do. */
import type { PilotMode } from "@azru/actuators";
import { settableOf } from "./modes.ts";
import type { SetMessage, ZigbeeDevice } from "./payloads.ts";

export interface PilotControl {
  readonly property: string;
  /** What the property takes for each order that the module knows. */
  readonly values: ReadonlyMap<PilotMode, string | number>;
  /** Set along, so that the order counts. */
  readonly with: SetMessage;
}

/**
 * The properties that take an order, the first that a device has counts. Source: zigbee-herdsman-converters:
 * `pilot_wire_mode` is NodOn's, Legrand's, Adeo's, VAV's and Thaleos', `pilotwire_set_order` Yokis', `fip_setting`
 * Schneider's, `manual_mode` Powernity's, `preset` that of Tuya thermostats with a pilot wire.
 */
const properties = [
  "pilot_wire_mode",
  "pilotwire_set_order",
  "fip_setting",
  "manual_mode",
  "preset",
] as const;

/** Other makers' words for an order. */
const spellings: Readonly<Record<PilotMode, readonly string[]>> = {
  comfort: ["comfort", "confort"],
  "comfort_-1": ["comfort_-1", "comfort_1", "confort_1"],
  "comfort_-2": ["comfort_-2", "comfort_2", "confort_2"],
  eco: ["eco", "energy_saving"],
  frost_protection: ["frost_protection", "antifrost", "frost_off"],
  off: ["off", "stop"],
};

/** Nothing where a device takes no orders. */
export function pilotControlOf(device: ZigbeeDevice | undefined): PilotControl | undefined {
  const exposes = settableOf(device);
  for (const property of properties) {
    const given = exposes.get(property)?.values ?? [];
    const values = new Map(
      (Object.entries(spellings) as [PilotMode, readonly string[]][]).flatMap(([mode, words]) => {
        const value = given.find((one) => words.includes(String(one)));
        return value === undefined ? [] : [[mode, value] as const];
      }),
    );
    if (!values.has("comfort") || !values.has("eco")) continue;
    return { property, values, with: withOf(property, exposes) };
  }
  return undefined;
}

/** Out of what would keep a module from its orders: Legrand's plain switch, Schneider's relay, a weekly programme, "off". */
function withOf(property: string, exposes: ReturnType<typeof settableOf>): SetMessage {
  const mode = exposes.get("device_mode");
  const programme = exposes.get("eco_mode");
  const state = exposes.get("state");
  return {
    ...(mode?.value_on === "pilot_on" && { device_mode: "pilot_on" }),
    ...(property === "fip_setting" &&
      exposes.get("hact_config")?.values?.includes("fip_fip") && {
        hact_config: "fip_fip",
        zone_mode: "manual",
      }),
    ...(property === "pilot_wire_mode" &&
      programme?.value_off !== undefined && { eco_mode: programme.value_off }),
    ...(property === "manual_mode" &&
      exposes.get("preset")?.values?.includes("manual") && { preset: "manual" }),
    ...(property === "preset" && state?.value_on !== undefined && { state: state.value_on }),
  };
}

/** @returns nothing where the module does not know the order */
export function pilotMessage(control: PilotControl, mode: PilotMode): SetMessage | undefined {
  const value = control.values.get(mode);
  return value === undefined ? undefined : { ...control.with, [control.property]: value };
}
