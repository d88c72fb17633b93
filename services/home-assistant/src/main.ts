import { callOf, createCommand, parseOptions, runCommand } from "@azru/command-line";
import { connect } from "@azru/messaging";
import { ConfigError, createWallClock, logVariables, runService, variablesHelp } from "@azru/runtime";
import { openAssistant } from "./assistant.ts";
import { startBridge } from "./bridge.ts";
import { variables } from "./config.ts";
import { entitiesFile } from "./entities-file.ts";

const serviceName = "home-assistant";
const notes = `
Example:
  cp examples/home-assistant/home-assistant.example.yaml config/home-assistant.yaml   # and name your entities
  AZRU_HOME_ASSISTANT_TOKEN=... MQTT_URL=mqtt://localhost:1883 ${callOf(serviceName)}

Environment variables (docs/home-assistant.md explains the file):
${variablesHelp({ ...variables, ...logVariables })}
Exit codes: 0 stopped by Ctrl-C, 1 failed, 2 asked wrongly.`;

await runCommand(serviceName, async (argv) => {
  const command = createCommand(
    serviceName,
    "Reads thermometers and power meters of Home Assistant for Azru, and drives its switches, numbers and thermostats. Ctrl-C stops it.",
  ).addHelpText("after", notes);
  if (!parseOptions(command, argv)) return 0;
  await runService(serviceName, variables, async ({ config, log, shutdown }) => {
    const { token } = config;
    if (token === undefined)
      throw new ConfigError([
        `AZRU_HOME_ASSISTANT_TOKEN is missing: create a long-lived access token in ${config.url}, under your profile, security`,
      ]);
    const file = await entitiesFile.read(config.file);
    const messenger = connect({
      url: config.mqttUrl,
      site: config.site,
      service: serviceName,
      username: config.mqttUsername,
      password: config.mqttPassword,
      log,
    });
    shutdown.onClose("messaging", () => messenger.close());
    const assistant = openAssistant({
      url: config.url,
      token,
      log,
      signal: shutdown.signal,
      onRefused(error) {
        log.fatal({ err: error }, error.message);
        shutdown.begin("refused by Home Assistant", 1);
      },
    });
    shutdown.onClose("Home Assistant", () => assistant.close());
    const clock = createWallClock((error) => log.error({ err: error }, "the clock failed"));
    clock.onChange(({ fromMs, toMs }) => log.warn({ change_ms: toMs - fromMs }, "the clock was set"));
    shutdown.onClose("clock", () => clock.close());
    const stop = startBridge({
      file,
      messenger,
      assistant,
      now: () => ({ homeMs: clock.now(), steadyMs: performance.now() }),
      log,
    });
    shutdown.onClose("heaters", stop);
  });
  return 0;
});
