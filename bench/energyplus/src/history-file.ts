/** A home's history as `pnpm calibrate --from csv:FILE` reads it. */
import { stringify } from "csv-stringify/sync";
import type { HomeHistory } from "./home-controller.ts";

const header = [
  "time_utc",
  "air_temperature_c",
  "valve_percent",
  "heating_electric_w",
  "outdoor_temperature_c",
];

export function historyCsv(history: HomeHistory): string {
  const { startMs, dtSeconds, theta_air_c, valve, power_w, theta_e_c } = history;
  const rows = Array.from(theta_air_c, (air_c, k) => [
    new Date(startMs + k * dtSeconds * 1000).toISOString().replace(".000", ""),
    air_c.toFixed(2),
    (100 * valve[k]).toFixed(1),
    power_w[k].toFixed(1),
    theta_e_c[k].toFixed(2),
  ]);
  return stringify([header, ...rows]);
}
