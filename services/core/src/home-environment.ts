/** Which settings of the core the answers of set-up stand for. */
import { takeHomeFile } from "@azru/setup/home-file";

const always = ["AZRU_BUILDING", "AZRU_ROOM", "AZRU_TARIFF"];

/**
 * Adds to the environment what the home file says, where it does not say otherwise. The twin of a simulated home is one
 * room without devices. A rooms file of set-up belongs to its valves file: with another one, nobody knows its rooms' power.
 *
 * @returns the variables that are set already, and hold instead of the file
 */
export function takeHome(environment: NodeJS.ProcessEnv): string[] {
  const devices = environment.AZRU_TIME === "simulated" ? [] : ["AZRU_VALVES"];
  const rooms = devices.length === 0 || environment.AZRU_VALVES ? [] : ["AZRU_ROOMS"];
  return takeHomeFile("core", [...always, ...devices, ...rooms], environment);
}
