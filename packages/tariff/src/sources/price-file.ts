/** Tempo prices in a file: JSON as `PriceTable[]`, or CSV with a line for each change of prices. */
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { type PriceTable, priceTableSchema } from "../prices.ts";
import { csvDelimiter } from "./csv-delimiter.ts";
import { fieldError, TariffSourceError, validated } from "./tariff-source-error.ts";

const columns = ["blue_hc", "blue_hp", "white_hc", "white_hp", "red_hc", "red_hp"] as const;

/**
 * Reads Tempo prices, EUR/kWh with taxes. CSV has the header `valid_from,blue_hc,blue_hp,white_hc,white_hp,red_hc,red_hp`,
 * with commas or semicolons; other columns are ignored.
 *
 * @param name of the file, for errors
 * @throws TariffSourceError naming the line (CSV) or field (JSON) and the value
 */
export function parsePrices(text: string, format: "csv" | "json", name: string): PriceTable[] {
  if (format === "json") {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch (cause) {
      throw new TariffSourceError(name, `is not JSON (${(cause as SyntaxError).message})`, { cause });
    }
    return validated(name, priceTableSchema.array().nonempty(), data);
  }
  const delimiter = csvDelimiter(text);
  let rows: { info: { lines: number }; record: Record<string, string> }[];
  try {
    rows = parse(text, {
      bom: true,
      columns: true,
      delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new TariffSourceError(name, `is not CSV (${cause.message})`, { cause });
  }
  if (rows.length === 0) throw new TariffSourceError(name, "has no prices");
  return rows.map(({ record, info }) => {
    const price = (column: (typeof columns)[number]): number => {
      const value = Number((record[column] ?? "").replace(",", ".") || Number.NaN);
      if (!(value > 0 && value < 10))
        throw fieldError(name, `line ${info.lines}: ${column}`, "must be a price in EUR/kWh", record[column]);
      return value;
    };
    const [blueHc, blueHp, whiteHc, whiteHp, redHc, redHp] = columns.map(price);
    return validated(`${name}, line ${info.lines}`, priceTableSchema, {
      from: record.valid_from,
      prices_eur_kwh: {
        blue: { offPeak: blueHc, peak: blueHp },
        white: { offPeak: whiteHc, peak: whiteHp },
        red: { offPeak: redHc, peak: redHp },
      },
    });
  });
}

/**
 * Reads a file of prices, `.json` as JSON and any other as CSV.
 *
 * @throws TariffSourceError when the file cannot be read or is malformed
 */
export async function readPriceFile(path: string): Promise<PriceTable[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new TariffSourceError(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return parsePrices(text, extname(path).toLowerCase() === ".json" ? "json" : "csv", path);
}
