import { homeVariables } from "@azru/contracts";
import { brokerVariables, type Config, storeVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment alone may set; the services read these too. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  mqttUrl: {
    env: "MQTT_URL",
    schema: z.url({ protocol: /^mqtts?$/, error: "must be an mqtt or mqtts URL" }).optional(),
    description: "broker to use; an embedded one when unset",
  },
  valvesFile: {
    env: "AZRU_VALVES",
    schema: z.string().optional(),
    description: "file of the home's real valves and thermometers; none are connected when unset",
  },
  entitiesFile: {
    env: "AZRU_ENTITIES",
    schema: z.string().optional(),
    description: "file of the entities of Home Assistant to read and drive; none are when unset",
  },
  influxUrl: storeVariables.influxUrl,
  influxToken: storeVariables.influxToken,
} satisfies Variables;

export type Environment = Config<typeof variables>;
