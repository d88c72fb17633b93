import { UsageError } from "@azru/command-line";
import type { Measurements, Samples } from "@azru/history";
import { parseHomeTime } from "@azru/runtime";
import { readText } from "@azru/text-file";
import { CsvError, parse } from "csv-parse/sync";

type Row = Readonly<Record<string, string | undefined>>;

/** What stands for "no value": empty, or a word of Home Assistant, of spreadsheets and of data frames. */
const absent = new Set(["", "unavailable", "unknown", "none", "null", "nan", "na", "n/a", "-"]);

/** Columns that another name stands for in the file. */
export type ColumnNames = Readonly<Record<string, string>>;

/**
 * Reads measurements from a CSV file such as `pnpm simulate --out` writes; `pnpm calibrate --help` names the
 * columns. Separators are commas, semicolons or tabs, decimals points or commas; cells may be empty or say
 * "unavailable". Times are ISO 8601 or DD/MM/YYYY HH:MM, UTC unless they carry an offset, or Unix seconds or milliseconds. A file with the
 * columns `entity_id`, `state` and `last_changed` is one of Home Assistant's history; `names` says which entity is which.
 *
 * @param names of columns or entities in the file, by our name for them
 * @throws UsageError in one line naming the file, and the line and column that make no sense
 */
export async function readCsv(file: string, names: ColumnNames = {}): Promise<Measurements> {
  const rows = renamed(wide(parseRows(await textOf(file), file), file, names), file, names);
  const columns = Object.keys(rows[0] ?? {});
  for (const column of ["time_utc", "air_temperature_c"]) {
    if (!columns.includes(column)) throw new UsageError(`${file} has no column ${column}`);
  }
  const timesMs = rows.map((row) => timeOf(row, file));
  for (let i = 1; i < timesMs.length; i++) {
    if (!(timesMs[i] > timesMs[i - 1]))
      throw new UsageError(
        `${file} ${rows[i].where}: time_utc ${rows[i].time_utc} is not after the line before`,
      );
  }
  const samples = (column: string): Samples => {
    const known = rows.flatMap((row, i) => (absent.has((row[column] ?? "").toLowerCase()) ? [] : [i]));
    return {
      timesMs: known.map((i) => timesMs[i]),
      values: known.map((i) => numberOf(rows[i], column, file)),
    };
  };
  const measured: Measurements = {
    source: file,
    air_c: samples("air_temperature_c"),
    ...(columns.includes("valve_percent") && { valve_percent: samples("valve_percent") }),
    ...(columns.includes("heating_electric_w") && { electric_w: samples("heating_electric_w") }),
    ...(columns.includes("outdoor_temperature_c") && { outdoor_c: samples("outdoor_temperature_c") }),
    ...(columns.includes("solar_gains_w") && { solar_w: samples("solar_gains_w") }),
  };
  checkUnits(measured);
  return measured;
}

/** Medians beyond these are of another unit, or another column: degrees C of a heated home, and outdoors. */
const plausible_c = { air: [0, 40], outdoor: [-40, 40] } as const;

/**
 * Finds a column in another unit before anything is learnt from it.
 *
 * @throws UsageError naming the column
 */
function checkUnits({ source, air_c, outdoor_c, valve_percent }: Measurements): void {
  for (const [column, samples, [low, high]] of [
    ["air_temperature_c", air_c, plausible_c.air],
    ["outdoor_temperature_c", outdoor_c, plausible_c.outdoor],
  ] as const) {
    const usual = medianOf(samples?.values ?? []);
    if (usual < low || usual > high)
      throw new UsageError(
        `${source}: half of ${column} is beyond ${usual.toFixed(1)}; it must be degrees C, not Fahrenheit or kelvin`,
      );
  }
  const widest = (valve_percent?.values ?? []).reduce((most, value) => Math.max(most, value), 0);
  if (widest > 0 && widest <= 1)
    throw new UsageError(`${source}: valve_percent is ${widest} at most; it must be percent, from 0 to 100`);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new UsageError(`--from csv:${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parseRows(text: string, file: string): Row[] {
  try {
    const delimiter = [";", "\t"].find((each) => (text.split(/\r?\n/, 1)[0] ?? "").includes(each)) ?? ",";
    const rows = parse<{ record: Record<string, string>; info: { lines: number } }>(text, {
      ...{ columns: true, bom: true, trim: true, skip_empty_lines: true, delimiter, info: true },
    });
    return rows.map(({ record, info }) => ({ ...record, where: `line ${info.lines}` }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${file} is not CSV: ${error.message}`);
  }
}

/** Home Assistant's history, a line for each change of an entity, as a table with a column for each of ours. */
function wide(rows: readonly Row[], file: string, names: ColumnNames): Row[] {
  const columns = Object.keys(rows[0] ?? {});
  if (!columns.includes("entity_id") || !columns.includes("state") || !columns.includes("last_changed"))
    return [...rows];
  const entities = [...new Set(rows.map(({ entity_id }) => entity_id ?? ""))];
  const columnOf = new Map(Object.entries(names).map(([column, entity]) => [entity, column]));
  if (!columnOf.size)
    throw new UsageError(
      `${file} is Home Assistant's history of ${entities.join(", ")}: say which is which, as in --columns air_temperature_c=${entities[0]}`,
    );
  const table = rows
    .filter(({ entity_id }) => columnOf.has(entity_id ?? ""))
    .map(({ entity_id, state, last_changed, where }) => ({
      where,
      time_utc: last_changed,
      [columnOf.get(entity_id ?? "")!]: state,
    }));
  const empty = Object.fromEntries(Object.keys(names).map((column) => [column, ""]));
  const byTime = new Map<number, Row>();
  for (const row of table) {
    const timeMs = timeOf(row, file);
    byTime.set(timeMs, { ...(byTime.get(timeMs) ?? empty), ...row });
  }
  return [...byTime].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** Our names for the columns that have others in the file. */
function renamed(rows: readonly Row[], file: string, names: ColumnNames): Row[] {
  const columns = Object.keys(rows[0] ?? {});
  for (const [ours, theirs] of Object.entries(names)) {
    if (!columns.includes(theirs) && !columns.includes(ours))
      throw new UsageError(
        `${file} has no column ${theirs} (--columns); it has ${columns.filter((each) => each !== "where").join(", ")}`,
      );
  }
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      Object.entries(names).flatMap(([ours, theirs]) => (theirs in row ? [[ours, row[theirs]]] : [])),
    ),
  }));
}

function timeOf(row: Row, file: string): number {
  const text = row.time_utc ?? "";
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return Number(text) > 1e11 ? Number(text) : Number(text) * 1000;
  const iso = text.replace(/^(\d\d)\/(\d\d)\/(\d{4})/, "$3-$2-$1").replace(/^(\d{4}-\d\d-\d\d) +/, "$1T");
  try {
    return parseHomeTime(/(Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${file} ${row.where}: time_utc must be ISO 8601 or DD/MM/YYYY HH:MM, got "${text}"`,
    );
  }
}

function numberOf(row: Row, column: string, file: string): number {
  const value = Number((row[column] ?? "").replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  if (!Number.isFinite(value))
    throw new UsageError(`${file} ${row.where}: ${column} must be a number, got "${row[column]}"`);
  return value;
}
