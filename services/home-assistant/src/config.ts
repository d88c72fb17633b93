import { homeVariables } from "@azru/contracts";
import { brokerVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  url: {
    env: "AZRU_HOME_ASSISTANT_URL",
    schema: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .default("http://homeassistant.local:8123"),
    description: "the Home Assistant whose entities are read and driven",
  },
  token: {
    env: "AZRU_HOME_ASSISTANT_TOKEN",
    schema: z.string().min(1).optional(),
    description: "a long-lived access token of it: profile, security, at the bottom; needed",
    secret: true,
  },
  file: {
    env: "AZRU_ENTITIES",
    schema: z.string().default("config/home-assistant.yaml"),
    description: "file that names the entities of each room (docs/home-assistant.md)",
  },
} satisfies Variables;
