/** What recurs each year, as a smooth function of the day. */
import { dayMs } from "@azru/time";
import type { MonthlyNormals } from "./normals.ts";

const tropicalYear_days = 365.2422;
const harmonics = 3;

/** The angle of the year, 0 at 1 January 2000, of a day since 1970. */
export function yearPhase(day: number): number {
  return (2 * Math.PI * (day - Date.UTC(2000, 0, 1) / dayMs)) / tropicalYear_days;
}

/**
 * The smooth annual cycle with given monthly means (months taken as twelfths of the year): the Fourier
 * series of the twelve, each harmonic raised by what a month's mean takes away from it.
 */
export function harmonicSeries(monthly: readonly number[]): (day: number) => number {
  const mean = monthly.reduce((sum, value) => sum + value, 0) / 12;
  const terms = Array.from({ length: harmonics }, (_, i) => {
    const k = i + 1;
    const halfMonth = (Math.PI * k) / 12;
    const gain = halfMonth / Math.sin(halfMonth) / 6;
    let cos = 0;
    let sin = 0;
    for (const [month, value] of monthly.entries()) {
      const middle = (2 * Math.PI * k * (month + 0.5)) / 12;
      cos += value * Math.cos(middle) * gain;
      sin += value * Math.sin(middle) * gain;
    }
    return { k, cos, sin };
  });
  return (day) => {
    const phase = yearPhase(day);
    return terms.reduce(
      (sum, { k, cos, sin }) => sum + cos * Math.cos(k * phase) + sin * Math.sin(k * phase),
      mean,
    );
  };
}

/**
 * The long-term mean temperature of the 24 h that begin at 06:00 on a date (a Tempo day), degrees C: midway
 * between the normals of minimum and maximum.
 *
 * @returns a function of the date, YYYY-MM-DD, that throws a RangeError when it is given none
 */
export function normalTemperature_c({
  min_c,
  max_c,
}: Pick<MonthlyNormals, "min_c" | "max_c">): (day: string) => number {
  const least_c = harmonicSeries(min_c);
  const most_c = harmonicSeries(max_c);
  return (day) => {
    const middle = Date.parse(`${day}T18:00Z`) / dayMs;
    if (Number.isNaN(middle))
      throw new RangeError(`day must be a date YYYY-MM-DD, got ${JSON.stringify(day)}`);
    return (least_c(middle) + most_c(middle)) / 2;
  };
}
