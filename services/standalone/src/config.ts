import { defaultSite, topicLevelSchema } from "@azru/contracts";
import { type Config, storeVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment alone may set; the services read these too. */
export const variables = {
  site: {
    env: "AZRU_SITE",
    schema: topicLevelSchema.default(defaultSite),
    description: "first level of every MQTT topic",
  },
  mqttUrl: {
    env: "MQTT_URL",
    schema: z.url({ protocol: /^mqtts?$/, error: "must be an mqtt or mqtts URL" }).optional(),
    description: "broker to use; an embedded one when unset",
  },
  mqttUsername: {
    env: "MQTT_USERNAME",
    schema: z.string().optional(),
    description: "account on the broker",
  },
  mqttPassword: {
    env: "MQTT_PASSWORD",
    schema: z.string().optional(),
    description: "its password",
    secret: true,
  },
  valvesFile: {
    env: "AZRU_VALVES",
    schema: z.string().optional(),
    description: "file of the home's real valves and thermometers; none are connected when unset",
  },
  influxUrl: storeVariables.influxUrl,
  influxToken: storeVariables.influxToken,
} satisfies Variables;

export type Environment = Config<typeof variables>;
