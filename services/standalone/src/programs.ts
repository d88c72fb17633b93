/** The programs of the services, and the environment of each. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isoTimeOf } from "@azru/contracts";
import { homeEnvironment } from "@azru/setup/home-file";
import { bundle } from "./bundle.ts";
import type { Settings } from "./command.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const mainOf = (service: string) => join(root, "services", service, "src/main.ts");

export type ServiceName = "core" | "mpc" | "sensor-simulator" | "valves" | "home-assistant";

const sources = {
  core: mainOf("core"),
  mpc: mainOf("mpc"),
  "sensor-simulator": mainOf("sensor-simulator"),
  valves: mainOf("valves"),
  "home-assistant": mainOf("home-assistant"),
  lifeline: fileURLToPath(new URL("./lifeline.ts", import.meta.url)),
};

/**
 * Makes in a folder, by the names that an installed package has, the services' programs and the one that starts them.
 *
 * @param starter absolute path of the source of the one that starts them
 */
export async function makePrograms(folder: string, starter = mainOf("standalone")): Promise<void> {
  const mains = Object.entries({ ...sources, standalone: starter });
  const named = mains.map(([name, source]) => [name === "lifeline" ? name : `${name}-main`, source]);
  await bundle(Object.fromEntries(named), folder);
}

/** How to start a service. */
export interface Program {
  readonly file: string;
  readonly nodeOptions: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** Where the services find each other. */
export interface Addresses {
  readonly mqttUrl: string;
  readonly isEmbeddedBroker: boolean;
  readonly httpPort: number;
}

/**
 * A small heap for new objects, the old one collected early: a home's services allocate little, and a Raspberry Pi has
 * little memory. services/Dockerfile has the same.
 */
const smallHeaps = ["--max-semi-space-size=2", "--optimize-for-size"];

/** Prepares the services' programs in the data folder; those of the installed package are ready. */
export async function preparePrograms(
  settings: Settings,
  { mqttUrl, httpPort }: Addresses,
): Promise<Record<ServiceName, Program>> {
  const installed = installedPrograms();
  const files = installed ?? (await bundle(sources, join(settings.dataDirectory, "program")));
  const nodeOptions = [...smallHeaps, "--import", pathToFileURL(files.lifeline).href];
  const program = (name: ServiceName, env: Readonly<Record<string, string>> = {}): Program => ({
    file: files[name],
    nodeOptions,
    env: {
      AZRU_LOG_LEVEL: settings.logLevel,
      AZRU_LOG_FORMAT: "json",
      MQTT_URL: mqttUrl,
      // The C library otherwise keeps a heap of its own for every thread.
      MALLOC_ARENA_MAX: "2",
      ...env,
    },
    directory: installed ? process.cwd() : root,
  });
  return {
    core: program("core", {
      AZRU_TIME: settings.simulator ? "simulated" : "wall",
      AZRU_HTTP_HOST: settings.httpHost,
      AZRU_HTTP_PORT: String(httpPort),
      AZRU_DATA_DIR: settings.dataDirectory,
    }),
    mpc: program("mpc"),
    "sensor-simulator": program(
      "sensor-simulator",
      settings.simulator && { ...ownHome(settings.dataDirectory), ...simulatorEnv(settings.simulator) },
    ),
    valves: program("valves", { AZRU_DATA_DIR: settings.dataDirectory }),
    "home-assistant": program("home-assistant"),
  };
}

function installedPrograms(): Record<keyof typeof sources, string> | undefined {
  const folder = process.env.AZRU_PROGRAMS;
  if (!folder) return undefined;
  const files = Object.keys(sources).map((name) => [
    name,
    join(folder, name === "lifeline" ? "lifeline.mjs" : `${name}-main.mjs`),
  ]);
  return Object.fromEntries(files) as Record<keyof typeof sources, string>;
}

/** The twin is the home that set-up described, where the environment does not name another. */
function ownHome(dataFolder: string): Record<string, string> {
  const home = Object.entries(homeEnvironment(dataFolder));
  return Object.fromEntries(home.filter(([name]) => !process.env[name]));
}

function simulatorEnv({ speed, pacing, startMs }: NonNullable<Settings["simulator"]>) {
  return { AZRU_SPEED: String(speed), AZRU_PACING: pacing, AZRU_START: isoTimeOf(startMs) };
}
