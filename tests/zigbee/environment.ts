/** zigbee2mqtt and its own converters, installed from npm beside the repository: they ask for a newer Node than Azru. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Of the converters alone. */
export const version = "26.112.0";
/** Of zigbee2mqtt as a program, which brings converters of its own choice. */
export const bridgeVersion = "2.14.1";
/** For zigbee2mqtt, where the tests run on an older Node than it accepts. */
const nodeVersion = "24.9.0";
const oldestNode = 22;

const caches = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "azru");

/** Where the converters are installed. */
export const cacheFolder = resolve(process.env.AZRU_ZIGBEE_ENV ?? join(caches, `zigbee-${version}`));
/** Where zigbee2mqtt is installed. */
export const bridgeFolder = resolve(
  process.env.AZRU_ZIGBEE2MQTT_ENV ?? join(caches, `zigbee2mqtt-${bridgeVersion}`),
);

export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

const packageName = "zigbee-herdsman-converters";

const has = (folder: string, name: string) => existsSync(join(folder, "node_modules", name, "package.json"));

export const isInstalled = () => has(cacheFolder, packageName);
export const isBridgeInstalled = () => has(bridgeFolder, "zigbee2mqtt") && existsSync(bridgeNode());

/** @throws EnvironmentError where npm cannot install them */
export function install(say: (line: string) => void): void {
  if (!isInstalled()) installInto(cacheFolder, [`${packageName}@${version}`], say);
  if (isBridgeInstalled()) return;
  const node = runsBridge() ? [] : [`${nodePackage}@${nodeVersion}`];
  installInto(bridgeFolder, [`zigbee2mqtt@${bridgeVersion}`, ...node], say);
}

function installInto(folder: string, packages: readonly string[], say: (line: string) => void): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  say(`installing ${packages.join(" and ")} in ${folder}`);
  const { status, error } = spawnSync(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...packages],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0)
    throw new EnvironmentError(
      `npm could not install ${packages.join(" and ")}: ${error?.message ?? `exit code ${status}`}`,
    );
}

const nodePackage = `node-${process.platform}-${process.arch}`;
const runsBridge = () => Number.parseInt(process.versions.node, 10) >= oldestNode;

/** The Node that zigbee2mqtt runs on. */
export function bridgeNode(): string {
  return runsBridge() ? process.execPath : join(bridgeFolder, "node_modules", nodePackage, "bin", "node");
}

/** Loads modules as the converters see them. */
export function requireInstalled(): NodeJS.Require {
  return createRequire(join(cacheFolder, "package.json"));
}

/** Loads modules as zigbee2mqtt sees them; herdsman writes no log for them. */
export function requireOfBridge(): NodeJS.Require {
  const require = createRequire(join(bridgeFolder, "node_modules", "zigbee2mqtt", "package.json"));
  require("zigbee-herdsman").setLogger({ debug() {}, info() {}, warning() {}, error() {} });
  return require;
}
