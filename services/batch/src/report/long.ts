/** Several studies as tables in long format, one row a run or a step, for spreadsheets and data frames. */
import { stringify } from "csv-stringify/sync";
import { type BasicType, parquetWriteBuffer } from "hyparquet-writer";
import type { Run, Study } from "../study.ts";
import { summaryRows, trajectoryRows } from "./csv.ts";

type Value = string | number | boolean;
type Row = Readonly<Record<string, Value>>;

/**
 * One row a run: the options of its study, `option_horizon` and so on, and its key figures. Savings stand in the rows of
 * the predictive controller.
 */
function runRows(studies: readonly Study[]): Row[] {
  return studies.flatMap((study, i) => {
    const { building: _, ...options } = study.inputs.options;
    const own = Object.entries(options).map(([name, value]) => [`option_${name}`, cellOf([value].flat())]);
    const inputs = { study: i + 1, label: study.label, ...Object.fromEntries(own) };
    return summaryRows(study).map((row) => ({
      ...inputs,
      weather: study.weather,
      tariff: study.tariff,
      version: study.inputs.version,
      commit: study.inputs.commit ?? "",
      ...row,
    }));
  });
}

/** A number stays one, so that a data frame sorts and draws by it; a list is a text. */
function cellOf(values: readonly unknown[]): Value {
  const [only] = values;
  const isAlone = values.length === 1 && (typeof only === "number" || typeof only === "boolean");
  return isAlone ? only : values.join(" ");
}

/** `runRows` as CSV. */
export function runsCsv(studies: readonly Study[]): string {
  const rows = runRows(studies);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify(rows, {
    header: true,
    columns,
    cast: { string: (value) => ({ value, escape_formulas: true }), boolean: String },
  });
}

/** `runRows` as Parquet. */
export function runsParquet(studies: readonly Study[]): Uint8Array {
  return parquetOf(runRows(studies));
}

/** One row a step of each run, as in the CSV file of a run, with the study's number and the run. */
export function stepsParquet(studies: readonly Study[]): Uint8Array {
  return parquetOf(
    studies.flatMap((study, i) =>
      study.runs.flatMap((run: Run) =>
        trajectoryRows(run, study.rates).map((row) => ({
          ...{ study: i + 1, run: run.id, building: run.building.name, mode: run.mode },
          ...row,
        })),
      ),
    ),
  );
}

/** A column is of numbers where no row has a text in it but an empty one, which is a missing number there. */
function parquetOf(rows: readonly Row[]): Uint8Array {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = columns.map((name) => {
    const values = rows.map((row) => row[name] ?? "");
    if (name.endsWith("_utc")) {
      return { name, data: values.map((value) => new Date(String(value))), type: "TIMESTAMP" as BasicType };
    }
    if (values.every((value) => typeof value === "boolean")) {
      return { name, data: values, type: "BOOLEAN" as BasicType };
    }
    const isNumeric =
      values.some((value) => typeof value === "number") &&
      values.every((value) => typeof value === "number" || value === "");
    return isNumeric
      ? {
          name,
          data: values.map((value) => (value === "" ? undefined : value)),
          type: "DOUBLE" as BasicType,
          nullable: true,
        }
      : { name, data: values.map(String), type: "STRING" as BasicType };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
