/** A real Home Assistant and a real Mosquitto, installed from package registries into a folder outside the repository. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export interface Environment {
  /** Of Home Assistant. */
  readonly version: string;
  /** Of Python. */
  readonly python: string;
  /** How it was made, for people. */
  readonly description: string;
  /**
   * Starts `hass` or `mosquitto`, which see `folder` as `inside`; their output comes on stdout and stderr.
   *
   * @param args given where the folder is as the program sees it
   */
  start(
    program: "hass" | "mosquitto",
    folder: string,
    args: (inside: string) => readonly string[],
  ): ChildProcess;
  /** Replaces each password of a file of `name:password` lines by its hash, as Mosquitto reads it. */
  hashPasswords(file: string): void;
}

/** Something is missing on this machine; the message says what to do. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

export const cacheFolder = resolve(
  process.env.AZRU_HOME_ASSISTANT_ENV ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "azru", "home-assistant"),
);

const certificates = "/etc/ssl/certs/ca-certificates.crt";
const pythonName = "python3.14";
/** Home Assistant installs the rest that it needs by itself, at its first start. */
const requirements = ["home-assistant-frontend", "paho-mqtt"];
const debianPackages = [pythonName, `${pythonName}-venv`, `${pythonName}-dev`];
const buildPackages = ["ca-certificates", "mosquitto", "gcc", "g++", "libffi-dev", "libjpeg62-turbo"];

/** @returns undefined where `prepare` has not run to its end */
export function installed(): Environment | undefined {
  const stamp = join(cacheFolder, "environment.json");
  if (!existsSync(stamp)) return undefined;
  const { kind } = JSON.parse(readFileSync(stamp, "utf8")) as { kind: Kind };
  return environmentOf(kind);
}

/**
 * Installs what is not installed yet.
 *
 * @param version of Home Assistant; the newest by default
 * @throws EnvironmentError where this machine has neither Python 3.14 with Mosquitto, nor root and debootstrap
 */
export function prepare(version: string | undefined, say: (line: string) => void): Environment {
  const kind = kindHere();
  mkdirSync(cacheFolder, { recursive: true });
  if (kind === "chroot") makeChroot(say);
  const inside = insideOf(kind);
  const venv = join(inside.root, inside.venv);
  if (!existsSync(join(venv, "bin"))) {
    say("creating a virtual environment");
    inside.run(pythonName, ["-m", "venv", inside.venv]);
  }
  const pip = (args: readonly string[]) =>
    inside.run(`${inside.venv}/bin/pip`, ["install", "--no-cache-dir", ...args]);
  if (!existsSync(join(venv, "bin", "hass")) || version !== undefined) {
    say(`installing homeassistant ${version ?? "(newest)"}: some minutes`);
    pip([version === undefined ? "homeassistant" : `homeassistant==${version}`]);
  }
  say("installing what its frontend and MQTT need");
  const constraints = `${inside.venv}/lib/${pythonName}/site-packages/homeassistant/package_constraints.txt`;
  pip(["-c", constraints, ...requirements]);
  writeFileSync(join(cacheFolder, "environment.json"), JSON.stringify({ kind }));
  return environmentOf(kind);
}

type Kind = "venv" | "chroot";

function kindHere(): Kind {
  const has = (program: string) => spawnSync(program, ["--version"]).error === undefined;
  if (has(pythonName) && hasMosquitto()) return "venv";
  if (process.getuid?.() === 0 && has("debootstrap") && has("unshare")) return "chroot";
  throw new EnvironmentError(
    `Home Assistant needs ${pythonName} and mosquitto on the path. Where your system has no ${pythonName}, run this as root with debootstrap installed (apt-get install debootstrap): it then makes a Debian sid below ${cacheFolder}.`,
  );
}

function hasMosquitto(): boolean {
  return spawnSync("mosquitto_passwd", ["-h"]).error === undefined;
}

function makeChroot(say: (line: string) => void): void {
  const root = join(cacheFolder, "chroot");
  if (existsSync(join(root, "usr/bin", pythonName))) return;
  say("debootstrap of Debian sid: a minute or two");
  const include = [...debianPackages, ...buildPackages].join(",");
  execFileSync("debootstrap", ["--variant=minbase", `--include=${include}`, "sid", root], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  copyFileSync("/etc/resolv.conf", join(root, "etc/resolv.conf"));
  if (existsSync(certificates)) copyFileSync(certificates, join(root, certificates));
}

/** Where programs run: on this machine, or with the chroot as root. */
function insideOf(kind: Kind) {
  const root = kind === "venv" ? "/" : join(cacheFolder, "chroot");
  const venv = kind === "venv" ? join(cacheFolder, "venv") : "/opt/ha";
  const env = {
    PATH: `${venv}/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin`,
    HOME: kind === "venv" ? homedir() : "/root",
    LANG: "C.UTF-8",
    // Home Assistant installs packages by uv, which has certificates of its own unless it is asked for these.
    ...(existsSync(certificates) && { SSL_CERT_FILE: certificates, UV_SYSTEM_CERTS: "1" }),
  };
  const command = (program: string, args: readonly string[]): [string, string[]] =>
    kind === "venv" ? [program, [...args]] : ["chroot", [root, program, ...args]];
  return {
    root,
    venv,
    env,
    run(program: string, args: readonly string[]): string {
      const [file, all] = command(program, args);
      return execFileSync(file, all, { env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    },
  };
}

/** Mounts end with the process: they are made in a mount namespace of its own. */
const chrootScript =
  'root=$1; folder=$2; shift 2; mount -t proc proc "$root/proc" && mount --bind "$folder" "$root/mnt" && exec chroot "$root" "$@"';

function environmentOf(kind: Kind): Environment {
  const { root, venv, env, run } = insideOf(kind);
  const version = run(`${venv}/bin/python`, ["-c", "import homeassistant.const as c; print(c.__version__)"]);
  const python = run(`${venv}/bin/python`, ["-c", "import platform; print(platform.python_version())"]);
  return {
    version: version.trim(),
    python: python.trim(),
    description: kind === "venv" ? `a virtual environment, ${venv}` : `a Debian sid, ${root}`,
    start(program, folder, args) {
      const options = { env, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
      if (kind === "venv") return spawn(program, [...args(folder)], options);
      const wrapped = [root, folder, program, ...args("/mnt")];
      return spawn(
        "unshare",
        ["--mount", "--fork", "--kill-child", "sh", "-c", chrootScript, "sh", ...wrapped],
        options,
      );
    },
    hashPasswords(file) {
      if (kind === "venv") return void execFileSync("mosquitto_passwd", ["-U", file]);
      const shared = join(root, "tmp", "azru-passwords");
      copyFileSync(file, shared);
      run("mosquitto_passwd", ["-U", "/tmp/azru-passwords"]);
      copyFileSync(shared, file);
    },
  };
}
