/** What is printed once the home is heated: where to look. */
import { join } from "node:path";
import type { ReadyResponse } from "@azru/contracts";
import type { Settings } from "./command.ts";
import type { Environment } from "./config.ts";
import type { Addresses } from "./programs.ts";

export interface Welcome {
  readonly home: string;
  readonly dashboard: string;
  /** Where a real home is described. */
  readonly setup?: string;
  readonly api: string;
  readonly mqtt: string;
  readonly store: string;
  /** What is not well. */
  readonly attention: readonly string[];
}

export function welcome(
  settings: Settings,
  environment: Environment,
  addresses: Addresses,
  { dependencies }: ReadyResponse,
): Welcome {
  const url = apiUrl(settings, addresses);
  const broker = addresses.isEmbeddedBroker ? "embedded broker, no password" : "as MQTT_URL says";
  return {
    home: homeOf(settings),
    dashboard: url,
    ...(!settings.simulator && { setup: `${url}setup` }),
    api: `${url}docs`,
    mqtt: `${withoutCredentials(addresses.mqttUrl)} (${broker}), topics ${environment.site}/#`,
    store: storeOf(settings, environment),
    attention: Object.entries(dependencies)
      .filter(([, { status }]) => status !== "up")
      .map(([name, { status, detail }]) => `${name} is ${status}${detail ? `: ${detail}` : ""}`),
  };
}

/** As a block of text, with an empty line before and after. */
export function welcomeText({ home, dashboard, setup, api, mqtt, store, attention }: Welcome): string {
  return [
    "",
    `Azru is running: ${home}.`,
    `  dashboard  ${dashboard}`,
    ...(setup ? [`  set-up     ${setup}`] : []),
    `  API        ${api}`,
    `  MQTT       ${mqtt}`,
    `  store      ${store}`,
    ...attention.map((trouble) => `  attention  ${trouble}`),
    "  Ctrl-C stops it.",
    "\n",
  ].join("\n");
}

/** The API as this machine reaches it. */
export function apiUrl({ httpHost }: Settings, { httpPort }: Addresses): string {
  const host = ["0.0.0.0", "::", "127.0.0.1", "::1"].includes(httpHost) ? "localhost" : httpHost;
  return `http://${host.includes(":") ? `[${host}]` : host}:${httpPort}/`;
}

/** Which store the core takes: see `openStore` of @azru/timeseries. */
function storeOf({ dataDirectory }: Settings, { influxUrl, influxToken }: Environment): string {
  const file = `file ${join(dataDirectory, "azru.db")}`;
  if (influxUrl !== undefined) return `InfluxDB ${withoutCredentials(influxUrl)} (as INFLUXDB_URL says)`;
  if (influxToken === undefined) return `${file} (as INFLUXDB_URL is not set)`;
  return `InfluxDB http://localhost:8086 if it answered at the start, ${file} otherwise`;
}

function homeOf({ simulator }: Settings): string {
  if (!simulator) return "it heats a real home";
  const start = new Date(simulator.startMs).toLocaleString("en-GB", {
    timeZone: "Europe/Paris",
    dateStyle: "full",
    timeStyle: "short",
  });
  return `a simulated home from ${start} on, ${simulator.speed} times as fast as real time`;
}

/** What of an address may be shown. */
export function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
