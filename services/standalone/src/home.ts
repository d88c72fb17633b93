/** The home from its first process to the moment when it is heated. */
import type { ReadyResponse } from "@azru/contracts";
import { connect } from "@azru/messaging";
import type { Logger, Shutdown } from "@azru/runtime";
import type { Settings } from "./command.ts";
import type { Environment } from "./config.ts";
import { createDeviceServices } from "./device-services.ts";
import type { LogPrinter } from "./log-printer.ts";
import { whenOnline } from "./presence.ts";
import { type Addresses, preparePrograms, type ServiceName } from "./programs.ts";
import { whenReady } from "./readiness.ts";
import { type Service, supervise } from "./supervise.ts";
import { withinTime } from "./time-limit.ts";
import { apiUrl, type Welcome, welcome, withoutCredentials } from "./welcome.ts";

export interface HomeOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly addresses: Addresses;
  readonly print: LogPrinter;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

/** How long a broker of the user's own may take to let us in before the user is advised. */
const brokerPatience_ms = 3_000;
/** How long the simulated home waits for those who are to heat it. */
const headStart_ms = 20_000;
/** How long the home may go unheated before a message says what is missing. */
const slowStart_ms = 15_000;
/** How long all may take to be well once it is heated. */
const settling_ms = 3_000;

/**
 * Starts the services, keeps them running until the end, and resolves with what to show the user: where to look.
 * The simulated home comes last, when core and optimiser listen, so that its first decision is not missed.
 *
 * @returns nothing when the end came first
 * @throws esbuild's BuildFailure when the services' sources are wrong
 */
export async function startHome(options: HomeOptions): Promise<Welcome | undefined> {
  const { settings, environment, addresses, print, log, shutdown } = options;
  const { signal } = shutdown;
  const programs = await preparePrograms(settings, addresses);

  const messenger = connect({
    url: addresses.mqttUrl,
    site: environment.site,
    service: "standalone",
    username: environment.mqttUsername,
    password: environment.mqttPassword,
    log: log.child({}, { level: "warn" }),
  });
  shutdown.onClose("messaging", () => messenger.close());
  if (!addresses.isEmbeddedBroker) {
    withinTime(brokerPatience_ms, signal, (limit) => messenger.whenConnected(limit)).catch(() => {
      if (signal.aborted) return;
      const broker = withoutCredentials(addresses.mqttUrl);
      log.warn(
        `the broker ${broker} does not let us in: start it, correct MQTT_URL, or unset it to use Azru's own`,
      );
    });
  }

  const services: Service[] = [];
  shutdown.onClose("services", () => Promise.all(services.map((service) => service.stop())));
  const start = (name: ServiceName, onRestartAsked?: () => void): Service | undefined => {
    if (signal.aborted) return undefined;
    const complaints: string[] = [];
    const onLine = (line: string) => {
      print(name, line);
      if (line.startsWith(`${name}: `)) complaints.push(line);
    };
    const service = supervise({ name, ...programs[name], log, onLine, onRestartAsked });
    services.push(service);
    void service.ended.then((how) => {
      if (how !== "refused") return;
      // Once more at the very end: what to correct must not be sought among the lines of the others.
      process.once("exit", () => {
        for (const complaint of complaints) console.error(`pnpm start: ${complaint}`);
      });
      shutdown.begin(`${name} refuses its configuration`, 2);
    });
    return service;
  };

  const followDevices = createDeviceServices({
    dataFolder: settings.dataDirectory,
    valvesFile: environment.valvesFile,
    startValves: () => start("valves"),
  });
  start("core", settings.simulator ? undefined : followDevices);
  start("mpc");
  if (settings.simulator) {
    await withinTime(headStart_ms, signal, (limit) => whenOnline(messenger, ["core", "mpc"], limit));
    start("sensor-simulator");
  } else {
    followDevices();
    if (environment.entitiesFile !== undefined) start("home-assistant");
  }

  const url = apiUrl(settings, addresses);
  const isHeated = ({ status }: ReadyResponse) => status !== "not_ready";
  const isWell = ({ status }: ReadyResponse) => status === "ready";
  let answer = await withinTime(slowStart_ms, signal, (limit) => whenReady(url, isHeated, limit));
  if (!signal.aborted && (!answer || !isHeated(answer))) {
    log.warn({ dependencies: answer?.dependencies }, "still starting");
    answer = await whenReady(url, isHeated, signal);
  }
  answer = (await withinTime(settling_ms, signal, (limit) => whenReady(url, isWell, limit))) ?? answer;
  return signal.aborted || !answer ? undefined : welcome(settings, environment, addresses, answer);
}
