/** The program of the add-on for Home Assistant OS: its options as environment, then what `pnpm start` does. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addonEnvironment, addonOptionsSchema, supervisorMqttSchema } from "./addon-environment.ts";

const {
  SUPERVISOR_URL: url = "http://supervisor",
  SUPERVISOR_TOKEN: token = "",
  ADDON_DATA: dataFolder = "/data",
  ADDON_CONFIG: configFolder = "/config",
  AZRU_HTTP_HOST: httpHost = "0.0.0.0",
} = process.env;

const options = addonOptionsSchema.parse(JSON.parse(readFileSync(`${dataFolder}/options.json`, "utf8")));
const answer = await fetch(`${url}/services/mqtt`, { headers: { authorization: `Bearer ${token}` } });
if (!answer.ok)
  throw new Error(`the Supervisor knows no broker (${answer.status}): install the add-on "Mosquitto broker"`);
const { data: mqtt } = supervisorMqttSchema.parse(await answer.json());

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
