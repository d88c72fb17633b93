import { runCommand, UsageError } from "@azru/command-line";
import { type EmbeddedBroker, startEmbeddedBroker } from "@azru/messaging/broker";
import { createLogger, createShutdown, hasColours, readConfig, secretsOf } from "@azru/runtime";
import { parseCommand } from "./command.ts";
import { variables } from "./config.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { startHome } from "./home.ts";
import { createLogPrinter } from "./log-printer.ts";
import { freePort, portError } from "./port.ts";
import { welcomeText, withoutCredentials } from "./welcome.ts";

const loopback = "127.0.0.1";

await runCommand("pnpm start", main);

async function main(argv: readonly string[]): Promise<number> {
  const settings = parseCommand(argv);
  if (!settings) return 0;
  const environment = readConfig(variables, process.env);
  if (settings.simulator && environment.valvesFile !== undefined)
    throw new UsageError("AZRU_VALVES is for a real home: add --no-simulator, or unset it");
  await prepareDataFolder(settings.dataDirectory);
  const httpPort = await freePort(settings.httpPort, settings.httpHost, "the API", "--http-port");
  const broker = environment.mqttUrl === undefined ? await startBroker(settings.mqttPort) : undefined;

  const write = (text: string) => process.stdout.write(text);
  const colour = hasColours(process.stdout);
  const print = createLogPrinter({ format: settings.logFormat, colour, write });
  const log = createLogger({
    service: "standalone",
    level: settings.logLevel,
    format: "json",
    secrets: secretsOf(variables, environment),
    destination: { write: (line) => print("standalone", line.trimEnd()) },
  });
  const shutdown = createShutdown(log);
  if (broker) shutdown.onClose("broker", () => broker.close());
  try {
    const mqttUrl = broker?.url ?? environment.mqttUrl!;
    const addresses = { httpPort, mqttUrl, isEmbeddedBroker: broker !== undefined };
    log.info({ httpPort, mqttUrl: withoutCredentials(mqttUrl) }, "starting");
    const welcome = await startHome({ settings, environment, addresses, print, log, shutdown });
    if (welcome && settings.logFormat === "pretty") write(welcomeText(welcome));
    else if (welcome) log.info(welcome, "running");
  } catch (error) {
    if (!shutdown.signal.aborted) log.fatal({ err: error }, "Azru cannot start");
    shutdown.begin("failed start", 1);
  }
  return 0;
}

async function startBroker(port: number): Promise<EmbeddedBroker> {
  try {
    return await startEmbeddedBroker({ port, host: loopback });
  } catch (error) {
    throw portError(error, port, loopback, "MQTT", "--mqtt-port (or use that broker: MQTT_URL)");
  }
}
