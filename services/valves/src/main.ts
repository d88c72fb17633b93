import { unwatchFile, watchFile } from "node:fs";
import { runServiceCommand } from "@azru/command-line";
import { exampleFile } from "@azru/contracts/building-file";
import { connectService } from "@azru/messaging";
import { type ServiceContext, startWallClock } from "@azru/runtime";
import { homeFiles, takeHomeFile } from "@azru/setup/home-file";
import { startAdapter } from "./adapter.ts";
import { variables } from "./config.ts";
import { openDeviceBus } from "./device-bus.ts";
import { type ValvesFile, valvesFile } from "./valves-file.ts";

const name = "valves";
/** Exit code of a service that asks to be started again. */
const startAgain = 0;
/** Time between two looks at the file that set-up writes. */
const look_ms = 2_000;

const overridden = takeHomeFile(name, ["AZRU_VALVES"], process.env);

type Context = ServiceContext<typeof variables>;

/** Whether the devices are those that set-up names. */
function areOfSetup({ config }: Context): boolean {
  return overridden.length === 0 && config.file === homeFiles(config.dataFolder).valves;
}

async function readFile(context: Context): Promise<ValvesFile> {
  const { file, zigbeeTopic } = context.config;
  const read = await valvesFile.read(file);
  return areOfSetup(context) ? { ...read, zigbee2mqtt: { base_topic: zigbeeTopic } } : read;
}

/** Starts again when set-up has been answered anew. A file that somebody edits is read at the next start. */
function followSetup(context: Context): void {
  if (!areOfSetup(context)) return;
  const { config, shutdown } = context;
  const { valves } = homeFiles(config.dataFolder);
  watchFile(valves, { interval: look_ms, persistent: false }, ({ nlink }) => {
    if (nlink > 0) shutdown.begin("the devices have been described: starting again", startAgain);
  });
  shutdown.onClose("valves file", async () => unwatchFile(valves));
}

await runServiceCommand({
  name,
  description: "Connects radiator valves, relays and thermometers with Azru, over the broker.",
  example: `cp ${exampleFile("examples/valves/valves.example.yaml")} config/valves.yaml      # and put your devices' names in
  MQTT_URL=mqtt://localhost:1883 `,
  page: "docs/valves.md",
  variables,
  async start(context) {
    const { config, log, shutdown } = context;
    const file = await readFile(context);
    followSetup(context);
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
