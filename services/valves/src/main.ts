import { callOf, createCommand, parseOptions, runCommand } from "@azru/command-line";
import { connect } from "@azru/messaging";
import { createWallClock, logVariables, runService, variablesHelp } from "@azru/runtime";
import { startAdapter } from "./adapter.ts";
import { variables } from "./config.ts";
import { openDeviceBus } from "./device-bus.ts";
import { valvesFile } from "./valves-file.ts";

const serviceName = "valves";
const notes = `
Example:
  cp examples/valves/valves.example.yaml config/valves.yaml      # and put your devices' names in
  MQTT_URL=mqtt://localhost:1883 ${callOf(serviceName)}

Environment variables (docs/valves.md explains the file):
${variablesHelp({ ...variables, ...logVariables })}
Exit codes: 0 stopped by Ctrl-C, 1 failed, 2 asked wrongly.`;

await runCommand(serviceName, async (argv) => {
  const command = createCommand(
    serviceName,
    "Connects radiator valves, relays and thermometers with Azru, over the broker. Ctrl-C stops it.",
  ).addHelpText("after", notes);
  if (!parseOptions(command, argv)) return 0;
  await runService(serviceName, variables, async ({ config, log, shutdown }) => {
    const file = await valvesFile.read(config.file);
    const account = {
      url: config.mqttUrl,
      username: config.mqttUsername,
      password: config.mqttPassword,
      log,
    };
    const messenger = connect({ ...account, site: config.site, service: serviceName });
    shutdown.onClose("messaging", () => messenger.close());
    const clock = createWallClock((error) => log.error({ err: error }, "the clock failed"));
    clock.onChange(({ fromMs, toMs }) => log.warn({ change_ms: toMs - fromMs }, "the clock was set"));
    shutdown.onClose("clock", () => clock.close());
    const adapter = startAdapter({
      file,
      messenger,
      openBus: (options) =>
        openDeviceBus({ ...account, ...options, clientId: `${config.site}-${serviceName}-devices` }),
      now: () => ({ homeMs: clock.now(), steadyMs: performance.now() }),
      log,
    });
    shutdown.onClose("devices", async () => {
      await adapter.close();
      const verdicts = Object.fromEntries([...adapter.rooms].map(([name, room]) => [name, room.verdicts]));
      log.info({ verdicts, messages: adapter.counts }, "left the devices");
    });
    log.info({ rooms: Object.keys(file.rooms), base: file.zigbee2mqtt.base_topic }, "listening to devices");
  });
  return 0;
});
