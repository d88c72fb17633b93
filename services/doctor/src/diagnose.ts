/** All checks, in the order in which one depends on the other. */
import { readFile } from "node:fs/promises";
import { callOf } from "@azru/command-line";
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
import { type Finding, ok } from "./finding.ts";
import { checkNode } from "./node.ts";
import { checkOpenMeteo, checkRte, checkTempo, type SourceAddresses } from "./public-sources.ts";
import { checkFileStore, checkInflux, checkSpace } from "./store.ts";

export interface DiagnoseOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Port of the broker that `pnpm start` brings where the environment names none. */
  readonly mqttPort: number;
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
    environment,
    mqttPort,
    nodeVersion,
    now,
    timeZone,
    sources = {},
    temperature_ms = 10_000,
  } = options;
  const manifest = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { engines } = packageSchema.parse(JSON.parse(manifest));
  const declarations = await loadDeclarations();
  const { variables } = declarations.find(({ service }) => service === "core")!;
  const home = homeSchema.parse(usableConfig(variables, environment));
  const { building, finding: buildingFinding } = await checkBuilding(home.building);
  const address = { host: home.httpHost, port: home.httpPort };
  const isRunning = await isCoreRunning(address);

  const { influxUrl: url, influxToken: token, influxOrg: org, influxBucket: bucket } = home;
  const [port, live, store, disk, tempo, rte, openMeteo, clock] = await Promise.all([
    checkPort(address),
    checkLive(),
    url === undefined ? checkFileStore(home.dataFolder) : checkInflux({ url, token, org, bucket }),
    checkSpace(home.dataFolder),
    checkTempo(now(), sources.tempo),
    checkRte(now(), sources.rte),
    checkOpenMeteo(building?.location ?? lyon, now(), sources.openMeteo),
    checkClock(),
  ]);
  return [
    checkNode(nodeVersion, engines.node.replace(/^\D+/, "")),
    ...checkConfiguration(declarations, environment),
    ...checkPrototypeVariables(environment),
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
    const { client, finding } = await checkBroker({
      url: environment.MQTT_URL ? home.mqttUrl : `mqtt://localhost:${mqttPort}`,
      username: home.mqttUsername,
      password: home.mqttPassword,
      site: home.site,
      isConfigured: Boolean(environment.MQTT_URL),
      isOurs: isRunning,
    });
    try {
      if (!isRunning)
        return [finding, ok("core", `not running; ${callOf("start")}, or docker compose up -d, starts it`)];
      const state = await stateOf(address);
      const temperature = client ? [await checkTemperature(client, state, temperature_ms)] : [];
      const tariff = checkTariff(state);
      return [finding, ...temperature, ...(await checkReady(address)), ...(tariff ? [tariff] : [])];
    } finally {
      await client?.endAsync(true);
    }
  }

  async function checkClock(): Promise<Finding> {
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
    return judgeClock(
      nowMs,
      offsets.flat().map((offset_ms) => nowMs - offset_ms),
      timeZone,
    );
  }
}
