/** The questions of set-up in a terminal, asked and answered in one. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { inheritedEnvironment, runnable } from "@azru/runtime/testing";
import { setupTexts } from "@azru/setup";
import { homeFiles, readHomeFile } from "@azru/setup/home-file";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** Gives a program a terminal of its own; util-linux has it on every Debian. */
const hasScript =
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
const note = hasScript ? "" : " (skipped: there is no script of util-linux)";
const texts = setupTexts.fr;
const enter = "\r";
const erase = "\u007f";

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-setup-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Starts set-up in a terminal. */
function openTerminal() {
  const { file, nodeOptions } = runnable(new URL("./main.ts", import.meta.url));
  const command = [process.execPath, ...nodeOptions, file, "--data", folder, "--language", "fr"]
    .map((part) => `'${part}'`)
    .join(" ");
  const started = spawn("script", ["-qec", `stty cols 250 rows 60; ${command}`, "/dev/null"], {
    env: { ...inheritedEnvironment(), TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child = started;
  const ended = once(started, "close");
  let shown = "";
  started.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  let read = 0;
  return {
    /** Waits until something stands there that was not there at the last answer, and types. */
    async answer(question: string, keys: string): Promise<void> {
      const place = () => stripVTControlCharacters(shown).indexOf(question, read);
      await vi
        .waitUntil(() => place() >= 0, { timeout: 60_000, interval: 20 })
        .catch(() => {
          throw new Error(`"${question}" was not asked:\n${stripVTControlCharacters(shown).slice(-2_000)}`);
        });
      read = stripVTControlCharacters(shown).length;
      started.stdin.write(keys);
    },
    async end(): Promise<number> {
      const [code] = await ended;
      return code as number;
    },
  };
}

describe.skipIf(!hasScript)(`set-up in a terminal${note}`, () => {
  test("asks for radiators on pilot wires where they are, refuses a name that is there twice, and writes their file", async () => {
    const { devices } = texts;
    const terminal = openTerminal();
    const home = [
      texts.town,
      texts.dwelling,
      texts.floor_area_m2,
      texts.year,
      texts.insulation,
      texts.glazing,
    ];
    const heating = [texts.walls, texts.heater, texts.power_kw];
    for (const question of [...home, ...heating]) await terminal.answer(question, enter);
    await terminal.answer(texts.rooms, `${erase.repeat("living-room".length)}salon, chambre${enter}`);
    for (const question of [texts.thermostat, texts.contractKind]) await terminal.answer(question, enter);
    await terminal.answer(devices.ask, "y");
    await terminal.answer(`${devices.thermometerOf} salon`, enter);
    await terminal.answer(devices.faults.noThermometer, `thermomètre salon${enter}`);
    await terminal.answer(`${devices.thermometerOf} chambre`, enter);
    await terminal.answer(devices.noLimit, `6${enter}`);
    await terminal.answer(devices.base_load_w, enter);
    await terminal.answer(devices.count, enter);
    await terminal.answer(`${devices.radiator} 1: ${devices.module}`, enter);
    await terminal.answer(`${devices.radiator} 1: ${devices.name}`, `thermomètre salon${enter}`);
    await terminal.answer(
      devices.faults.twice,
      `${erase.repeat("thermomètre salon".length)}radiateur salon${enter}`,
    );
    await terminal.answer(`${devices.radiator} 1: ${devices.room}`, enter);
    await terminal.answer(`${devices.radiator} 1: ${devices.rated_w}`, `1500${enter}`);
    const { coolest_day_c, coolest_night_c, warmest_day_c, warmest_night_c, wake, sleep, assumedIntro } =
      texts;
    const comfort = [coolest_day_c, coolest_night_c, warmest_day_c, warmest_night_c, wake, sleep];
    for (const question of [...comfort, assumedIntro]) await terminal.answer(question, enter);
    expect(await terminal.end()).toBe(0);

    expect(readHomeFile(folder)?.answers).toMatchObject({
      rooms: ["salon", "chambre"],
      thermometers: [{ room: "salon", name: "thermomètre salon" }],
      radiators: [{ room: "salon", name: "radiateur salon", rated_w: 1500, closed: null, property: null }],
      subscribed_kva: 6,
    });
    expect(readFileSync(homeFiles(folder).valves, "utf8")).toContain("name: radiateur salon");
  });
});
