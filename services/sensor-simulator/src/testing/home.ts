/** The prototype's home, the reference year, and a log that is kept. */
import { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "@azru/physics";
import type { Building } from "@azru/simulation";

export const building: Building = {
  name: "prototype",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: prototypeHome,
  windows: prototypeWindows,
  internalGains_w: 120,
  heating: { emission: "floorHeating", supply: "heatPumpAir", maxPower_w: prototypeHeatingPower_w },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};

export interface Line {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Keeps what is logged. */
export function keptLog() {
  const lines: Line[] = [];
  const keep = (level: Line["level"]) => (details: object, message: string) => {
    lines.push({ level, details: details as Line["details"], message });
  };
  return {
    lines,
    messages: () => lines.map(({ message }) => message),
    log: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") },
  };
}
