/** How a radiator valve is told what to do, by what it can do. */
import { setpointOf } from "@azru/actuators";
import type { ValveSettings } from "../valves-file.ts";
import type { Expose, ZigbeeDevice } from "./payloads.ts";

/** A message to `<base>/<device>/set`. */
export type SetMessage = Readonly<Record<string, string | number | boolean>>;

/** A valve whose own thermostat is moved. */
interface SetpointControl {
  readonly kind: "setpoint";
  readonly property: string;
  /** What the device takes. */
  readonly min_c: number;
  readonly max_c: number;
  readonly step_c: number;
  /** Set along, so that the setpoint counts. */
  readonly with: SetMessage;
}

/** A valve whose opening is set. */
interface OpeningControl {
  readonly kind: "opening";
  readonly property: string;
  /** Values of `property` at 0 and at 100 %. */
  readonly closed: number;
  readonly open: number;
  /** Property that takes 100 % less the opening. */
  readonly complement?: string;
  readonly with: SetMessage;
  /** Hands the valve back to its own thermostat. */
  readonly release: SetMessage;
  /** Its own thermostat, where it has one. */
  readonly setpoint?: SetpointControl;
}

export type ValveControl = OpeningControl | SetpointControl;

const settable = 0b010;

/**
 * The best way to drive a device: its opening where it lets that be set, its thermostat's setpoint otherwise.
 * The settings of the file come first.
 *
 * @param device absent while zigbee2mqtt has not told of it
 * @returns nothing when there is no way (yet)
 */
export function controlOf(
  settings: Pick<ValveSettings, "control" | "opening" | "setpoint">,
  device: ZigbeeDevice | undefined,
): ValveControl | undefined {
  const exposes = new Map(
    device?.exposes
      .filter(({ access = 0, property }) => property !== undefined && (access & settable) !== 0)
      .map((expose) => [expose.property!, expose]),
  );
  const setpoint = setpointControlOf(exposes, settings.setpoint);
  if (settings.control === "setpoint") return setpoint;
  if (settings.opening) return { kind: "opening", ...settings.opening, ...(setpoint && { setpoint }) };
  const opening = openingOf(exposes);
  if (opening) return { ...opening, ...(setpoint && { setpoint }) };
  return settings.control === "opening" ? undefined : setpoint;
}

/** Sources: the "Exposes" of the device pages on zigbee2mqtt.io. */
function openingOf(exposes: ReadonlyMap<string, Expose>): OpeningControl | undefined {
  // Sonoff TRVZB: how far it opens when its thermostat heats, and how far it closes when it does not. Both say
  // the same here, so that its thermostat has no say.
  if (exposes.has("valve_opening_degree") && exposes.has("valve_closing_degree"))
    return {
      kind: "opening",
      property: "valve_opening_degree",
      closed: 0,
      open: 100,
      complement: "valve_closing_degree",
      with: modesOf(exposes),
      release: { valve_opening_degree: 100, valve_closing_degree: 100 },
    };
  // Eurotronic Spirit: trv_mode 1 obeys valve_position, trv_mode 2 its thermostat.
  const position = exposes.get("valve_position");
  const mode = exposes.get("trv_mode")?.values;
  const [manual, own] = [1, 2].map((wanted) => mode?.find((value) => Number(value) === wanted));
  if (position && manual !== undefined && own !== undefined)
    return {
      kind: "opening",
      property: "valve_position",
      ...rangeOf(position),
      with: { trv_mode: manual },
      release: { trv_mode: own },
    };
  for (const property of ["position", "pi_heating_demand"]) {
    const expose = exposes.get(property);
    if (expose?.type === "numeric")
      return { kind: "opening", property, ...rangeOf(expose), with: modesOf(exposes), release: {} };
  }
  return undefined;
}

function setpointControlOf(
  exposes: ReadonlyMap<string, Expose>,
  settings: ValveSettings["setpoint"],
): SetpointControl | undefined {
  const property =
    settings.property ??
    ["occupied_heating_setpoint", "current_heating_setpoint"].find((name) => exposes.has(name));
  if (property === undefined) return undefined;
  const { value_min = 5, value_max = 30, value_step = 0.5 } = exposes.get(property) ?? {};
  return {
    kind: "setpoint",
    property,
    min_c: value_min,
    max_c: value_max,
    step_c: value_step,
    with: settings.with ?? modesOf(exposes),
  };
}

/** Out of "off" and out of the device's own weekly schedule. */
function modesOf(exposes: ReadonlyMap<string, Expose>): SetMessage {
  return {
    ...(exposes.get("system_mode")?.values?.includes("heat") && { system_mode: "heat" }),
    ...(exposes.get("preset")?.values?.includes("manual") && { preset: "manual" }),
  };
}

function rangeOf({ value_min = 0, value_max = 100 }: Expose): { closed: number; open: number } {
  return { closed: value_min, open: value_max };
}

/**
 * What to send so that a valve is open by so much.
 *
 * With a setpoint, see `setpointOf`.
 *
 * @param local_c what the device itself measures, degrees C
 */
export function openMessage(
  control: ValveControl,
  settings: Pick<ValveSettings, "setpoint" | "step_percent">,
  opening_percent: number,
  local_c: number | undefined,
): SetMessage {
  if (control.kind === "opening") {
    const { step_percent } = settings;
    const opening = Math.min(100, Math.round(opening_percent / step_percent) * step_percent);
    const { property, closed, open, complement } = control;
    const scaled = (percent: number) => Math.round(closed + ((open - closed) * percent) / 100);
    return {
      ...control.with,
      [property]: scaled(opening),
      ...(complement !== undefined && { [complement]: scaled(100 - opening) }),
    };
  }
  return setpointMessage(control, setpointOf(opening_percent, local_c, settings.setpoint));
}

/** What to send so that a valve looks after itself. */
export function safeMessage(
  control: ValveControl,
  settings: Pick<ValveSettings, "safe_setpoint_c" | "safe_opening_percent" | "setpoint" | "step_percent">,
): SetMessage {
  if (control.kind === "setpoint") return setpointMessage(control, settings.safe_setpoint_c);
  if (control.setpoint)
    return { ...control.release, ...setpointMessage(control.setpoint, settings.safe_setpoint_c) };
  return {
    ...openMessage(control, settings, settings.safe_opening_percent, undefined),
    ...control.release,
  };
}

function setpointMessage({ property, min_c, max_c, step_c, ...control }: SetpointControl, wanted_c: number) {
  const stepped = Math.round(wanted_c / step_c) * step_c;
  return { ...control.with, [property]: Number(Math.min(max_c, Math.max(min_c, stepped)).toFixed(2)) };
}
