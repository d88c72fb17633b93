/** All checks, in the order in which one depends on the other. */
import { readFile } from "node:fs/promises";
import { callOf, type Language } from "@azru/command-line";
import { HomeFileError, homeEnvironment } from "@azru/setup/home-file";
import { z } from "zod";
import { checkBroker, checkTemperature } from "./broker.ts";
import { httpTimeMs, judgeClock } from "./clock.ts";
import {
  checkBuilding,
  checkConfiguration,
  checkPrototypeVariables,
  loadDeclarations,
  usableConfig,
} from "./configuration.ts";
import { checkPort, checkReady, checkTariff, isCoreRunning, stateOf } from "./core.ts";
import { type Finding, ok, problem, type Say, speaking } from "./finding.ts";
import { checkNode } from "./node.ts";
import { checkOpenMeteo, checkRte, checkTempo, type SourceAddresses } from "./public-sources.ts";
import { checkFileStore, checkInflux, checkSpace } from "./store.ts";

export interface DiagnoseOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Port of the broker that `pnpm start` brings where the environment names none. */
  readonly mqttPort: number;
  /** Of the findings; English where it is not said. */
  readonly language?: Language;
  readonly nodeVersion: string;
  readonly now: () => number;
  readonly timeZone: string;
  readonly sources?: SourceAddresses;
  /** How long a temperature is waited for. */
  readonly temperature_ms?: number;
}

/** What the doctor needs of the core's configuration. */
const homeSchema = z.object({
  site: z.string(),
  mqttUrl: z.string(),
  mqttUsername: z.string().optional(),
  mqttPassword: z.string().optional(),
  httpHost: z.string(),
  httpPort: z.number(),
  influxUrl: z.string().optional(),
  influxToken: z.string().optional(),
  influxOrg: z.string(),
  influxBucket: z.string(),
  dataFolder: z.string(),
  building: z.string(),
});

const packageSchema = z.object({ engines: z.object({ node: z.string() }) });
/** Where the weather is asked for when the building does not say. */
const lyon = { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 };

/** @returns what every check found; a finding that is a problem keeps Azru from heating the home */
export async function diagnose(options: DiagnoseOptions): Promise<Finding[]> {
  const {
    environment: given,
    language = "en",
    mqttPort,
    nodeVersion,
    now,
    sources = {},
    temperature_ms = 10_000,
  } = options;
  const say = speaking(language);
  const { environment, finding: homeFinding } = withHome(given, say);
  const manifest = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { engines } = packageSchema.parse(JSON.parse(manifest));
  const declarations = await loadDeclarations();
  const { variables } = declarations.find(({ service }) => service === "core")!;
  const home = homeSchema.parse(usableConfig(variables, environment));
  const { building, finding: buildingFinding } = await checkBuilding(home.building, say);
  const address = { host: home.httpHost, port: home.httpPort };
  const isRunning = await isCoreRunning(address);

  const { influxUrl: url, influxToken: token, influxOrg: org, influxBucket: bucket } = home;
  const [port, live, store, disk, tempo, rte, openMeteo, clock] = await Promise.all([
    checkPort(address, say),
    checkLive(),
    url === undefined ? checkFileStore(home.dataFolder, say) : checkInflux({ url, token, org, bucket }, say),
    checkSpace(home.dataFolder, say),
    checkTempo(now(), sources.tempo, say),
    checkRte(now(), sources.rte, say),
    checkOpenMeteo(building?.location ?? lyon, now(), sources.openMeteo, say),
    checkClock(options, say),
  ]);
  return [
    checkNode(nodeVersion, engines.node.replace(/^\D+/, ""), say),
    ...checkConfiguration(declarations, environment, say),
    ...checkPrototypeVariables(environment, say),
    ...(homeFinding ? [homeFinding] : []),
    buildingFinding,
    port,
    ...live,
    store,
    disk,
    tempo,
    rte,
    openMeteo,
    clock,
  ];

  /** Broker, temperature and core. */
  async function checkLive(): Promise<Finding[]> {
    const account = {
      url: environment.MQTT_URL ? home.mqttUrl : `mqtt://localhost:${mqttPort}`,
      username: home.mqttUsername,
      password: home.mqttPassword,
      site: home.site,
      isConfigured: Boolean(environment.MQTT_URL),
      isOurs: isRunning,
    };
    const { client, finding } = await checkBroker(account, say);
    try {
      if (!isRunning) {
        const absent = say(
          `not running; ${callOf("start")}, or docker compose up -d, starts it`,
          `à l'arrêt ; ${callOf("start")}, ou docker compose up -d, la démarre`,
        );
        return [finding, ok("core", absent)];
      }
      const state = await stateOf(address);
      const temperature = client ? [await checkTemperature(client, state, temperature_ms, say)] : [];
      const tariff = checkTariff(state, say);
      return [finding, ...temperature, ...(await checkReady(address, say)), ...(tariff ? [tariff] : [])];
    } finally {
      await client?.endAsync(true);
    }
  }
}

/** The environment as the core has it: with what set-up has written, where it does not say otherwise. */
function withHome(
  environment: DiagnoseOptions["environment"],
  say: Say,
): { readonly environment: DiagnoseOptions["environment"]; readonly finding?: Finding } {
  const dataFolder = environment.AZRU_DATA_DIR || "data";
  try {
    const said = Object.entries(environment).filter(([, value]) => value);
    return { environment: { ...homeEnvironment(dataFolder), ...Object.fromEntries(said) } };
  } catch (error) {
    if (!(error instanceof HomeFileError)) throw error;
    const advice = say(
      "until then the services do not start: move the file away, and answer the questions of set-up anew",
      "d'ici là, les services ne démarrent pas : déplacer le fichier, puis répondre à nouveau aux questions",
    );
    return { environment, finding: problem("home", error.message, advice) };
  }
}

async function checkClock({ now, timeZone, sources = {} }: DiagnoseOptions, say: Say): Promise<Finding> {
  const {
    tempo = "https://www.api-couleur-tempo.fr",
    rte = "https://www.services-rte.com",
    openMeteo = "https://api.open-meteo.com",
  } = sources;
  const offsets = await Promise.all(
    [tempo, rte, openMeteo].map(async (server) => {
      const timeMs = await httpTimeMs(server);
      return timeMs === undefined ? [] : [now() - timeMs];
    }),
  );
  const nowMs = now();
  const others = offsets.flat().map((offset_ms) => nowMs - offset_ms);
  return judgeClock(nowMs, others, timeZone, say);
}
