/** A simulated home: core, optimiser and twin, as processes on a broker with accounts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServiceProcess, startService } from "@azru/runtime/testing";
import type { Broker } from "./broker.ts";

export interface Home {
  stop(): Promise<void>;
}

export const homeAccounts = ["core", "mpc", "sensor-simulator"] as const;

const mainOf = (service: string) => new URL(`../../services/${service}/src/main.ts`, import.meta.url);

/** @param changes of the environment of all its services */
export function startHome(broker: Broker, changes: Readonly<Record<string, string>> = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), "azru-home-"));
  const services: readonly ServiceProcess[] = homeAccounts.map((service) =>
    startService(mainOf(service), {
      MQTT_URL: broker.url,
      MQTT_USERNAME: service,
      MQTT_PASSWORD: broker.passwordOf(service),
      AZRU_DATA_DIR: folder,
      AZRU_HTTP_PORT: "0",
      AZRU_TIME: "simulated",
      AZRU_HOME_ASSISTANT: "homeassistant",
      AZRU_START: "2026-01-18T20:00",
      AZRU_SPEED: "60",
      AZRU_MPC_THREADS: "1",
      AZRU_LOG_LEVEL: "warn",
      ...changes,
    }),
  );
  return {
    async stop() {
      for (const service of services) service.kill("SIGTERM");
      for (const service of services) await service.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
