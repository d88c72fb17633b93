/** Whether the weather of a history is that of its days. */

import { stepsADay } from "../day-ahead.ts";
import type { Drive } from "./drive.ts";
import type { FittedHouse } from "./fit-house.ts";
import { measuredSteps, rhythmWaves, simulatedErrors } from "./simulated-error.ts";

const mostRotations = 25;
const leastRotation_days = 2; // neighbouring days resemble each other
const leastShare = 0.2; // of the errors: what the sun of single days does, to be seen at all
const leastAperture = 0.5; // of the file's windows, where chance has matched a few other days better
const byChance = 2; // such rotations

/**
 * Whether a house shows the sun of these days: what sets each day's sun apart from the mean day's must explain the
 * house better than the same days in another order do.
 *
 * @param fitted to the drive
 * @returns true also where the windows are too small to decide it
 */
export function showsSunOfItsDays(drive: Drive, fitted: FittedHouse): boolean {
  const day = stepsADay(drive);
  const days = Math.floor(drive.heat.length / day);
  const waves = rhythmWaves(drive);
  const count = measuredSteps(drive);
  const errorsUnder = (phi_sol_w: Float64Array, aperture: number) => {
    const errors = new Float64Array(count);
    const past = { house: { ...fitted.house, aperture }, rhythm: fitted.rhythm, starts: fitted.starts };
    simulatedErrors({ ...drive, phi_sol_w }, waves, past, errors);
    return errors;
  };
  const own = ownSun(drive, day);
  const dark = errorsUnder(new Float64Array(own.length), 1);
  // The sun of the mean day stays in; only what sets days apart is to be explained.
  const meanDay = drive.phi_sol_w.map((sun, k) => (Number.isNaN(sun) ? 0 : sun) - own[k]);
  const unexplained = errorsUnder(meanDay, fitted.house.aperture);
  const match = (sun: Float64Array) => {
    const lit = errorsUnder(sun, 1);
    let [both, squares] = [0, 0];
    for (let k = 0; k < count; k++) {
      const response = dark[k] - lit[k];
      both += response * unexplained[k];
      squares += response ** 2;
    }
    return { explained: both / Math.sqrt(squares), aperture: both / squares, squares };
  };
  const actual = match(own);
  const total = unexplained.reduce((sum, error) => sum + error ** 2, 0);
  if (!(actual.squares > leastShare ** 2 * total)) return true;
  const rotations = Math.min(mostRotations, days - 2 * leastRotation_days);
  let better = 0;
  for (let i = 0; i < rotations; i++) {
    const shift = (leastRotation_days + i) * day;
    if (match(own.map((_, k) => own[(k + shift) % own.length])).explained > actual.explained) better++;
  }
  return better === 0 || (actual.aperture >= leastAperture && better <= byChance);
}

/** What sets the sun of each step apart from the mean at its time of day, W. */
function ownSun({ phi_sol_w }: Drive, day: number): Float64Array {
  const sums = new Float64Array(day);
  const counts = new Float64Array(day);
  for (const [k, sun] of phi_sol_w.entries()) {
    if (Number.isNaN(sun)) continue;
    sums[k % day] += sun;
    counts[k % day]++;
  }
  return phi_sol_w.map((sun, k) => (Number.isNaN(sun) ? 0 : sun - sums[k % day] / counts[k % day]));
}
