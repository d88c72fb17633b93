/** The entities of a room: beside those of the home, on the same device. */
import type { HomeRoom } from "@azru/contracts";
import type { Language } from "../dashboard/page/format.ts";
import { type Component, celsius, type EntityKit, plainId, watt } from "./entity-kit.ts";
import { entityName } from "./names.ts";

export interface AnnouncedRoom {
  readonly name: string;
  /** Whether it is heated by itself; other rooms are shown. */
  readonly isHeated: boolean;
}

/** Every room's have keys of their own, by which they are found again when the room is forgotten. */
export function roomEntities(
  { entity, entityIdOf, state_topic }: EntityKit,
  { name, isHeated }: AnnouncedRoom,
  language: Language,
): Record<string, Component> {
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
    }),
  };
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
