/** How a radiator valve is commanded, by what it can do. */
import { setpointOf } from "@azru/actuators";
import type { ValveSettings } from "../valves-file.ts";
import { hostFlagsOf, modesOf, type Settable, settableOf } from "./modes.ts";
import type { Expose, SetMessage, ZigbeeDevice } from "./payloads.ts";

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
  /** Property that takes the same as `property`. */
  readonly twin?: string;
  /** The device forgets it after a while, so that it is sent again this often. */
  readonly repeat_ms?: number;
  readonly with: SetMessage;
  /** Hands the valve back to its own thermostat. */
  readonly release: SetMessage;
  /** Its own thermostat, where it has one. */
  readonly setpoint?: SetpointControl;
}

export type ValveControl = OpeningControl | SetpointControl;

/**
 * The best way to drive a device: its opening where it lets that be set, its thermostat's setpoint otherwise.
 * The settings of the file come first.
 *
 * @param device absent while zigbee2mqtt has not published it
 * @returns nothing when there is no way (yet)
 */
export function controlOf(
  settings: Pick<ValveSettings, "control" | "opening" | "setpoint">,
  device: ZigbeeDevice | undefined,
): ValveControl | undefined {
  const exposes = settableOf(device);
  const setpoint = setpointControlOf(exposes, settings.setpoint);
  if (settings.control === "setpoint") return setpoint;
  if (settings.opening) return { kind: "opening", ...settings.opening, ...(setpoint && { setpoint }) };
  const opening = openingOf(exposes);
  if (opening) return { ...opening, ...(setpoint && { setpoint }) };
  return settings.control === "opening" ? undefined : setpoint;
}

/** Source: zigbee-herdsman-converters, the descriptions of these properties. */
function openingOf(exposes: Settable): OpeningControl | undefined {
  const own = { closed: 0, open: 100, with: modesOf(exposes) };
  // Sonoff TRVZB: how far it opens when its thermostat heats, and how far it closes when it does not. Both say
  // the same here, so that its thermostat has no say.
  if (exposes.has("valve_opening_degree") && exposes.has("valve_closing_degree"))
    return {
      ...own,
      kind: "opening",
      property: "valve_opening_degree",
      complement: "valve_closing_degree",
      release: { valve_opening_degree: 100, valve_closing_degree: 100 },
    };
  // Sonoff TRV-ZBT: its openings when its thermostat heats and when it does not.
  if (exposes.has("heating_valve_position") && exposes.has("idle_valve_position"))
    return {
      ...own,
      kind: "opening",
      property: "heating_valve_position",
      twin: "idle_valve_position",
      release: { heating_valve_position: 100, idle_valve_position: 0 },
    };
  return directOpeningOf(exposes);
}

/** Valves that have a mode in which their opening is set. */
function directOpeningOf(exposes: Settable): OpeningControl | undefined {
  const position = exposes.get("valve_position");
  const trvMode = exposes.get("trv_mode")?.values ?? [];
  const flags = hostFlagsOf(exposes);
  // Eurotronic: trv_mode 1 follows valve_position, trv_mode 2 its thermostat.
  if (position && flags) return direct(position, { trv_mode: flags.position }, { trv_mode: flags.own });
  // NodOn TRV-4-1-00
  if (position && trvMode.includes("valve_position_mode"))
    return direct(position, { trv_mode: "valve_position_mode" }, { trv_mode: "manual" });
  // Shelly BLU TRV
  const manual = exposes.get("manual_mode");
  if (position && manual?.value_on !== undefined && manual.value_off !== undefined)
    return direct(position, { manual_mode: manual.value_on }, { manual_mode: manual.value_off });
  // Plugwise Tom: no thermostat of its own
  if (position && !setpointPropertyOf(exposes)) return direct(position, {}, {});
  // Bosch BTH-RA holds a demand for 15 minutes, whatever its mode is.
  const demand = exposes.get("pi_heating_demand");
  if (demand && exposes.has("operating_mode"))
    return { ...direct(demand, modesOf(exposes), {}), repeat_ms: 10 * 60_000 };
  // Tuya TS0601_GTZ10 and alike: the opening counts while the valve switch is on.
  const own = exposes.get("position");
  const valveSwitch = exposes.get("switch_type");
  if (own?.type === "numeric" && valveSwitch?.value_on !== undefined && valveSwitch.value_off !== undefined)
    return direct(own, { switch_type: valveSwitch.value_on }, { switch_type: valveSwitch.value_off });
  return own?.type === "numeric" ? direct(own, modesOf(exposes), {}) : undefined;
}

function direct(expose: Expose, mode: SetMessage, release: SetMessage): OpeningControl {
  const { value_min: closed = 0, value_max: open = 100, property } = expose;
  return { kind: "opening", property: property!, closed, open, with: mode, release };
}

function setpointPropertyOf(exposes: Settable): string | undefined {
  return ["occupied_heating_setpoint", "current_heating_setpoint"].find((name) => exposes.has(name));
}

function setpointControlOf(
  exposes: Settable,
  settings: ValveSettings["setpoint"],
): SetpointControl | undefined {
  const property = settings.property ?? setpointPropertyOf(exposes);
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
    const { property, closed, open, complement, twin } = control;
    const scaled = (percent: number) => Math.round(closed + ((open - closed) * percent) / 100);
    return {
      ...control.with,
      [property]: scaled(opening),
      ...(complement !== undefined && { [complement]: scaled(100 - opening) }),
      ...(twin !== undefined && { [twin]: scaled(opening) }),
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
