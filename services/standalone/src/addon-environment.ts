/** The options of the add-on for Home Assistant OS, and the broker that its Supervisor knows, as our environment. */
import { z } from "zod";

/** `/data/options.json`, which the Supervisor writes from the add-on's form. */
export const addonOptionsSchema = z.object({
  api_token: z.string(),
  room: z.string(),
  tariff: z.enum(["tempo", "peak", "pushed"]),
  language: z.enum(["en", "fr"]),
  http_names: z.string().optional(),
});
export type AddonOptions = z.infer<typeof addonOptionsSchema>;

/** `GET /services/mqtt` of the Supervisor, as far as it is needed. */
export const supervisorMqttSchema = z.object({
  data: z.object({
    host: z.string(),
    port: z.coerce.number(),
    ssl: z.boolean().default(false),
    username: z.string().optional(),
    password: z.string().optional(),
  }),
});
export type SupervisorMqtt = z.infer<typeof supervisorMqttSchema>["data"];

/** The Supervisor's address in the add-ons' network, from which its ingress asks. */
const supervisor = "172.30.32.2";

export interface AddonPlace {
  /** Of the Supervisor's API. */
  readonly url: string;
  readonly token: string;
  /** Undefined where the owner has not written it yet. */
  readonly entitiesFile: string | undefined;
}

export function addonEnvironment(
  options: AddonOptions,
  mqtt: SupervisorMqtt,
  { url, token, entitiesFile }: AddonPlace,
): Readonly<Record<string, string>> {
  return {
    AZRU_API_TOKEN: options.api_token,
    ...(options.http_names !== undefined && { AZRU_HTTP_NAMES: options.http_names }),
    AZRU_ROOM: options.room,
    AZRU_TARIFF: options.tariff,
    AZRU_HOME_ASSISTANT: "homeassistant",
    AZRU_HOME_ASSISTANT_LANGUAGE: options.language,
    AZRU_SUPERVISOR: supervisor,
    AZRU_HOME_ASSISTANT_URL: `${url}/core`,
    AZRU_HOME_ASSISTANT_TOKEN: token,
    MQTT_URL: `${mqtt.ssl ? "mqtts" : "mqtt"}://${mqtt.host}:${mqtt.port}`,
    ...(mqtt.username !== undefined && { MQTT_USERNAME: mqtt.username }),
    ...(mqtt.password !== undefined && { MQTT_PASSWORD: mqtt.password }),
    ...(entitiesFile !== undefined && { AZRU_ENTITIES: entitiesFile }),
  };
}
