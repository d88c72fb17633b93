import { homeVariables } from "@azru/contracts";
import { brokerVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  file: {
    env: "AZRU_VALVES",
    schema: z.string().default("config/valves.yaml"),
    description: "file that names the valves, relays and thermometers of each room (docs/valves.md)",
  },
} satisfies Variables;
