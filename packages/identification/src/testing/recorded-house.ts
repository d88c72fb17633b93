/** Histories of EnergyPlus houses for tests; see fixtures/README.md. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { History } from "../history.ts";
import type { CalibratableBuilding } from "../house.ts";

export interface RecordedHouse {
  readonly building: CalibratableBuilding;
  readonly history: History;
}

/** @param name `brick45`, `panels35` or `stone110` */
export function recordedHouse(name: string): RecordedHouse {
  const file = new URL(`./fixtures/${name}.json.gz`, import.meta.url);
  const { building, startMs, dtSeconds, ...columns } = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const column = (key: string) =>
    Float64Array.from(columns[key] as (number | null)[], (value) => value ?? Number.NaN);
  return {
    building,
    history: {
      startMs,
      dtSeconds,
      theta_air_c: column("theta_air_c"),
      valve: column("valve"),
      phi_HC_w: column("phi_HC_w"),
      theta_e_c: column("theta_e_c"),
      phi_sol_w: column("phi_sol_w"),
      solarGains: "windows",
    },
  };
}
