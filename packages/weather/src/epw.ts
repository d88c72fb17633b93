/**
 * EnergyPlus weather files (EPW): eight header lines and one row an hour of a year.
 *
 * Row `h` of a day (1 to 24, local standard time) ends at `h` o'clock: its radiations are the energy of the
 * preceding hour (Wh/m2, so W/m2), its temperature is read at its end. Hence, in a `WeatherSeries`, the
 * interval that begins at `h - 1` o'clock has row `h`'s radiation and cloud and row `h - 1`'s temperature.
 *
 * @see EnergyPlus "Auxiliary Programs", "EnergyPlus Weather File (EPW) Data Dictionary"
 */
import { dayMs, hourMs } from "@azru/time";
import { CsvError, parse } from "csv-parse/sync";
import {
  allocateWeather,
  hoursCovering,
  type Location,
  validateSeries,
  type WeatherArrays,
  type WeatherSeries,
  type WeatherSource,
} from "./series.ts";
import { sunOver } from "./sun.ts";

const longestGap_h = 2;
/** Below this it is too dark to distinguish clouds from dusk. */
const leastDiffuse_w_m2 = 10;

/** A year of weather in local standard time; element `i` of each array is the file's row `i`. */
export interface EpwFile extends WeatherArrays {
  readonly location: Location;
  readonly utcOffset_h: number; // of the file's local standard time
  /** 8760 hours, or 8784 where the file has a 29 February. */
  readonly hours: number;
  /** The year of all its rows; absent where they are of several, as in typical years. */
  readonly year?: number;
}

/** What is wrong with an EPW file, and on which line. */
export class EpwError extends Error {
  override readonly name = "EpwError";
  readonly line: number; // from 1

  constructor(line: number, problem: string) {
    super(`EPW line ${line}: ${problem}`);
    this.line = line;
  }
}

const headers = [
  "LOCATION",
  "DESIGN CONDITIONS",
  "TYPICAL/EXTREME PERIODS",
  "GROUND TEMPERATURES",
  "HOLIDAYS/DAYLIGHT SAVING", // SAVINGS in most files, SAVING in those of PVGIS
  "COMMENTS 1",
  "COMMENTS 2",
  "DATA PERIODS",
];

/** A column that we read: where it is, what stands for "missing" (that or more), what is plausible. */
interface Column {
  readonly label: string;
  readonly index: number;
  readonly missing: number;
  readonly low: number;
  readonly high: number;
  readonly scale: number;
  /** What an instrument at rest may show below `low`, taken for `low`. */
  readonly offset: number;
}

/** Codes such as -999 or -9999 stand for "missing" in some files. */
const missingBelow = -900;

/** At night a model or an instrument rounds radiation to a little below 0. */
const radiation = { missing: 9999, low: 0, high: 1500, scale: 1, offset: 0.5 };

const columns = {
  dryBulbTemperature_c: {
    label: "dry bulb",
    index: 6,
    missing: 99.9,
    low: -90,
    high: 60,
    scale: 1,
    offset: 0,
  },
  directNormalIrradiance_w_m2: { label: "direct normal radiation", index: 14, ...radiation },
  diffuseHorizontalIrradiance_w_m2: { label: "diffuse horizontal radiation", index: 15, ...radiation },
  cloudCover: { label: "total sky cover", index: 22, missing: 99, low: 0, high: 10, scale: 0.1, offset: 0 },
} as const satisfies Record<keyof WeatherArrays, Column>;

const fieldsNeeded = 23;

/**
 * Reads the text of an EPW file. Missing values (99.9, 9999, 99) are interpolated over at most two hours
 * in a row; the year is taken as a ring. Sky cover that is missing for longer (some files have none) is
 * estimated as the diffuse share of global radiation, and interpolated through the nights. Columns other than dry bulb, direct normal, diffuse horizontal
 * and total sky cover are not looked at, nor are years: a typical year is put together from several.
 *
 * @throws EpwError naming the line, the field and the value: a header that is not there, a row that is not
 *   the next hour of the year, too few fields, something that is not a number or not plausible, a longer
 *   gap, a file that ends early
 */
