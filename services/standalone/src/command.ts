import { resolve } from "node:path";
import { callOf, createCommand, instant, number, parseOptions, wholeNumber } from "@azru/command-line";
import { Option } from "commander";

/** What the user asked for. */
export interface Settings {
  /** The simulated home; nothing where a real one is heated. */
  readonly simulator?: {
    /** Simulated seconds per second. */
    readonly speed: number;
    readonly pacing: "lockstep" | "free";
    readonly startMs: number; // Unix time
  };
  readonly httpHost: string;
  readonly httpPort: number; // 0 takes a free one
  /** Port of the embedded broker, 0 takes a free one. */
  readonly mqttPort: number;
  readonly dataDirectory: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly logFormat: "pretty" | "json";
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** Sunday evening before two red days of the reference year: the walls are warmed until Monday, 06:00. */
const defaultStart = "2026-01-18T18:00";
/** A quarter of an hour, and so a decision, in a second. */
const defaultSpeed = 900;

const port = wholeNumber(0, 65_535);
const call = callOf("start");
const notes = `
MQTT_URL      uses that broker instead of the embedded one (MQTT_USERNAME, MQTT_PASSWORD)
INFLUXDB_URL  uses that InfluxDB v2 instead of the embedded store (INFLUXDB_TOKEN, INFLUXDB_ORG,
              INFLUXDB_BUCKET)
AZRU_VALVES   with --no-simulator, connects the valves and thermometers that this file names (docs/valves.md)
AZRU_ENTITIES  with --no-simulator, connects the entities of Home Assistant that this file names
              (AZRU_HOME_ASSISTANT_URL, AZRU_HOME_ASSISTANT_TOKEN; docs/home-assistant.md)
The other variables of the services (AZRU_BUILDING, AZRU_WEATHER, AZRU_TARIFF, AZRU_ROOM, ...) hold here too.

Examples:
  ${call}
  ${call} --speed 60 --start 2026-02-01T20:00
  ${call} --no-simulator --data /var/lib/azru

Exit codes: 0 stopped by Ctrl-C, 1 failed, 2 asked wrongly.`;

/**
 * Reads the command line, and the environment for what it leaves open.
 *
 * @returns the settings, or nothing when help was asked for and printed
 * @throws UsageError in one line naming the option and the value
 */
export function parseCommand(argv: readonly string[]): Settings | undefined {
  const command = createCommand(
    "start",
    "Starts Azru on this machine: core, optimiser and a simulated home. Ctrl-C stops it.",
  )
    .addOption(
      new Option("--speed <number>", "simulated seconds per second")
        .env("AZRU_SPEED")
        .default(defaultSpeed)
        .argParser(number(0.1, 1e6)),
    )
    .addOption(
      new Option("--pacing <kind>", "lockstep: simulated time waits for each decision; free: it does not")
        .env("AZRU_PACING")
        .default("lockstep")
        .choices(["lockstep", "free"]),
    )
    .addOption(
      new Option(
        "--start <time>",
        "simulated time to begin at, ISO 8601; Europe/Paris unless it has an offset",
      )
        .env("AZRU_START")
        .default(instant(defaultStart), defaultStart)
        .argParser(instant),
    )
    .option("--no-simulator", "real operation: sensors and valves on MQTT, wall clock, weather of today")
    .addOption(
      new Option("--http-host <address>", "address of API and dashboard")
        .env("AZRU_HTTP_HOST")
        .default("127.0.0.1"),
    )
    .addOption(
      new Option("--http-port <port>", "port of API and dashboard, 0 for a free one")
        .env("AZRU_HTTP_PORT")
        .default(8000)
        .argParser(port),
    )
    .addOption(
      new Option("--mqtt-port <port>", "port of the embedded broker, 0 for a free one")
        .env("AZRU_MQTT_PORT")
        .default(1883)
        .argParser(port),
    )
    .addOption(
      new Option("--data <folder>", "folder of the embedded store and of caches")
        .env("AZRU_DATA_DIR")
        .default("data"),
    )
    .addOption(
      new Option("--log-level <level>", "least important lines to show")
        .env("AZRU_LOG_LEVEL")
        .default("info")
        .choices(logLevels),
    )
    .addOption(
      new Option("--log-format <format>", "pretty for people, json for machines")
        .env("AZRU_LOG_FORMAT")
        .default("pretty")
        .choices(["pretty", "json"]),
    )
    .addHelpText("after", notes);

  const options = parseOptions<Options>(command, argv);
  return options && settingsOf(options);
}

interface Options extends Pick<Settings, "httpHost" | "httpPort" | "mqttPort" | "logLevel" | "logFormat"> {
  speed: number;
  pacing: "lockstep" | "free";
  start: number;
  simulator: boolean;
  data: string;
}

function settingsOf(options: Options): Settings {
  const { simulator, speed, pacing, start: startMs, data, ...rest } = options;
  return {
    ...rest,
    ...(simulator && { simulator: { speed, pacing, startMs } }),
    dataDirectory: resolve(data),
  };
}
