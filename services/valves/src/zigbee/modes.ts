/** What has a device follow the setpoint that it is given, instead of a programme of its own. */
import type { Expose, SetMessage, ZigbeeDevice } from "./payloads.ts";

/** A device's properties that can be set, by name. */
export type Settable = ReadonlyMap<string, Expose>;

const settable = 0b010;

/** Properties that a device is listed with, and that its converter refuses (found by `pnpm test:zigbee`). */
const refused: Readonly<Record<string, readonly string[]>> = {
  "VNTH-T2_v1": ["system_mode", "away_mode"],
  "VNTH-T2_v2": ["away_mode"],
};

export function settableOf(device: ZigbeeDevice | undefined): Settable {
  const { model = "", exposes = [] } = device ?? {};
  const isSettable = ({ access = 0, property }: Expose) =>
    property !== undefined && (access & settable) !== 0 && !refused[model]?.includes(property);
  return new Map(exposes.filter(isSettable).map((expose) => [expose.property!, expose]));
}

/**
 * Values of mode properties, the first that a device has counts.
 *
 * Source: the exposes and converters of zigbee-herdsman-converters (docs/reference/zigbee-devices.md lists what comes
 * out for each device). `programming_operation_mode` is Danfoss', Popp's and Hive's, `operating_mode` Bosch's,
 * `zone_mode` Schneider's, `mode` Avatto's.
 */
const manualValues: Readonly<Record<string, readonly string[]>> = {
  programming_operation_mode: ["setpoint"],
  operating_mode: ["manual"],
  zone_mode: ["manual"],
  mode: ["manual"],
};

/** Programmes that are switched on and off. */
const programmeSwitches = ["away_mode", "schedule_mode"];

/** Presets that are a programme of the device's own. */
const programmes = ["auto", "schedule", "program", "programming"];

/** Out of "off", out of the device's own weekly schedule, out of its absence mode. */
export function modesOf(exposes: Settable): SetMessage {
  const message: Record<string, string | number | boolean> = {};
  const system = systemModeOf(exposes);
  if (system !== undefined) message.system_mode = system;
  for (const [property, values] of Object.entries(manualValues)) {
    const value = values.find((one) => exposes.get(property)?.values?.includes(one));
    if (value !== undefined) message[property] = value;
  }
  for (const property of programmeSwitches) {
    const off = exposes.get(property)?.value_off;
    if (off !== undefined) message[property] = off;
  }
  const preset = presetOf(exposes.get("preset"));
  if (preset !== undefined) message.preset = preset;
  return message;
}

/**
 * "heat", but where it means fully open: Eurotronic's host flag "always on", and Tuya valves whose description says
 * so. There the device regulates in "auto".
 */
function systemModeOf(exposes: Settable): string | undefined {
  const expose = exposes.get("system_mode");
  const isAlwaysOpen =
    /continuously heating/.test(expose?.description ?? "") || hostFlagsOf(exposes) !== undefined;
  return (isAlwaysOpen ? ["auto"] : ["heat", "auto"]).find((mode) => expose?.values?.includes(mode));
}

/** Eurotronic's `trv_mode`, whose values are numbers. */
export function hostFlagsOf(
  exposes: Settable,
): { position: string | number; own: string | number } | undefined {
  const values = exposes.get("trv_mode")?.values;
  const [position, own] = [1, 2].map((wanted) => values?.find((value) => Number(value) === wanted));
  return position === undefined || own === undefined ? undefined : { position, own };
}

/** Manual, or comfort where a device has a programme and no manual: there comfort's temperature is what is set. */
function presetOf({ values = [] }: Expose = { type: "enum" }): string | undefined {
  if (values.includes("manual")) return "manual";
  return values.includes("comfort") && programmes.some((one) => values.includes(one)) ? "comfort" : undefined;
}
