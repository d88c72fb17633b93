/** Texts of files that users name, CSV or JSON: read and parsed, with errors that name the file. */
import { extname } from "node:path";
import { readText } from "@azru/text-file";
import { CsvError } from "csv-parse/sync";
import { TariffSourceError } from "./tariff-source-error.ts";

export type FileFormat = "csv" | "json";

/** The separator of a CSV file, by its header: the first line that is neither empty nor a comment (`#`). */
export function csvDelimiter(text: string): "," | ";" {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const header = lines.find((line) => line !== "" && !line.startsWith("#")) ?? "";
  return header.includes(";") ? ";" : ",";
}

/** @throws TariffSourceError where the text is not JSON */
export function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new TariffSourceError(name, `is not JSON (${(cause as SyntaxError).message})`, { cause });
  }
}

/**
 * What `parse` makes of a CSV text.
 *
 * @throws TariffSourceError where it is not CSV
 */
export function csvOf<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = "lines" in cause ? `line ${cause.lines}: ` : "";
    throw new TariffSourceError(name, `${line}is not CSV (${cause.message})`, { cause });
  }
}

/**
 * Reads a file, `.json` as JSON and any other as CSV.
 *
 * @throws TariffSourceError when the file cannot be read, and what `parse` throws
 */
export async function readSourceFile<T>(
  path: string,
  parse: (text: string, format: FileFormat, name: string) => T,
): Promise<T> {
  let text: string;
  try {
    text = await readText(path);
  } catch (cause) {
    throw new TariffSourceError(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return parse(text, extname(path).toLowerCase() === ".json" ? "json" : "csv", path);
}
