/**
 * What zigbee2mqtt says, as far as it matters here.
 * Source: zigbee2mqtt.io, "MQTT Topics and Messages", "Exposes" and "Device availability".
 */
import { z } from "zod";

/** A message to `<base>/<device>/set`. */
export type SetMessage = Readonly<Record<string, string | number | boolean>>;

const maxBytes = 16_777_216; // bridge/devices has some 10 kB a device

/** A message that is not what zigbee2mqtt documents. */
export class ForeignPayloadError extends Error {
  override readonly name = "ForeignPayloadError";
}

const number = (min: number, max: number) => z.number().min(min).max(max).nullish().catch(undefined);
const temperature_c = number(-40, 80);
const percent = number(0, 100);

const deviceStateSchema = z.looseObject({
  local_temperature: temperature_c,
  temperature: temperature_c,
  battery: percent,
  battery_low: z.boolean().nullish().catch(undefined),
  pi_heating_demand: percent,
  position: percent,
  power: number(0, 100_000),
  contact: z.boolean().nullish().catch(undefined),
});

/** `<base>/<device>`: what a device reports; the fields that it does not have are absent. */
export interface DeviceState {
  readonly temperature_c: number | undefined;
  readonly battery_percent: number | undefined;
  readonly isBatteryLow: boolean | undefined;
  /** How far the valve says that it is open. */
  readonly opening_percent: number | undefined;
  /** What it measures that flows through it. */
  readonly power_w: number | undefined;
  /** What a contact says of its window. */
  readonly isWindowOpen: boolean | undefined;
  /** Fields whose value makes no sense; taken as absent. */
  readonly illFields: readonly string[];
  /** Everything as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** @throws ForeignPayloadError when the bytes are no JSON object */
export function decodeDeviceState(bytes: Uint8Array): DeviceState {
  const json = jsonOf(bytes);
  const result = deviceStateSchema.safeParse(json);
  if (!result.success || Array.isArray(json)) throw new ForeignPayloadError("must be a JSON object");
  const state = result.data;
  const given = json as Record<string, unknown>;
  const known = Object.keys(deviceStateSchema.shape) as (keyof typeof deviceStateSchema.shape)[];
  return {
    temperature_c: state.local_temperature ?? state.temperature ?? undefined,
    battery_percent: state.battery ?? undefined,
    isBatteryLow: state.battery_low ?? undefined,
    opening_percent: state.pi_heating_demand ?? state.position ?? undefined,
    power_w: state.power ?? undefined,
    isWindowOpen: typeof state.contact === "boolean" ? !state.contact : undefined,
    illFields: known.filter(
      (field) =>
        Object.hasOwn(given, field) && given[field] != null && (state[field] ?? undefined) === undefined,
    ),
    raw: given,
  };
}

const setting = z.union([z.string(), z.number(), z.boolean()]);

const exposeSchema = z.object({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().optional().catch(undefined),
  property: z.string().optional(),
  access: z.number().optional(),
  value_min: z.number().optional().catch(undefined),
  value_max: z.number().optional().catch(undefined),
  value_step: z.number().positive().optional().catch(undefined),
  values: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .catch(undefined),
  /** What a binary takes. */
  value_on: setting.optional().catch(undefined),
  value_off: setting.optional().catch(undefined),
  features: z.array(z.unknown()).optional().catch(undefined),
});

/** Something of a device that can be read or set. */
export type Expose = Readonly<Omit<z.infer<typeof exposeSchema>, "features">>;

/** A device as zigbee2mqtt knows it, its capabilities laid flat. */
export interface ZigbeeDevice {
  readonly name: string;
  readonly model: string;
  readonly exposes: readonly Expose[];
}

const bridgeDeviceSchema = z.object({
  friendly_name: z.string(),
  definition: z
    .object({ model: z.string().catch("unknown"), exposes: z.array(z.unknown()).catch([]) })
    .nullish(),
});

/**
 * `<base>/bridge/devices`, retained: every device. Entries and capabilities that are not as documented are left
 * out.
 *
 * @throws ForeignPayloadError when the bytes are no JSON array
 */
export function decodeBridgeDevices(bytes: Uint8Array): ZigbeeDevice[] {
  const json = jsonOf(bytes);
  if (!Array.isArray(json)) throw new ForeignPayloadError("must be a JSON array");
  return json.flatMap((entry: unknown): ZigbeeDevice[] => {
    const { success, data } = bridgeDeviceSchema.safeParse(entry);
    if (!success || !data.definition) return [];
    const { model, exposes } = data.definition;
    return [{ name: data.friendly_name, model, exposes: exposes.flatMap(flat) }];
  });
}

/** Climate and switch group what stands in the device's state itself; the parts of a composite do not. */
function flat(input: unknown): Expose[] {
  const { success, data } = exposeSchema.safeParse(input);
  if (!success) return [];
  const { features, ...expose } = data;
  if (expose.type !== "climate" && expose.type !== "switch") return [expose];
  return (features ?? []).flatMap((feature) => {
    const part = exposeSchema.safeParse(feature);
    return part.success ? [part.data] : [];
  });
}

/**
 * `<base>/<device>/availability` and `<base>/bridge/state`, retained: as JSON, or plain from older versions.
 *
 * @throws ForeignPayloadError when it says neither online nor offline
 */
export function decodeAvailability(bytes: Uint8Array): boolean {
  const text = textOf(bytes);
  const state = text.startsWith("{") ? (jsonOf(bytes) as { state?: unknown }).state : text;
  if (state !== "online" && state !== "offline") throw new ForeignPayloadError("must be online or offline");
  return state === "online";
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > maxBytes) throw new ForeignPayloadError(`must have <= ${maxBytes} bytes`);
  return new TextDecoder().decode(bytes);
}

function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new ForeignPayloadError(`must be JSON, got ${JSON.stringify(text.slice(0, 60))}`);
  }
}
