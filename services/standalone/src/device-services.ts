/** The service of real devices runs while a file names devices. */
import { HomeFileError, homeEnvironment } from "@azru/setup/home-file";
import type { Service } from "./supervise.ts";

interface DeviceServicesOptions {
  readonly dataFolder: string;
  /** File that the environment names; holds in the place of what set-up has written. */
  readonly valvesFile: string | undefined;
  /** @returns undefined where nothing is started any more */
  readonly startValves: () => Service | undefined;
}

/** @returns starts or ends it as the files ask for now: to be called at the start, and when set-up has been answered */
export function createDeviceServices(options: DeviceServicesOptions): () => void {
  const { dataFolder, valvesFile, startValves } = options;
  let valves: Service | undefined;
  return () => {
    const areNamed = valvesFile !== undefined || namesRadiators(dataFolder);
    if (areNamed) valves ??= startValves();
    else {
      void valves?.stop();
      valves = undefined;
    }
  };
}

/** A home file that cannot be used names none: the core refuses it, in words. */
function namesRadiators(dataFolder: string): boolean {
  try {
    return "AZRU_VALVES" in homeEnvironment(dataFolder);
  } catch (error) {
    if (error instanceof HomeFileError) return false;
    throw error;
  }
}
