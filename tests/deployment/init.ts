/** The deployment's secrets, laid out by the script that the init service runs. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathOf } from "./repository.ts";

/** Mosquitto's account tool, without which the script cannot run. */
export const hasMosquittoPasswd = spawnSync("mosquitto_passwd", ["-h"]).error === undefined;
export const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;
export const hasShellcheck = spawnSync("shellcheck", ["--version"]).error === undefined;

export interface Home {
  /** Where the services' volumes would be mounted. */
  readonly secrets: string;
  /** A copy of the repository's mosquitto folder. */
  readonly broker: string;
  /** Runs the script, again or for the first time; gives what it says. */
  init(env?: Readonly<Record<string, string>>): string;
  /** Runs make-certificates.sh. */
  makeCertificates(...names: string[]): string;
  remove(): void;
}

export function createHome(localAcl = ""): Home {
  const folder = mkdtempSync(join(tmpdir(), "azru-home-"));
  const secrets = join(folder, "secrets");
  const broker = join(folder, "mosquitto");
  cpSync(pathOf("mosquitto"), broker, { recursive: true });
  for (const own of ["certificates", "acl.local"])
    rmSync(join(broker, own), { recursive: true, force: true });
  if (localAcl) writeFileSync(join(broker, "acl.local"), localAcl);
  return {
    secrets,
    broker,
    init: (env = {}) =>
      execFileSync("sh", [pathOf("services/init/secrets.sh")], {
        env: { PATH: process.env.PATH, AZRU_SECRETS: secrets, AZRU_BROKER: broker, ...env },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    makeCertificates: (...names) =>
      execFileSync("sh", [join(broker, "make-certificates.sh"), ...names], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
