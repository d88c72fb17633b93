/** zigbee2mqtt itself, as a user runs it, in a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bridgeFolder, bridgeNode } from "./environment.ts";

export interface Zigbee2mqtt {
  /** Rejects where it ends instead. */
  readonly started: Promise<void>;
  /** What it has written to its log, for a test that fails. */
  lastWords(): string;
  /** Ends it as systemd or Docker does. */
  stop(): Promise<void>;
}

export interface Zigbee2mqttOptions {
  /** Keeps its configuration and its database over restarts. */
  readonly folder: string;
}

interface Configuration {
  readonly mqttUrl: string;
  readonly coordinatorPort: number;
  /** More of configuration.yaml, for example `homeassistant`. */
  readonly others: object;
}

/** Writes configuration.yaml as zigbee2mqtt's own first-run page does. */
export function configure(folder: string, { mqttUrl, coordinatorPort, others }: Configuration): void {
  const configuration = {
    version: 5,
    mqtt: { server: mqttUrl },
    serial: { port: `tcp://127.0.0.1:${coordinatorPort}`, adapter: "zstack" },
    frontend: { enabled: false },
    advanced: {
      network_key: "GENERATE",
      pan_id: "GENERATE",
      ext_pan_id: "GENERATE",
      log_output: ["console"],
    },
    ...others,
  };
  // YAML reads JSON.
  writeFileSync(join(folder, "configuration.yaml"), JSON.stringify(configuration));
}

export function startZigbee2mqtt({ folder }: Zigbee2mqttOptions): Zigbee2mqtt {
  const child = spawn(bridgeNode(), [join(bridgeFolder, "node_modules/zigbee2mqtt/index.js")], {
    env: { PATH: process.env.PATH, ZIGBEE2MQTT_DATA: folder, Z2M_ONBOARD_NO_SERVER: "1" },
    // In a git repository, zigbee2mqtt would take itself for a checkout that has changed, and build itself anew.
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const said: string[] = [];
  const lastWords = () => said.slice(-60).join("\n");
  const started = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        if (line.includes("Zigbee2MQTT started!")) resolve();
      });
    child.once("close", () => reject(new Error(`zigbee2mqtt has ended:\n${lastWords()}`)));
  });
  started.catch(() => {}); // For those who wait for it.
  return {
    started,
    lastWords,
    async stop() {
      child.kill("SIGTERM");
      await closed;
    },
  };
}
