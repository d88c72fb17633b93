import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromSource, runnable } from "@azru/runtime/testing";
import { usualAnswers } from "@azru/setup";
import { homeFiles, readHomeFile } from "@azru/setup/home-file";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function setup(...args: string[]) {
  return setupAs(runnable, ...args);
}

function setupAs(as: typeof runnable, ...args: string[]) {
  const { file, nodeOptions } = as(new URL("./main.ts", import.meta.url));
  return execa(process.execPath, [...nodeOptions, file, "--data", folder, ...args], {
    reject: false,
    stdin: "ignore",
  });
}

function answersFile(answers: object): string {
  const file = join(folder, "answers.json");
  writeFileSync(file, JSON.stringify(answers));
  return file;
}

test("writes the home that a file of answers describes, and names what it wrote", async () => {
  const answers = answersFile({ year: 1960, power_kw: 7 });
  const { stdout, exitCode } = await setupAs(fromSource, "--answers", answers);
  const { home, building } = homeFiles(folder);
  expect([exitCode, stdout.split("\n")]).toEqual([0, [building, home]]);
  expect(readHomeFile(folder)?.answers).toEqual({ ...usualAnswers, year: 1960, power_kw: 7 });
});

test("writes a first valves file with a pilot wire for each room, and no second over it", async () => {
  const answers = answersFile({ rooms: ["séjour", "chambre"], heater: "panel", power_kw: 3 });
  const valves = join(folder, "config", "valves.yaml");
  const first = await setup("--answers", answers, "--valves", valves, "--language", "fr");
  expect([first.exitCode, first.stdout.split("\n").at(-1)]).toEqual([0, valves]);
  expect(readFileSync(valves, "utf8")).toContain('- name: "radiateur chambre"\n        rated_w: 1500 #');
  const limited = join(folder, "config", "limited.yaml");
  await setup("--answers", answers, "--valves", limited, "--subscribed-kva", "9");
  expect(readFileSync(limited, "utf8")).toMatch(/^power: .*\n {2}subscribed_kva: 9\n {2}base_load_w: 1500$/m);
  const much = await setup("--answers", answers, "--subscribed-kva", "90");
  expect([much.exitCode, much.stderr]).toEqual([
    2,
    expect.stringMatching(/--subscribed-kva.*90.*from 1 to 36/),
  ]);
  const second = await setup("--answers", answers, "--valves", valves);
  expect([second.exitCode, second.stderr]).toEqual([
    2,
    expect.stringContaining("is there already: name another file, or move it away"),
  ]);
});

test("writes the valves file of radiators that the answers name, within the subscribed power", async () => {
  const file = answersFile({
    rooms: ["séjour"],
    thermometers: [{ room: "séjour", name: "thermomètre séjour" }],
    radiators: [{ room: "séjour", name: "radiateur séjour", rated_w: 1500 }],
  });
  const { exitCode, stdout } = await setup("--answers", file, "--subscribed-kva", "9");
  const { building, home, valves } = homeFiles(folder);
  expect([exitCode, stdout.split("\n")]).toEqual([0, [building, valves, home]]);
  expect(readFileSync(valves, "utf8")).toContain("subscribed_kva: 9");
  const draft = await setup("--answers", file, "--valves", join(folder, "valves.yaml"));
  expect([draft.exitCode, draft.stderr]).toEqual([2, expect.stringContaining(valves)]);
});

test("refuses a bad answer with its field, and asks nobody where there is no terminal", async () => {
  const bad = await setup("--answers", answersFile({ coolest_night_c: 25 }));
  expect(bad.exitCode).toBe(2);
  expect(bad.stderr).toContain("answers.coolest_night_c must not be above coolest_day_c");
  const silent = await setup();
  expect([silent.exitCode, silent.stderr]).toEqual([
    2,
    "pnpm run setup: there is no terminal to ask in: give the answers by --answers FILE",
  ]);
  expect(readHomeFile(folder)).toBeUndefined();
});
