/** What all entities of a home have in common. */
import { type Discovery, type HomeState, type Topic, topicNameOf, topics } from "@azru/contracts";
import type { Language } from "../dashboard/page/format.ts";
import { entityName } from "./names.ts";

type Field = keyof HomeState;
export type Component = Discovery["components"][string];

export const celsius = {
  device_class: "temperature",
  unit_of_measurement: "°C",
  state_class: "measurement",
  suggested_display_precision: 1,
};
export const watt = {
  device_class: "power",
  unit_of_measurement: "W",
  state_class: "measurement",
  suggested_display_precision: 0,
};

/** The object id of the discovery topic, and the device's identifier: letters, digits, `_` and `-`. */
export function deviceIdOf(site: string): string {
  return `azru_${plainId(site)}`;
}

/** Another for each name: what is no letter, digit, `_` or `-` becomes its code point. */
export function plainId(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/gu, (letter) => `_${letter.codePointAt(0)?.toString(16)}`);
}

type Rest = Readonly<Record<string, unknown>>;
export type EntityKit = ReturnType<typeof entitiesOf>;

/** Makes the entities of one home. */
export function entitiesOf({ site, language }: { readonly site: string; readonly language: Language }) {
  const device = deviceIdOf(site);
  const topicOf = (topic: Topic<string>) => topicNameOf(topic as typeof topics.homeState, site, {});
  const state_topic = topicOf(topics.homeState);
  const value = (field: Field) => `{{ value_json.${field} }}`;
  const entityIdOf = (platform: string, id: string) =>
    `${platform}.${device}_${id}`.toLowerCase().replaceAll("-", "_");
  const entity = (platform: string, id: string, rest: Rest): Component => ({
    platform,
    unique_id: `${device}_${id}`,
    // From 2026.4 on Home Assistant reads the second alone, before 2025.10 the first alone.
    object_id: `${device}_${id}`,
    default_entity_id: entityIdOf(platform, id),
    name: entityName(id, language),
    ...rest,
  });
  const sensor = (field: Field, rest: Rest) =>
    entity("sensor", field, { state_topic, value_template: value(field), ...rest });
  return { topicOf, state_topic, value, entity, entityIdOf, sensor };
}
