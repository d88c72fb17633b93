import type { ReadyResponse } from "@azru/contracts";
import { readConfig } from "@azru/runtime";
import { expect, it } from "vitest";
import { parseCommand } from "./command.ts";
import { variables } from "./config.ts";
import type { Addresses } from "./programs.ts";
import { welcome, welcomeText } from "./welcome.ts";

const embedded: Addresses = { mqttUrl: "mqtt://127.0.0.1:1883", isEmbeddedBroker: true, httpPort: 8000 };
const ready: ReadyResponse = { status: "ready", dependencies: { broker: { status: "up" } } };

function said(
  argv: string[] = [],
  environment: Record<string, string> = {},
  addresses = embedded,
  answer = ready,
) {
  const settings = parseCommand([...argv, "--data", "/var/lib/azru"])!;
  return welcomeText(welcome(settings, readConfig(variables, environment), addresses, answer));
}

it("says where to look", () => {
  expect(said()).toBe(`
Azru is running: a simulated home from Sunday, 18 January 2026 at 18:00 on, 900 times as fast as real time.
  dashboard  http://localhost:8000/
  API        http://localhost:8000/docs
  MQTT       mqtt://127.0.0.1:1883 (embedded broker, no password), topics home/#
  store      file /var/lib/azru/azru.db (as INFLUXDB_URL is not set)
  Ctrl-C stops it.

`);
});

it("names broker and store of the user's own, without passwords", () => {
  const mqttUrl = "mqtt://azru:secret@broker.lan:1883";
  const text = said(
    [],
    { AZRU_SITE: "cottage", MQTT_URL: mqttUrl, INFLUXDB_URL: "http://azru:secret@influx.lan:8086" },
    { ...embedded, mqttUrl, isEmbeddedBroker: false },
  );
  expect(text).toContain("mqtt://broker.lan:1883 (as MQTT_URL says), topics cottage/#");
  expect(text).toContain("InfluxDB http://influx.lan:8086 (as INFLUXDB_URL says)");
  expect(text).not.toContain("secret");
});

it("says that the core takes a local InfluxDB when it has a token for it", () => {
  expect(said([], { INFLUXDB_TOKEN: "0123456789" })).toContain(
    "InfluxDB http://localhost:8086 if it answered at the start, file /var/lib/azru/azru.db otherwise",
  );
});

it("says what is not well", () => {
  const sensors = { status: "down", detail: "no temperature was ever measured" } as const;
  const answer: ReadyResponse = { status: "degraded", dependencies: { ...ready.dependencies, sensors } };
  const text = said(["--no-simulator"], {}, embedded, answer);
  expect(text).toContain("Azru is running: it heats a real home.");
  expect(text).toContain("  set-up     http://localhost:8000/setup\n");
  expect(text).toContain("attention  sensors is down: no temperature was ever measured");
});

it("names the address under which this machine reaches the API", () => {
  expect(said(["--http-host", "0.0.0.0"])).toContain("http://localhost:8000/docs");
  expect(said(["--http-host", "fd00::1"])).toContain("http://[fd00::1]:8000/docs");
});
