/** Public holidays of metropolitan France, Code du travail L3133-1 (as it stands since 1982). */
import { addDays, dayNumber } from "./day.ts";

/**
 * Easter Sunday of the Gregorian calendar, YYYY-MM-DD.
 *
 * @see Meeus, Astronomical Algorithms, chapter 8 (the algorithm of Butcher, 1876); valid for every year
 */
export function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return date(year, Math.floor(n / 31), (n % 31) + 1);
}

function date(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/**
 * The eleven public holidays of a year, YYYY-MM-DD, in no particular order.
 *
 * @throws RangeError unless `year` is a whole number within 0 to 9999
 */
export function publicHolidays(year: number): string[] {
  if (!(Number.isInteger(year) && year >= 0 && year <= 9999)) {
    throw new RangeError(`year must be a whole number within 0..9999, got ${year}`);
  }
  const easter = easterSunday(year);
  return [
    date(year, 1, 1),
    addDays(easter, 1), // Easter Monday
    date(year, 5, 1),
    date(year, 5, 8),
    addDays(easter, 39), // Ascension
    addDays(easter, 50), // Whit Monday
    date(year, 7, 14),
    date(year, 8, 15),
    date(year, 11, 1),
    date(year, 11, 11),
    date(year, 12, 25),
  ];
}

const holidaysOfYears = new Map<number, ReadonlySet<string>>();

/**
 * Whether a day is a public holiday.
 *
 * @throws RangeError unless `day` is a real date YYYY-MM-DD
 */
export function isPublicHoliday(day: string): boolean {
  dayNumber(day);
  const year = Number(day.slice(0, 4));
  let holidays = holidaysOfYears.get(year);
  if (holidays === undefined) {
    holidays = new Set(publicHolidays(year));
    holidaysOfYears.set(year, holidays);
  }
  return holidays.has(day);
}
