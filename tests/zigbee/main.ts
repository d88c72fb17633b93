/**
 * `pnpm test:zigbee`: has zigbee2mqtt's own converters execute what the valves service sends to each listed device, and
 * goes an owner's way with the real zigbee2mqtt, from pairing to radiators that follow the plan.
 * `pnpm test:zigbee --write` brings the fixtures and the page on devices up to date first.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadDefinitions, simulate } from "./converters.ts";
import { devicesPage, fixturesFile, pageFile } from "./devices-page.ts";
import {
  bridgeFolder,
  bridgeVersion,
  cacheFolder,
  EnvironmentError,
  install,
  version,
} from "./environment.ts";
import { kindOf, type ListedDevice, listedDevice } from "./selection.ts";

const help = `Usage: pnpm test:zigbee [--write] [options of vitest]

Installs zigbee-herdsman-converters ${version} from npm below
${cacheFolder}
(AZRU_ZIGBEE_ENV names another folder), and sends to each listed device what the valves service would send.
Installs zigbee2mqtt ${bridgeVersion}, with a Node for it where yours is too old, below
${bridgeFolder}
(AZRU_ZIGBEE2MQTT_ENV), and has emulated devices pair with it and follow Azru: some 5 minutes.
--write brings services/valves/src/testing/devices.jsonl and docs/reference/zigbee-devices.md up to date.
`;

async function listDevices(): Promise<ListedDevice[]> {
  const listed: ListedDevice[] = [];
  for (const definition of loadDefinitions()) {
    const kind = kindOf(definition);
    if (kind === undefined) continue;
    const device = await simulate(definition);
    listed.push(listedDevice(kind, definition, device.exposes));
    device.stop();
  }
  const key = ({ kind, vendor, model }: ListedDevice) => `${kind} ${vendor} ${model}`;
  return listed.sort((a, b) => key(a).localeCompare(key(b), "en"));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  try {
    install((line) => console.error(`zigbee: ${line}`));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(`zigbee: ${error.message}`);
    return 2;
  }
  if (args.includes("--write")) {
    const devices = await listDevices();
    writeFileSync(fixturesFile, devices.map((device) => `${JSON.stringify(device)}\n`).join(""));
    writeFileSync(pageFile, devicesPage(devices));
    console.error(`zigbee: wrote ${devices.length} devices`);
  }
  const rest = args.filter((arg) => arg !== "--write");
  const { status } = spawnSync("npx", ["vitest", "run", "tests/zigbee", ...rest], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { ...process.env, AZRU_TEST_ZIGBEE: "1" },
    stdio: "inherit",
  });
  return status ?? 1;
}

process.exit(await main(process.argv.slice(2)));
