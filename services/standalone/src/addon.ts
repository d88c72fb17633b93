/** The program of the add-on for Home Assistant OS: its options as environment, then what `pnpm start` does. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { httpClient } from "@azru/http";
import { addonEnvironment, addonOptionsSchema, supervisorMqttSchema } from "./addon-environment.ts";

const {
  SUPERVISOR_URL: url = "http://supervisor",
  SUPERVISOR_TOKEN: token = "",
  ADDON_DATA: dataFolder = "/data",
  ADDON_CONFIG: configFolder = "/config",
  AZRU_HTTP_HOST: httpHost = "0.0.0.0",
} = process.env;

const options = addonOptionsSchema.parse(JSON.parse(readFileSync(`${dataFolder}/options.json`, "utf8")));
const askSupervisor = httpClient({ headers: { authorization: `Bearer ${token}` } });
const { statusCode, text } = await askSupervisor(new URL(`${url}/services/mqtt`));
if (statusCode !== 200)
  throw new Error(`the Supervisor knows no broker (${statusCode}): install the add-on "Mosquitto broker"`);
const { data: mqtt } = supervisorMqttSchema.parse(JSON.parse(text));

const entitiesFile = `${configFolder}/home-assistant.yaml`;
const hasEntities = existsSync(entitiesFile);
if (!hasEntities) {
  const example = `${configFolder}/home-assistant.example.yaml`;
  const source = "../../../examples/home-assistant/home-assistant.example.yaml";
  copyFileSync(fileURLToPath(new URL(source, import.meta.url)), example);
  console.log(`copy ${example} to ${entitiesFile}, name your entities there, and restart the add-on`);
}
Object.assign(
  process.env,
  addonEnvironment(options, mqtt, { url, token, entitiesFile: hasEntities ? entitiesFile : undefined }),
);
process.argv.push("--no-simulator", "--http-host", httpHost, "--data", dataFolder);
await import("./main.ts");
