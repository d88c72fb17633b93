import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Definition, loadDefinitions, type SimulatedDevice, simulate } from "./converters.ts";
import { fixturesFile } from "./devices-page.ts";
import { driveOf } from "./drive.ts";
import { isInstalled, version } from "./environment.ts";
import type { ListedDevice } from "./selection.ts";

const runs = process.env.AZRU_TEST_ZIGBEE === "1" && isInstalled();
const where = runs
  ? `zigbee-herdsman-converters ${version}`
  : "zigbee-herdsman-converters (skipped: pnpm test:zigbee runs it)";

const listed = existsSync(fixturesFile)
  ? readFileSync(fixturesFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ListedDevice)
  : [];
const driven = listed.filter((device) => driveOf(device) !== undefined);

describe.skipIf(!runs)(`commands of the valves service in ${where}`, () => {
  let definitions: ReadonlyMap<string, Definition>;
  const open: SimulatedDevice[] = [];
  beforeAll(() => {
    definitions = new Map(loadDefinitions().map((one) => [`${one.vendor} ${one.model}`, one]));
  }, 180_000);
  afterAll(() => {
    for (const device of open) device.stop();
  });

  it("are tried on 30 devices and more", () => {
    expect(driven.length).toBeGreaterThanOrEqual(30);
  });

  it.each(driven.map((device) => [`${device.kind} ${device.vendor} ${device.model}`, device] as const))(
    "%s",
    async (_, device) => {
      const simulated = await simulate(definitions.get(`${device.vendor} ${device.model}`)!);
      open.push(simulated);
      for (const message of Object.values(driveOf(device)!.messages)) {
        const before = simulated.frames.length;
        await simulated.set(message);
        // Schneider's sleeping valve fetches what zigbee2mqtt keeps for it, when it wakes.
        if (simulated.frames.length === before) expect(simulated.state).toMatchObject(message);
      }
    },
  );
});
