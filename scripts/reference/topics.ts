/** Every topic of the contracts, and how it is written down. */
import { defaultSite, homeAssistantTopics, instanceTopic, type Topic, topics } from "@azru/contracts";

export const allTopics: readonly Topic[] = [
  ...Object.values(topics),
  instanceTopic,
  ...Object.values(homeAssistantTopics),
];

/** What a parameter is, and what it is unless somebody changes it. */
export const parameters: Readonly<
  Record<string, { readonly description: string; readonly default?: string }>
> = {
  site: { description: "the home: AZRU_SITE", default: defaultSite },
  room: { description: "the room, as the thermometer names it" },
  service: { description: "the service's name, such as core or mpc" },
  prefix: {
    description: "the discovery prefix of Home Assistant: AZRU_HOME_ASSISTANT",
    default: "homeassistant",
  },
  device: { description: "azru and the site: azru_home" },
};

/** The levels of a topic's name below the broker's root; parameters begin with a colon. */
export function levelsOf(topic: Topic): string[] {
  return [...(topic.foreign ? [] : [":site"]), ...topic.path.split("/")];
}

/** The levels with those parameters filled in that have a default. */
export function usualLevelsOf(topic: Topic): string[] {
  return levelsOf(topic).map((level) =>
    level.startsWith(":") ? (parameters[level.slice(1)]?.default ?? level) : level,
  );
}