export function parseEpw(text: string): EpwFile {
  const { header, body } = splitHeader(text);
  const { location, utcOffset_h } = parseLocation(header[0]);
  const rows = hourly(parseRows(body), recordsPerHour(header[7]));
  const hours = checkCalendar(rows);
  const arrays = allocateWeather(hours);
  for (const field of Object.keys(columns) as (keyof WeatherArrays)[]) {
    readColumn(rows, columns[field], arrays[field]);
    const gap = longestGap(arrays[field]);
    if (gap.length > longestGap_h) {
      if (field !== "cloudCover") {
        const { label, index } = columns[field];
        const { line, fields } = rows[gap.first];
        throw new EpwError(
          line,
          `${label} is missing (${fields[index]}) for ${gap.length} h; at most ${longestGap_h} h are interpolated`,
        );
      }
      estimateCover(arrays, location, Date.UTC(hours === 8784 ? 2000 : 2001, 0, 1) - utcOffset_h * hourMs);
    }
    interpolate(arrays[field]);
  }
  const years = new Set(rows.map(({ fields }) => fields[0]));
  const year = years.size === 1 ? toNumber(rows[0].fields[0]) : Number.NaN;
  return { location, utcOffset_h, hours, ...(year > 1900 && { year }), ...arrays };
}

/** "DATA PERIODS, number of periods, records per hour, ...". */
function recordsPerHour(line: string): number {
  const field = line.split(",")[2];
  const records = toNumber(field?.trim());
  if (!(Number.isInteger(records) && records >= 1 && records <= 60 && 60 % records === 0))
    throw new EpwError(headers.length, `records per hour must divide 60, got ${quoted(field)}`);
  return records;
}

/**
 * Rows of whole hours out of several an hour: radiation and sky cover are their means, the temperature is that of the
 * hour's end; where one of them is missing, the hour's is.
 */
function hourly(rows: readonly Row[], perHour: number): Row[] {
  if (perHour === 1) return [...rows];
  if (rows.length % perHour !== 0)
    throw new EpwError(rows.at(-1)!.line, `the file ends within an hour of ${perHour} records`);
  return Array.from({ length: rows.length / perHour }, (_, hour) => {
    const parts = rows.slice(hour * perHour, (hour + 1) * perHour);
    const last = parts.at(-1)!;
    const odd = parts.find(({ fields }) => fields[3] !== last.fields[3] || fields[2] !== last.fields[2]);
    if (odd) throw new EpwError(odd.line, `expected ${perHour} records of hour ${last.fields[3]}`);
    const fields = [...last.fields];
    for (const { index, missing, label } of [
      columns.directNormalIrradiance_w_m2,
      columns.diffuseHorizontalIrradiance_w_m2,
      columns.cloudCover,
    ]) {
      const values = parts.map((part) => numberIn(part, label, index));
      const isMissing = values.some((value) => value >= missing || value <= missingBelow);
      fields[index] = String(isMissing ? missing : values.reduce((a, b) => a + b, 0) / perHour);
    }
    return { line: last.line, fields };
  });
}

function splitHeader(text: string): { header: string[]; body: string } {
  const header: string[] = [];
  // A byte order mark, also as it looks in Latin-1.
  let from = /^(\uFEFF|\u00EF\u00BB\u00BF)/.exec(text)?.[0].length ?? 0;
  for (const [i, keyword] of headers.entries()) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? undefined : end).trimEnd();
    if (!line.toUpperCase().startsWith(keyword)) {
      throw new EpwError(i + 1, `expected header ${keyword}, got ${quoted(line)}`);
    }
    header.push(line);
    from = end < 0 ? text.length : end + 1;
  }
  return { header, body: text.slice(from) };
}

