/** Tempo prices in a file: JSON as `PriceTable[]`, or CSV with a line for each change of prices. */
import { parse } from "csv-parse/sync";
import { type PriceTable, priceTableSchema } from "../prices.ts";
import { csvDelimiter, csvOf, type FileFormat, jsonOf, readSourceFile } from "./file-text.ts";
import { fieldError, TariffSourceError, validated } from "./tariff-source-error.ts";

const columns = ["blue_hc", "blue_hp", "white_hc", "white_hp", "red_hc", "red_hp"] as const;

/**
 * Reads Tempo prices, EUR/kWh with taxes. CSV has the header `valid_from,blue_hc,blue_hp,white_hc,white_hp,red_hc,red_hp`,
 * with commas or semicolons; other columns are ignored.
 *
 * @param name of the file, for errors
 * @throws TariffSourceError naming the line (CSV) or field (JSON) and the value
 */
export function parsePrices(text: string, format: FileFormat, name: string): PriceTable[] {
  if (format === "json") return validated(name, priceTableSchema.array().nonempty(), jsonOf(text, name));
  const delimiter = csvDelimiter(text);
  const rows: { info: { lines: number }; record: Record<string, string> }[] = csvOf(name, () =>
    parse(text, { bom: true, columns: true, delimiter, info: true, skip_empty_lines: true, trim: true }),
  );
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
export function readPriceFile(path: string): Promise<PriceTable[]> {
  return readSourceFile(path, parsePrices);
}
