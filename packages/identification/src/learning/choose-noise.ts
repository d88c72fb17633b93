/** How a filter should weigh model and measurement in a home: as predicts its past best. */
import type { House } from "@azru/house";
import { errorsOf, originsIn, predictDays } from "./day-errors.ts";
import type { Drive } from "./drive.ts";
import type { HouseNoise } from "./filter-step.ts";

/** What is taken before a home has shown its own noise: people's W per floor area, a thermometer of 0.1 K. */
export function typicalNoise(floorArea_m2: number): HouseNoise {
  return {
    sensor_k: 0.1,
    process_k_sqrth: 0.03,
    gains_w: 2.5 * floorArea_m2,
    gainsLast_h: 12,
    habits_w: 1.5 * floorArea_m2,
  };
}

const gainsFactors = [0.3, 0.6, 1.2, 2.4];
const processes_k_sqrth = [0.01, 0.03, 0.1];
const leads_h = [1, 3, 6, 12, 24]; // that count alike

/** The noise of a grid around the typical one under which the days of a drive are predicted best. */
export function chooseNoise(house: House, drive: Drive, floorArea_m2: number, to: number): HouseNoise {
  const typical = typicalNoise(floorArea_m2);
  const origins = originsIn(drive, 0, to, 7);
  if (origins.length === 0) return typical;
  let best = { noise: typical, score: Number.POSITIVE_INFINITY };
  for (const factor of gainsFactors) {
    for (const process_k_sqrth of processes_k_sqrth) {
      const noise = { ...typical, gains_w: typical.gains_w * factor, process_k_sqrth };
      const { byLead_k } = errorsOf(drive, predictDays(house, noise, drive, origins));
      const score = leads_h.reduce(
        (sum, hours) => sum + Math.log(byLead_k[Math.round((hours * 3600) / drive.dtSeconds) - 1]),
        0,
      );
      if (score < best.score) best = { noise, score };
    }
  }
  return best.noise;
}
