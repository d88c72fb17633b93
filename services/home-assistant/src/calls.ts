/** What to call in Home Assistant so that an entity does what it is to do. */
import type { RoomSettings } from "./entities-file.ts";
import { type Entity, hundredths } from "./entity-value.ts";

/** An action of Home Assistant. */
export interface Call {
  readonly action: string; // switch.turn_on
  readonly data: Readonly<Record<string, unknown>> & { readonly entity_id: string };
}

const domainOf = (id: string) => id.slice(0, id.indexOf("."));

export function switchCall(entity_id: string, state: "on" | "off"): Call {
  return { action: `${domainOf(entity_id)}.turn_${state}`, data: { entity_id } };
}

/** A relay has two orders only, so that in the safe position it follows its thermostat; an open one is comfort. */
export function pilotCall(
  { entity: entity_id, closed, comfort, low, safe }: RoomSettings["pilot_wires"][number],
  isSafe: boolean,
  isOn: boolean,
): Call {
  if (closed !== undefined) return switchCall(entity_id, isOn ? "off" : "on");
  const order = isSafe ? safe : isOn ? comfort : low;
  return domainOf(entity_id) === "climate"
    ? { action: "climate.set_preset_mode", data: { entity_id, preset_mode: order } }
    : { action: `${domainOf(entity_id)}.select_option`, data: { entity_id, option: order } };
}

export function numberCall(
  { entity: entity_id, closed, open }: RoomSettings["numbers"][number],
  opening_percent: number,
): Call {
  const value = hundredths(closed + ((open - closed) * opening_percent) / 100);
  return { action: `${domainOf(entity_id)}.set_value`, data: { entity_id, value } };
}

/** A thermostat that is off, or follows a programme of its own, would not follow the setpoint. */
export function climateCalls(entity_id: string, wanted_c: number, entity: Entity | undefined): Call[] {
  const { min_temp = 5, max_temp = 35, target_temp_step = 0.5, hvac_modes = [] } = entity?.attributes ?? {};
  const step = Number(target_temp_step) || 0.5;
  const stepped = Math.round(wanted_c / step) * step;
  const temperature = hundredths(Math.min(Number(max_temp), Math.max(Number(min_temp), stepped)));
  const isHeating = entity?.state === "heat" || !hvac_modes.includes("heat");
  return [
    ...(isHeating ? [] : [{ action: "climate.set_hvac_mode", data: { entity_id, hvac_mode: "heat" } }]),
    { action: "climate.set_temperature", data: { entity_id, temperature } },
  ];
}
