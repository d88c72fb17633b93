/** A signal to engine.sh: the command beside the engine has its time, and nothing stays. Opt-in: it starts an engine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("engine.sh", import.meta.url));
const engine = join(homedir(), ".cache", "azru-compose", "engine-28");
const isHere = existsSync(engine) && process.getuid?.() === 0;
const test_ = test.skipIf(!process.env.AZRU_LONG_TESTS || !isHere);
const why = "with AZRU_LONG_TESTS, as root, where test:compose has made an engine";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-engine-test-"));
  mkdirSync(join(folder, "tmp"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts a command beside an engine; resolves when it has printed a line. */
async function beside(command: string): Promise<{ child: ChildProcess; lines: string[] }> {
  const child = spawn(script, [engine, join(folder, "data"), "bash", "-c", command], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: join(folder, "tmp") },
    detached: true,
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout! }).on("line", (line) => lines.push(line));
  await once(output, "line");
  return { child, lines };
}

/** Processes whose command line names this test's folder. */
function processes(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const file = `/proc/${pid}/cmdline`;
      const line = existsSync(file) ? readFileSync(file, "utf8").replaceAll("\0", " ") : "";
      return line.includes(folder) ? [line] : [];
    });
}

const leftovers = () => ({
  processes: processes(),
  files: readdirSync(join(folder, "tmp")),
  mounts: readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .filter((line) => line.includes(folder)),
});
const nothing = { processes: [], files: [], mounts: [] };

test_(`lets the command remove what it has made, and ends the engine after it (${why})`, async () => {
  const { child, lines } = await beside(
    'trap "docker network rm made; echo removed; exit 7" TERM; docker network create made; while :; do sleep 0.1; done',
  );
  expect(processes().some((line) => line.includes("dockerd"))).toBe(true);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([7, null]);
  expect(lines.slice(1)).toEqual(["made", "removed"]);
  expect(leftovers()).toEqual(nothing);
});

test_(`ends all at once at a second signal (${why})`, async () => {
  const { child } = await beside('trap "echo stays" TERM; echo up; while :; do sleep 0.1; done');
  child.kill("SIGINT");
  await once(child.stdout!, "data"); // the command has been asked
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([137, null]);
  expect(leftovers()).toEqual(nothing);
});
