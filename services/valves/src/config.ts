import { homeVariables } from "@azru/contracts";
import { brokerVariables, storeVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  file: {
    env: "AZRU_VALVES",
    schema: z.string().default("config/valves.yaml"),
    description:
      "file that names the valves, relays and thermometers of each room (docs/valves.md); when unset the one that set-up has written, where radiators were named in it",
  },
  zigbeeTopic: {
    env: "AZRU_ZIGBEE_TOPIC",
    schema: z
      .string()
      .regex(/^[^+#\p{Cc}]{1,400}$/u, { error: "must be one MQTT topic, without + and #" })
      .default("zigbee2mqtt"),
    description:
      "base topic of zigbee2mqtt for the devices that set-up names; a file of your own says its own",
  },
  dataFolder: storeVariables.dataFolder,
} satisfies Variables;
