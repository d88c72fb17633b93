/** `pnpm run doctor` (plain `pnpm doctor` examines pnpm itself): what is wrong with this installation, and what to do about it. */
import {
  choice,
  createCommand,
  type Language,
  languageOf,
  parseOptions,
  runCommand,
  wholeNumber,
} from "@azru/command-line";
import { hasColours } from "@azru/runtime";
import { Option } from "commander";
import { diagnose } from "./diagnose.ts";
import { isHealthy, jsonReport, textReport } from "./report.ts";

const notes = `
Call it with the environment that the services have, and after a start with options with the same ones.
Exit codes: 0 no problem (warnings are none), 1 a problem, 2 asked wrongly.`;

interface Options {
  readonly httpHost?: string;
  readonly httpPort?: number;
  readonly mqttPort: number;
  readonly data?: string;
  readonly json: boolean;
  readonly language: Language;
}
const port = wholeNumber(0, 65_535);

await runCommand("pnpm run doctor", async (argv) => {
  const command = createCommand(
    "run doctor",
    "Checks configuration, ports, broker, store, public services and clock, and says what to do.",
  )
    .option("--http-host <address>", "address of API and page, instead of AZRU_HTTP_HOST")
    .option("--http-port <port>", "port of API and page, instead of AZRU_HTTP_PORT", port)
    .addOption(
      new Option("--mqtt-port <port>", "port of the broker that start brings, where MQTT_URL names none")
        .env("AZRU_MQTT_PORT")
        .default(1883)
        .argParser(port),
    )
    .option("--data <folder>", "folder of the embedded store, instead of AZRU_DATA_DIR")
    .addOption(choice("--language <language>", "of the report", ["en", "fr"], languageOf(process.env)))
    .option("--json", "print what was found as JSON", false)
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const { httpHost, httpPort, mqttPort, data, json, language } = options;
  const findings = await diagnose({
    environment: {
      ...process.env,
      ...(httpHost !== undefined && { AZRU_HTTP_HOST: httpHost }),
      ...(httpPort !== undefined && { AZRU_HTTP_PORT: String(httpPort) }),
      ...(data !== undefined && { AZRU_DATA_DIR: data }),
    },
    mqttPort,
    language,
    nodeVersion: process.versions.node,
    now: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  process.stdout.write(
    json ? jsonReport(findings) : textReport(findings, hasColours(process.stdout), language),
  );
  return isHealthy(findings) ? 0 : 1;
});
