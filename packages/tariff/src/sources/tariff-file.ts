/**
 * A tariff in a file, CSV or JSON, or pushed as JSON: rules by month, day and time, or a dated series.
 *
 * JSON is an object `{currency, unit, rules: [...]}` or `{currency, unit, prices: [...]}`, the array of prices alone, or
 * what dynamic-price integrations of Home Assistant publish (`withPrices`). Entries are `{start, end, value}` (Nord
 * Pool), `{time, price}` (ENTSO-e), `{startsAt, total}` (Tibber), `{start_time, end_time, price_per_kwh}` (EPEX Spot).
 */
import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { minutesOf } from "../local-time.ts";
import { orderedPrices } from "../price-series.ts";
import type { Tariff } from "../rate.ts";
import { type PriceRule, scheduledTariff, type TimeSpan } from "../scheduled.ts";
import { csvDelimiter, csvOf, type FileFormat, jsonOf, readSourceFile } from "./file-text.ts";
import { withPrices } from "./integration-prices.ts";
import { eurPerKwh, type PriceUnit, priceUnit, unitInName } from "./price-unit.ts";
import { type TariffContent, type TariffOptions, tariffOf } from "./tariff-content.ts";
import { fieldError, TariffSourceError, validated } from "./tariff-source-error.ts";

type Row = Readonly<Record<string, unknown>>;

const headSchema = z.object({
  name: z.string().max(200).optional(),
  currency: z.string().optional(),
  unit: z.string().optional(),
  unit_of_measurement: z.string().optional(),
  price_in_cents: z.boolean().optional(),
  published: z
    .string()
    .regex(/^\d\d:\d\d$/, "must be HH:MM, or null for prices known at once")
    .nullish(),
  rules: z.array(z.record(z.string(), z.unknown())).min(1).optional(),
  prices: z.array(z.record(z.string(), z.unknown())).min(1).optional(),
});

const startNames = [
  "start",
  "startsat",
  "start_time",
  "starttime",
  "time",
  "timestamp",
  "datetime",
  "date",
  "hour",
  "from",
  "valid_from",
];
const endNames = ["end", "endsat", "end_time", "endtime", "till", "to", "until", "valid_to"];
const priceNames = [
  "price_eur_kwh",
  "price_eur_mwh",
  "price",
  "value",
  "value_inc_vat",
  "total",
  "price_per_kwh",
  "price_ct_per_kwh",
  "price_eur_per_mwh",
  "electricity_price",
  "prix",
];
const monthNames =
  "january february march april may june july august september october november december".split(" ");
const dayNames = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const dayGroups: Readonly<Record<string, readonly number[]>> = {
  weekdays: [1, 2, 3, 4, 5],
  weekend: [0, 6],
  all: [0, 1, 2, 3, 4, 5, 6],
};

/** Prices beyond this are a wrong unit. */
const most_eur_kwh = 10;

/**
 * Reads a tariff.
 *
 * @param name of the file, for errors and as the tariff's name where the content has none
 * @throws TariffSourceError naming the line (CSV) or field (JSON) and the value
 */
export function parseTariff(
  text: string,
  format: FileFormat,
  name: string,
  options: TariffOptions = {},
): Tariff {
  if (format === "csv") return tariffOf(fromCsv(text, name), options);
  return tariffOf(tariffContent(jsonOf(text, name), name), options);
}

/**
 * What JSON that is parsed already says of a tariff, such as a message.
 *
 * @param name for errors, and as the tariff's name where the content has none
 * @throws TariffSourceError naming the field and the value
 */
export function tariffContent(data: unknown, name: string): TariffContent {
  const head = validated(name, headSchema, withPrices(data));
  const unit = priceUnit(head, name);
  if ((head.rules === undefined) === (head.prices === undefined))
    throw fieldError(name, "the content", "must have either rules or prices", Object.keys(head).join(", "));
  const title = head.name ?? name;
  if (head.rules)
    return ruled(
      title,
      name,
      head.rules.map((row, i) => ruleOf(row, unit, name, `rules[${i}].`)),
    );
  const rows = head.prices!.map((row, i) => ({ row, where: `prices[${i}].` }));
  return dated(title, name, pricesOf(rows, unit, name), head.published);
}

