import { runServiceCommand } from "@azru/command-line";
import { exampleFile } from "@azru/contracts/building-file";
import { connectService } from "@azru/messaging";
import { startWallClock } from "@azru/runtime";
import { startAdapter } from "./adapter.ts";
import { variables } from "./config.ts";
import { openDeviceBus } from "./device-bus.ts";
import { valvesFile } from "./valves-file.ts";

const name = "valves";

await runServiceCommand({
  name,
  description: "Connects radiator valves, relays and thermometers with Azru, over the broker.",
  example: `cp ${exampleFile("examples/valves/valves.example.yaml")} config/valves.yaml      # and put your devices' names in
  MQTT_URL=mqtt://localhost:1883 `,
  page: "docs/valves.md",
  variables,
  async start(context) {
    const { config, log, shutdown } = context;
    const file = await valvesFile.read(config.file);
    const messenger = connectService(context, name);
    const clock = startWallClock(context);
    const adapter = startAdapter({
      file,
      messenger,
      openBus: (options) =>
        openDeviceBus({
          ...options,
          url: config.mqttUrl,
          username: config.mqttUsername,
          password: config.mqttPassword,
          clientId: `${config.site}-${name}-devices`,
          log,
        }),
      now: () => ({ homeMs: clock.now(), steadyMs: performance.now() }),
      log,
    });
    shutdown.onClose("devices", async () => {
      await adapter.close();
      const verdicts = Object.fromEntries([...adapter.rooms].map(([room, { verdicts }]) => [room, verdicts]));
      log.info({ verdicts, messages: adapter.counts }, "left the devices");
    });
    log.info({ rooms: Object.keys(file.rooms), base: file.zigbee2mqtt.base_topic }, "listening to devices");
  },
});
