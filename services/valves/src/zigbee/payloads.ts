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
  /** Every text, number and truth value as it came; what is nested is never compared, and cannot always be made a text. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * @param ownNames see `ZigbeeDevice`; the state is given by the common names
 * @throws ForeignPayloadError when the bytes are no JSON object
 */
export function decodeDeviceState(
  bytes: Uint8Array,
  ownNames: ReadonlyMap<string, string> = new Map(),
): DeviceState {
  const json = withCommonNames(jsonOf(bytes), ownNames);
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
    raw: Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value !== "object")),
  };
}

function withCommonNames(json: unknown, ownNames: ReadonlyMap<string, string>): unknown {
  if (ownNames.size === 0 || typeof json !== "object" || json === null) return json;
  const given = json as Readonly<Record<string, unknown>>;
  const common = [...ownNames].filter(([, own]) => Object.hasOwn(given, own));
  return { ...given, ...Object.fromEntries(common.map(([name, own]) => [name, given[own]])) };
}

const setting = z.union([z.string(), z.number(), z.boolean()]);

const exposeSchema = z.object({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().optional().catch(undefined),
  property: z.string().optional(),
  endpoint: z.string().optional().catch(undefined),
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
export type Expose = Readonly<Omit<z.infer<typeof exposeSchema>, "features" | "endpoint">>;

/** A device as zigbee2mqtt knows it, its capabilities laid flat. */
export interface ZigbeeDevice {
  readonly name: string;
  readonly model: string;
  /** By their common names, `system_mode` of `system_mode_1` where the device has one of that name alone. */
  readonly exposes: readonly Expose[];
  /** What the device calls its properties, by their common names, where it calls them otherwise. */
  readonly ownNames: ReadonlyMap<string, string>;
}

/** A message as the device takes it. */
export function inOwnNames({ ownNames }: Pick<ZigbeeDevice, "ownNames">, message: SetMessage): SetMessage {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [ownNames.get(name) ?? name, value]),
  );
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
    return [{ name: data.friendly_name, model, ...commonlyNamed(exposes.flatMap(flat)) }];
  });
}

type EndpointExpose = Omit<z.infer<typeof exposeSchema>, "features">;

/** An endpoint's name is part of a property's; where only one endpoint has such a property, it says nothing. */
function commonlyNamed(exposes: readonly EndpointExpose[]): Pick<ZigbeeDevice, "exposes" | "ownNames"> {
  const ownNames = new Map<string, string>();
  const named = exposes.map(({ endpoint, ...expose }): Expose => {
    const { name, property } = expose;
    const isAlone = exposes.filter((other) => other.name === name).length === 1;
    if (name === undefined || property !== `${name}_${endpoint}` || !isAlone) return expose;
    ownNames.set(name, property);
    return { ...expose, property: name };
  });
  return { exposes: named, ownNames };
}

/** Climate and switch group what stands in the device's state itself; the parts of a composite do not. */
function flat(input: unknown): EndpointExpose[] {
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