/** Columns of rules are `price`, `months`, `days`, `hours`, `period`; of a series `start`, `end` and `price`. */
function fromCsv(text: string, name: string): TariffContent {
  const delimiter = csvDelimiter(text);
  const rows: { info: { lines: number }; record: Record<string, string> }[] = csvOf(name, () =>
    parse(text, {
      ...{ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true },
      columns: (header: string[]) => header.map((each) => each.toLowerCase()),
      comment: "#",
    }),
  );
  const first = rows[0];
  if (first === undefined) throw new TariffSourceError(name, "has no row with a price");
  const columns = Object.keys(first.record);
  const priceColumn = columns.find((column) => isPrice(column));
  if (priceColumn === undefined)
    throw fieldError(
      name,
      "line 1",
      "must name a column price, in EUR/kWh or EUR/MWh",
      columns.join(delimiter),
    );
  const { currency = "EUR" } = first.record;
  const unit = priceUnit({ currency }, name);
  if (columns.some((column) => startNames.includes(column))) {
    const dates = rows.map(({ record, info }) => ({ row: record, where: `line ${info.lines}: ` }));
    return dated(basename(name), name, pricesOf(dates, unit, name), undefined);
  }
  const rules = rows.map(({ record, info }) => ruleOf(record, unit, name, `line ${info.lines}: `));
  return ruled(basename(name), name, rules);
}

function isPrice(column: string): boolean {
  return priceNames.includes(column) || /^(price|prix|day-ahead price)\b.*(eur|€|ct)/.test(column);
}

function ruled(title: string, name: string, rules: readonly PriceRule[]): TariffContent {
  try {
    scheduledTariff(title, rules);
    return { kind: "rules", name: title, rules };
  } catch (error) {
    if (error instanceof RangeError) throw new TariffSourceError(name, error.message, { cause: error });
    throw error;
  }
}

function dated(
  title: string,
  name: string,
  entries: readonly DatedEntry[],
  published: string | null | undefined,
): TariffContent {
  try {
    const prices = orderedPrices(entries);
    return { kind: "series", name: title, prices, ...(published !== undefined && { published }) };
  } catch (error) {
    if (error instanceof RangeError) throw new TariffSourceError(name, error.message, { cause: error });
    throw error;
  }
}

function field(row: Row, names: readonly string[]): unknown {
  for (const [key, value] of Object.entries(row)) if (names.includes(key.toLowerCase())) return value;
  return undefined;
}

function price_eur_kwh(row: Row, unit: PriceUnit, name: string, where: string): number {
  const key = Object.keys(row).find((each) => isPrice(each.toLowerCase()));
  const value = key === undefined ? undefined : row[key];
  const number = typeof value === "string" ? Number(value.trim().replace(",", ".")) : value;
  if (typeof number !== "number" || value === "" || !Number.isFinite(number))
    throw fieldError(name, `${where}price`, "must be a number", value);
  const { name: unitName, factor } = unitInName(key ?? "") ?? unit;
  const perKwh = number * factor;
  if (Math.abs(perKwh) > most_eur_kwh) {
    const hint = unitName === eurPerKwh.name ? `; is the unit EUR/MWh?` : "";
    throw fieldError(name, `${where}price`, `must lie within ${most_eur_kwh} EUR/kWh${hint}`, value);
  }
  return perKwh;
}

interface DatedEntry {
  readonly startMs: number;
  readonly endMs?: number;
  readonly price_eur_kwh: number;
}

interface DatedRow {
  readonly row: Row;
  /** For errors. */
  readonly where: string;
}

/**
 * Of a local time that comes twice, in autumn, it is the first, and the second in a row that follows one as late; the
 * row before then ends there.
 */
function pricesOf(rows: readonly DatedRow[], unit: PriceUnit, name: string): DatedEntry[] {
  const entries: DatedEntry[] = [];
  for (const { row, where } of rows) {
    const instants = (field: string, value: unknown) => {
      const [first, second] = instantsOf(value);
      if (first === undefined)
        throw fieldError(name, `${where}${field}`, "must be a time, ISO 8601 or Unix", value);
      return { first, second };
    };
    const { first, second } = instants("start", field(row, startNames));
    const last = entries.at(-1);
    const isSecond =
      last !== undefined && second !== undefined && first <= last.startMs && last.startMs < second;
    const startMs = isSecond ? second : first;
    if (isSecond && last.endMs !== undefined)
      entries[entries.length - 1] = { ...last, endMs: Math.min(last.endMs, startMs) };
    const endText = field(row, endNames);
    const hasEnd = endText !== undefined && endText !== "";
    const price = price_eur_kwh(row, unit, name, where);
    entries.push({
      startMs,
      price_eur_kwh: price,
      ...(hasEnd && { endMs: endAfter(startMs, instants("end", endText)) }),
    });
  }
  return entries;
}

function endAfter(startMs: number, { first, second }: { first: number; second: number | undefined }): number {
  return first <= startMs && second !== undefined ? second : first;
}

/**
 * The instants that a text may mean, none where it is no time: ISO 8601, in Paris unless it has an offset; DD/MM/YYYY
 * HH:MM; Unix seconds or milliseconds.
 */
