/** The entities of a room: beside those of the home, on the same device. */
import { type ControlRoomBody, type HomeRoom, topics } from "@azru/contracts";
import type { Language } from "../dashboard/page/format.ts";
import { type Component, celsius, type EntityKit, plainId, watt } from "./entity-kit.ts";
import { entityName } from "./names.ts";

export interface AnnouncedRoom {
  readonly name: string;
  /** Whether it is heated by itself; other rooms are shown. */
  readonly isHeated: boolean;
}

interface RoomEntitiesOptions {
  readonly language: Language;
  /** Degrees C, ends of what a person may ask for. */
  readonly setpoint: { readonly min: number; readonly max: number };
}

/** Every room's have keys of their own, by which they are found again when the room is forgotten. */
export function roomEntities(
  kit: EntityKit,
  { name, isHeated }: AnnouncedRoom,
  { language, setpoint }: RoomEntitiesOptions,
): Record<string, Component> {
  const { entity, entityIdOf, state_topic } = kit;
  const of = (field: keyof HomeRoom) => `value_json.rooms[${JSON.stringify(name)}].${field}`;
  const own = (platform: string, field: keyof HomeRoom, rest: Readonly<Record<string, unknown>>) => {
    const key = `room_${plainId(name)}_${field}`;
    return {
      [key]: entity(platform, key, {
        state_topic,
        // A person writes it: letters without accents. Home Assistant numbers what is there twice.
        default_entity_id: entityIdOf(platform, `room_${slug(name)}_${field}`),
        name: `${name} ${entityName(`room_${field}`, language)}`,
        ...rest,
      }),
    };
  };
  const value = (field: keyof HomeRoom) => ({ value_template: `{{ ${of(field)} }}` });
  return {
    ...own("sensor", "temperature", { ...celsius, ...value("temperature") }),
    ...own("binary_sensor", "window", { device_class: "window", ...value("window") }),
    ...own("binary_sensor", "problem", {
      device_class: "problem",
      entity_category: "diagnostic",
      value_template: `{{ 'ON' if ${of("problem")} else 'OFF' }}`,
      json_attributes_topic: state_topic,
      json_attributes_template: `{{ {'detail': ${of("problem")}} | tojson }}`,
    }),
    ...(isHeated && {
      ...own("sensor", "setpoint", { ...celsius, ...value("setpoint"), icon: "mdi:thermostat" }),
      ...own("sensor", "power", { ...watt, ...value("power"), icon: "mdi:radiator" }),
      [`room_${plainId(name)}_climate`]: roomThermostat(kit, name, setpoint),
    }),
  };
}

/** The room's own comfort: a setpoint or a preset for a while, or off; on, it follows the home. */
function roomThermostat(
  { entity, entityIdOf, state_topic, topicOf }: EntityKit,
  name: string,
  setpoint: RoomEntitiesOptions["setpoint"],
): Component {
  const room = JSON.stringify(name);
  const value = (field: keyof HomeRoom) => `{{ value_json.rooms[${room}].${field} }}`;
  const command_topic = topicOf(topics.controlRoom);
  const command = (field: keyof ControlRoomBody, text: string) => `{"room": ${room}, "${field}": ${text}}`;
  return entity("climate", `room_${plainId(name)}_climate`, {
    default_entity_id: entityIdOf("climate", `room_${slug(name)}`),
    name,
    temperature_unit: "C",
    precision: 0.1,
    modes: ["auto", "off"],
    mode_command_topic: command_topic,
    mode_command_template: command("mode", '"{{ value }}"'),
    mode_state_topic: state_topic,
    mode_state_template: value("mode"),
    action_topic: state_topic,
    action_template: value("action"),
    current_temperature_topic: state_topic,
    current_temperature_template: value("temperature"),
    temperature_state_topic: state_topic,
    temperature_state_template: value("target"),
    temperature_command_topic: command_topic,
    temperature_command_template: command("setpoint_c", "{{ value }}"),
    temp_step: 0.5,
    preset_modes: ["eco", "comfort", "boost"],
    preset_mode_command_topic: command_topic,
    preset_mode_command_template: command("preset", '"{{ value }}"'),
    preset_mode_state_topic: state_topic,
    preset_mode_value_template: value("preset"),
    min_temp: setpoint.min,
    max_temp: setpoint.max,
  });
}

/** "Chambre d'amis" as `chambre_d_amis`; what has no Latin letter keeps its code points. */
function slug(name: string): string {
  const plain = name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return plain === "" ? plainId(name).toLowerCase().replace(/^_/, "") : plain;
}
