/**
 * Packs Azru as npm does, installs the tarball in an empty folder and uses it there: `pnpm test:package`. It needs the
 * npm registry, for the packages that Azru depends on.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommand, optionsOrExit } from "@azru/command-line";

optionsOrExit(
  createCommand("test:package", "Packs Azru as npm does, installs it in an empty folder and uses it there."),
);

const root = fileURLToPath(new URL("../../", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const folder = mkdtempSync(join(tmpdir(), "azru-package-"));
const work = join(folder, "work");
mkdirSync(work);

/** @returns exit code and output of a command that runs in the empty folder, where no variable of Azru is set */
function run(file: string, args: readonly string[], cwd = work, env: NodeJS.ProcessEnv = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AZRU_"));
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: "utf8",
    env: { ...Object.fromEntries(own), ...env },
  });
  return { status, stdout, stderr };
}

function passed(what: string): void {
  console.log(`ok  ${what}`);
}

try {
  assert.equal(run("npm", ["pack", "--pack-destination", folder], root).status, 0, "npm pack");
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  const npx = (...args: string[]) => run("npx", ["-y", `../${tarball}`, ...args]);
  assert.equal(npx("--version").stdout.trim(), version);
  passed(`npx ./${tarball} --version`);

  for (const command of ["simulate", "start", "setup", "calibrate", "doctor", "valves", "home-assistant"]) {
    const { status, stdout } = npx(command, "--help");
    assert.equal(status, 0, command);
    assert.match(stdout, new RegExp(`^Usage: azru ${command} `));
    passed(`${command} --help`);
  }

  const simulated = npx(
    "simulate",
    "--start",
    "2026-01-11",
    "--end",
    "2026-01-13",
    "--compare",
    "--out",
    "out",
  );
  assert.equal(simulated.status, 0, simulated.stderr);
  const table = simulated.stdout.split("\n").filter((line) => line.includes("│"));
  assert.ok(table.length >= 3 && table.every((line) => line.length <= 80), "the table fits 80 columns");
  assert.ok(existsSync(join(work, "out/report.html")) && existsSync(join(work, "out/runs.parquet")));
  passed("simulate, with report and tables");

  // The package brings the examples that help texts and documentation name.
  const examples = npx(
    ...["simulate", "--start", "2026-01-11", "--end", "2026-01-12", "--mode", "thermostat"],
    ...[
      "--weather",
      "scenario:examples/scenarios/cold-week.json",
      "--tariff",
      "file:examples/tariffs/weekend.json",
    ],
    ...["--building", "examples/buildings/heavy.json"],
  );
  assert.equal(examples.status, 0, examples.stderr);
  for (const command of ["valves", "home-assistant"]) {
    const [, example = ""] = /^ {2}cp (\S+)/m.exec(npx(command, "--help").stdout) ?? [];
    assert.ok(existsSync(example), `${command}: ${example}`);
  }
  passed("examples");

  const offline = npx(
    "simulate",
    "--start",
    "2026-01-11",
    "--end",
    "2026-01-12",
    "--weather",
    "epw:none.epw",
  );
  assert.equal(offline.status, 2, "a file that is not there is asked wrongly");
  assert.equal(npx("nothing").status, 2);
  passed("exit codes");

  assert.match(npx("completion", "bash").stdout, /complete -o default -F _azru_completion azru/);
  const line = "azru simulate --out o --";
  const asked = run("npx", ["-y", `../${tarball}`, "completion-server"], work, {
    SHELL: "bash",
    COMP_CWORD: "4",
    COMP_LINE: line,
    COMP_POINT: String(line.length),
  });
  assert.ok(asked.stdout.split("\n").includes("--tariff"), asked.stdout + asked.stderr);
  passed("completion");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