function instantsOf(value: unknown): number[] {
  if (typeof value === "number" || (typeof value === "string" && /^\d{9,13}$/.test(value))) {
    const number = Number(value);
    return [number > 1e11 ? number : number * 1000];
  }
  if (typeof value !== "string") return [];
  const iso = value.trim().replace(/^(\d\d)\/(\d\d)\/(\d{4})/, "$3-$2-$1");
  try {
    if (/(Z|[+-]\d\d:?\d\d)$/.test(iso))
      return [usualInstant(iso) ?? Temporal.Instant.from(iso).epochMilliseconds];
    const local = Temporal.PlainDateTime.from(iso);
    const instants = (["earlier", "later"] as const).map(
      (disambiguation) => local.toZonedDateTime("Europe/Paris", { disambiguation }).epochMilliseconds,
    );
    const isSkipped = !Temporal.Instant.fromEpochMilliseconds(instants[0])
      .toZonedDateTimeISO("Europe/Paris")
      .toPlainDateTime()
      .equals(local);
    return isSkipped ? [instants[1]] : [...new Set(instants)];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/**
 * The instant of `2026-01-13T00:00:00Z` and the like, for which Temporal takes tens of microseconds: ten years of quarters
 * of an hour are 350,000 rows. Undefined where the text is otherwise, or no day of the calendar.
 */
function usualInstant(iso: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(iso)) return undefined;
  const timeMs = Date.parse(iso);
  const isOfCalendar = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(iso.slice(0, 16));
  return isOfCalendar ? timeMs : undefined;
}

function ruleOf(row: Row, unit: PriceUnit, name: string, where: string): PriceRule {
  const months = list(row.months).flatMap((text) => range(text, monthNames, 1, name, `${where}months`));
  const days = list(row.days);
  const weekdays = days
    .filter((text) => !isHoliday(text))
    .flatMap((text) => dayGroups[text.toLowerCase()] ?? range(text, dayNames, 0, name, `${where}days`));
  const spans = list(row.hours).map((text) => spanOf(text, name, `${where}hours`));
  const period = row.period === undefined || row.period === "" ? undefined : String(row.period);
  if (period !== undefined && period !== "peak" && period !== "off_peak")
    throw fieldError(name, `${where}period`, "must be peak or off_peak", period);
  return {
    price_eur_kwh: price_eur_kwh(row, unit, name, where),
    ...(months.length > 0 && { months }),
    ...(days.length > 0 && { weekdays, onHolidays: days.some(isHoliday) }),
    ...(spans.length > 0 && { spans }),
    ...(period && { period: period === "peak" ? "peak" : "offPeak" }),
  };
}

function isHoliday(text: string): boolean {
  return /^holidays?$/i.test(text);
}

/** An array, or a text of parts separated by spaces, commas or "+". */
function list(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(String) : String(value ?? "").split(/[\s,+]+/);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** "november-march", "mon-fri", "11-3" or a single one; names may be cut to three letters. */
function range(
  text: string,
  names: readonly string[],
  base: number,
  source: string,
  where: string,
): number[] {
  const indexOf = (part: string): number => {
    const number = /^\d+$/.test(part) ? Number(part) - base : -1;
    const index = names.findIndex((each) => part.length >= 3 && each.startsWith(part.toLowerCase()));
    const found = index >= 0 ? index : number;
    if (!(found >= 0 && found < names.length))
      throw fieldError(
        source,
        where,
        `must be names or numbers such as ${names[0]} or ${names[1]}-${names[3]}`,
        text,
      );
    return found;
  };
  const [first = "", last = first] = text.split("-");
  const from = indexOf(first);
  const count = ((indexOf(last) - from + names.length) % names.length) + 1;
  return Array.from({ length: count }, (_, i) => ((from + i) % names.length) + base);
}

/**
 * "22:00-06:00", for options and files.
 *
 * @throws TariffSourceError
 */
export function spanOf(text: string, source: string, where: string): TimeSpan {
  const [from = "", to = "", more] = text.split("-");
  const from_min = minutesOf(from);
  const to_min = minutesOf(to);
  if (from_min === undefined || to_min === undefined || more !== undefined || from_min === to_min)
    throw fieldError(source, where, "must be HH:MM-HH:MM", text);
  return { from_min, to_min };
}

/**
 * Reads a tariff file, `.json` as JSON and any other as CSV.
 *
 * @throws TariffSourceError when the file cannot be read or is malformed
 */
export function readTariffFile(path: string, options: TariffOptions = {}): Promise<Tariff> {
  return readSourceFile(path, (text, format, name) => parseTariff(text, format, name, options));
}
