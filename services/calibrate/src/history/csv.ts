import { readFile } from "node:fs/promises";
import { UsageError } from "@azru/command-line";
import type { Measurements, Samples } from "@azru/history";
import { parseHomeTime } from "@azru/runtime";
import { CsvError, parse } from "csv-parse/sync";

type Row = Readonly<Record<string, string | undefined>>;

/**
 * Reads measurements from a CSV file such as `pnpm simulate --out` writes; `pnpm calibrate --help` tells the
 * columns. Cells may be empty.
 *
 * @throws UsageError in one line naming the file, and the line and column that make no sense
 */
export async function readCsv(file: string): Promise<Measurements> {
  const rows = parseRows(await textOf(file), file);
  const columns = Object.keys(rows[0] ?? {});
  for (const column of ["time_utc", "air_temperature_c"]) {
    if (!columns.includes(column)) throw new UsageError(`${file} has no column ${column}`);
  }
  const timesMs = rows.map((row, i) => timeOf(row, i, file));
  for (let i = 1; i < timesMs.length; i++) {
    if (!(timesMs[i] > timesMs[i - 1]))
      throw new UsageError(
        `${file} line ${i + 2}: time_utc ${rows[i].time_utc} is not after the line before`,
      );
  }
  const samples = (column: string): Samples => {
    const known = rows.flatMap((row, i) => ((row[column] ?? "") === "" ? [] : [i]));
    return {
      timesMs: known.map((i) => timesMs[i]),
      values: known.map((i) => numberOf(rows[i], column, i, file)),
    };
  };
  return {
    source: file,
    air_c: samples("air_temperature_c"),
    ...(columns.includes("valve_percent") && { valve_percent: samples("valve_percent") }),
    ...(columns.includes("heating_electric_w") && { electric_w: samples("heating_electric_w") }),
    ...(columns.includes("outdoor_temperature_c") && { outdoor_c: samples("outdoor_temperature_c") }),
    ...(columns.includes("solar_gains_w") && { solar_w: samples("solar_gains_w") }),
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`--from csv:${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parseRows(text: string, file: string): Row[] {
  try {
    return parse<Row>(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${file} is not CSV: ${error.message}`);
  }
}

function timeOf(row: Row, i: number, file: string): number {
  const text = row.time_utc ?? "";
  try {
    return parseHomeTime(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${file} line ${i + 2}: time_utc must be ISO 8601, got "${text}"`);
  }
}

function numberOf(row: Row, column: string, i: number, file: string): number {
  const value = Number(row[column]);
  if (!Number.isFinite(value))
    throw new UsageError(`${file} line ${i + 2}: ${column} must be a number, got "${row[column]}"`);
  return value;
}
