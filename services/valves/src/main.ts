import { connect } from "@azru/messaging";
import { exampleEnv, logVariables, runService } from "@azru/runtime";
import { startAdapter } from "./adapter.ts";
import { variables } from "./config.ts";
import { openDeviceBus } from "./device-bus.ts";
import { readValvesFile } from "./valves-file.ts";

const serviceName = "valves";
const help = `Connects radiator valves, relays and thermometers with Azru over the broker.
Usage: pnpm valves        settings are environment variables; docs/valves.md explains the file

`;

if (process.argv.includes("--help")) console.log(help + exampleEnv({ ...logVariables, ...variables }));
else
  await runService(serviceName, variables, async ({ config, log, shutdown }) => {
    const file = await readValvesFile(config.file);
    const account = {
      url: config.mqttUrl,
      username: config.mqttUsername,
      password: config.mqttPassword,
      log,
    };
    const messenger = connect({ ...account, site: config.site, service: serviceName });
    shutdown.onClose("messaging", () => messenger.close());
    const adapter = startAdapter({
      file,
      messenger,
      openBus: (options) =>
        openDeviceBus({ ...account, ...options, clientId: `${config.site}-${serviceName}-devices` }),
      now: () => ({ homeMs: Date.now(), steadyMs: performance.now() }),
      log,
    });
    shutdown.onClose("devices", async () => {
      await adapter.close();
      const verdicts = Object.fromEntries([...adapter.rooms].map(([name, room]) => [name, room.verdicts]));
      log.info({ verdicts, messages: adapter.counts }, "left the devices");
    });
    log.info({ rooms: Object.keys(file.rooms), base: file.zigbee2mqtt.base_topic }, "listening to devices");
  });