function parseLocation(line: string): { location: Location; utcOffset_h: number } {
  const fields = headerFields(line);
  const [, city, , country] = fields;
  const number = (label: string, index: number, limit: number) => {
    const value = toNumber(fields[index]);
    if (!(Math.abs(value) <= limit)) {
      throw new EpwError(1, `${label} must be within -${limit}..${limit}, got ${quoted(fields[index])}`);
    }
    return value;
  };
  return {
    location: {
      name: [city, country].filter((part) => part && part !== "-").join(", ") || "unnamed place",
      latitude_deg: number("latitude", 6, 90),
      longitude_deg: number("longitude", 7, 180),
    },
    utcOffset_h: number("time zone", 8, 14),
  };
}

/** The fields of a header line; a city may be quoted and have commas in it. */
function headerFields(line: string): string[] {
  try {
    const [fields] = parse(line, { trim: true, relax_column_count: true, relax_quotes: true });
    return fields ?? [];
  } catch (error) {
    if (error instanceof CsvError) return line.split(",").map((field) => field.trim());
    throw error;
  }
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

function parseRows(body: string): Row[] {
  const records = parse(body, {
    quote: null,
    escape: null,
    trim: true,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n"],
  });
  while (records.at(-1)?.join("") === "") records.pop();
  return records.map((fields, i) => {
    const line = headers.length + 1 + i; // without quotes a record is a line
    if (fields.length < fieldsNeeded) {
      throw new EpwError(line, `needs at least ${fieldsNeeded} fields, got ${fields.length}`);
    }
    return { line, fields };
  });
}

/** Checks that rows are the hours of a year, in order, and returns how many. */
function checkCalendar(rows: readonly Row[]): number {
  const leap = rows.length > 59 * 24 && toNumber(rows[59 * 24].fields[2]) === 29;
  const hours = leap ? 8784 : 8760;
  const begin = Date.UTC(leap ? 2000 : 2001, 0, 1);
  for (const [i, { line, fields }] of rows.entries()) {
    if (i === hours) throw new EpwError(line, `expected the file to end after ${hours} hours`);
    const [, month, day, hour] = fields;
    const expected = new Date(begin + i * hourMs);
    const matches =
      toNumber(month) === expected.getUTCMonth() + 1 &&
      toNumber(day) === expected.getUTCDate() &&
      toNumber(hour) === expected.getUTCHours() + 1;
    if (!matches) {
      throw new EpwError(
        line,
        `expected month ${expected.getUTCMonth() + 1}, day ${expected.getUTCDate()}, hour ${expected.getUTCHours() + 1}, got ${quoted(`${month},${day},${hour}`)}`,
      );
    }
  }
  if (rows.length < hours) {
    const line = rows.at(-1)?.line ?? headers.length;
    throw new EpwError(line, `the file ends after ${rows.length} of ${hours} hours`);
  }
  return hours;
}

function readColumn(rows: readonly Row[], column: Column, values: Float64Array): void {
  const { label, index, missing, low, high, scale, offset } = column;
  for (const [i, row] of rows.entries()) {
    const value = numberIn(row, label, index);
    if (value >= missing || value <= missingBelow) {
      values[i] = Number.NaN;
      continue;
    }
    if (!(value >= low - offset && value <= high)) {
      throw new EpwError(row.line, `${label} must be within ${low}..${high}, got ${value}`);
    }
    values[i] = Math.max(low, value) * scale;
  }
}

function numberIn({ line, fields }: Row, label: string, index: number): number {
  const value = toNumber(fields[index]);
  if (Number.isNaN(value))
    throw new EpwError(line, `${label} must be a number, got ${quoted(fields[index])}`);
  return value;
}

/** The longest run of NaN, the year being a ring. */
function longestGap(values: Float64Array): { first: number; length: number } {
  const n = values.length;
  let longest = { first: 0, length: 0 };
  let length = 0;
  for (let i = 0; i < 2 * n && length < n; i++) {
    length = Number.isNaN(values[i % n]) ? length + 1 : 0;
    if (length > longest.length) longest = { first: (i - length + 1) % n, length };
  }
  return longest;
}

/** Replaces NaN by straight lines between the numbers around, over the ring; needs one number. */
function interpolate(values: Float64Array): void {
  const n = values.length;
  const given = values.findIndex((value) => !Number.isNaN(value));
  for (let from = given; from < given + n; ) {
    let to = from + 1;
    while (Number.isNaN(values[to % n])) to++;
    const before = values[from % n];
    const after = values[to % n];
    for (let i = from + 1; i < to; i++)
      values[i % n] = before + ((after - before) * (i - from)) / (to - from);
    from = to;
  }
}

/** Puts the diffuse share of global radiation where the sky cover is missing by day. */
function estimateCover(arrays: WeatherArrays, location: Location, startMs: number): void {
  const {
    directNormalIrradiance_w_m2: direct,
    diffuseHorizontalIrradiance_w_m2: diffuse,
    cloudCover,
  } = arrays;
  for (let i = 0; i < cloudCover.length; i++) {
    if (!Number.isNaN(cloudCover[i]) || diffuse[i] < leastDiffuse_w_m2) continue;
    const beam_w_m2 = direct[i] * sunOver(location, startMs + i * hourMs, 3600).sinElevation;
    cloudCover[i] = diffuse[i] / (diffuse[i] + beam_w_m2);
  }
  if (cloudCover.every(Number.isNaN)) cloudCover.fill(1); // a polar night: no light shows clouds
}

function toNumber(field: string | undefined): number {
  return field === undefined || field === "" ? Number.NaN : Number(field);
}

function quoted(value: string | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value.slice(0, 60));
}

