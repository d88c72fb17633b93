import { runServiceCommand } from "@azru/command-line";
import { exampleFile } from "@azru/contracts/building-file";
import { connectService } from "@azru/messaging";
import { ConfigError, startWallClock } from "@azru/runtime";
import { openAssistant } from "./assistant.ts";
import { startBridge } from "./bridge.ts";
import { variables } from "./config.ts";
import { entitiesFile } from "./entities-file.ts";

const name = "home-assistant";

await runServiceCommand({
  name,
  description:
    "Reads thermometers and power meters of Home Assistant for Azru, and drives its switches, numbers and thermostats.",
  example: `cp ${exampleFile("examples/home-assistant/home-assistant.example.yaml")} config/home-assistant.yaml   # and name your entities
  AZRU_HOME_ASSISTANT_TOKEN=... MQTT_URL=mqtt://localhost:1883 `,
  page: "docs/home-assistant.md",
  variables,
  async start(context) {
    const { config, log, shutdown } = context;
    const { url, token } = config;
    if (token === undefined)
      throw new ConfigError([
        `AZRU_HOME_ASSISTANT_TOKEN is missing: create a long-lived access token in ${url}, under your profile, security`,
      ]);
    const file = await entitiesFile.read(config.file);
    const messenger = connectService(context, name);
    const assistant = openAssistant({
      url,
      token,
      log,
      signal: shutdown.signal,
      onRefused(error) {
        log.fatal({ err: error }, error.message);
        shutdown.begin("refused by Home Assistant", 1);
      },
    });
    shutdown.onClose("Home Assistant", () => assistant.close());
    const clock = startWallClock(context);
    const now = () => ({ homeMs: clock.now(), steadyMs: performance.now() });
    shutdown.onClose("heaters", startBridge({ file, messenger, assistant, now, log }));
  },
});
