/** zigbee2mqtt's own converters, installed from npm beside the repository: they ask for a newer Node than Azru. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const version = "26.112.0";

/** Where the converters are installed. */
export const cacheFolder = resolve(
  process.env.AZRU_ZIGBEE_ENV ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "azru", `zigbee-${version}`),
);

export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

const packageName = "zigbee-herdsman-converters";

export function isInstalled(): boolean {
  return existsSync(join(cacheFolder, "node_modules", packageName, "package.json"));
}

/** @throws EnvironmentError where npm cannot install them */
export function install(say: (line: string) => void): void {
  if (isInstalled()) return;
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(join(cacheFolder, "package.json"), JSON.stringify({ private: true }));
  say(`installing ${packageName} ${version} in ${cacheFolder}`);
  const { status, error } = spawnSync(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${packageName}@${version}`],
    { cwd: cacheFolder, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0)
    throw new EnvironmentError(
      `npm could not install ${packageName}@${version}: ${error?.message ?? `exit code ${status}`}`,
    );
}

/** Loads modules as the converters see them. */
export function requireInstalled(): NodeJS.Require {
  return createRequire(join(cacheFolder, "package.json"));
}