/**
 * An EPW year as the weather of any year: each instant takes the file's hour of the same month, day and
 * hour in the file's local standard time. 29 February repeats the 28th where the file has none, and is
 * left out of other years where it has; the last hour of December leads to the first of January.
 */
export function epwSource(epw: EpwFile): WeatherSource {
  const name = `EPW ${epw.location.name}`;
  return {
    name,
    async series(startMs, endMs) {
      const grid = hoursCovering(startMs, endMs, epw.utcOffset_h);
      const arrays = allocateWeather(grid.count);
      for (let i = 0; i < grid.count; i++) {
        const beginMs = grid.startMs + i * hourMs + epw.utcOffset_h * hourMs; // on the local clock
        const row = rowOf(epw, beginMs);
        arrays.dryBulbTemperature_c[i] = epw.dryBulbTemperature_c[rowOf(epw, beginMs - hourMs)];
        arrays.directNormalIrradiance_w_m2[i] = epw.directNormalIrradiance_w_m2[row];
        arrays.diffuseHorizontalIrradiance_w_m2[i] = epw.diffuseHorizontalIrradiance_w_m2[row];
        arrays.cloudCover[i] = epw.cloudCover[row];
      }
      const series: WeatherSeries = {
        source: name + laidOn(epw, startMs, endMs),
        location: epw.location,
        startMs: grid.startMs,
        dtSeconds: 3600,
        ...arrays,
      };
      return validateSeries(series);
    },
  };
}

/** Says where the weather of one real year stands for another. */
function laidOn({ year, utcOffset_h }: EpwFile, startMs: number, endMs: number): string {
  if (year === undefined) return "";
  const yearOf = (timeMs: number) => new Date(timeMs + utcOffset_h * hourMs).getUTCFullYear();
  const [first, last] = [yearOf(startMs), yearOf(endMs)];
  if (first === year && last === year) return "";
  return `, the weather of ${year} laid on ${first === last ? first : `${first}-${last}`}`;
}

/** The row whose hour begins at an instant of the local clock (given as if it were UTC). */
function rowOf(epw: EpwFile, localMs: number): number {
  const local = new Date(localMs);
  const month = local.getUTCMonth();
  const leapFile = epw.hours === 8784;
  const day = !leapFile && month === 1 ? Math.min(local.getUTCDate(), 28) : local.getUTCDate();
  const year = leapFile ? 2000 : 2001;
  const dayOfYear = (Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / dayMs;
  return dayOfYear * 24 + local.getUTCHours();
}
