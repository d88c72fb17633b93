/** A calendar in a file: CSV with the header `date,colour`, or JSON. */
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import type { TempoCalendar } from "../calendar.ts";
import type { TempoColour } from "../rate.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { fieldError, TariffSourceError, validated } from "./tariff-source-error.ts";

/** `undefined` for the words that say "not decided". */
const colourOfWord = new Map<string, TempoColour | undefined>([
  ["blue", "blue"],
  ["bleu", "blue"],
  ["1", "blue"],
  ["white", "white"],
  ["blanc", "white"],
  ["2", "white"],
  ["red", "red"],
  ["rouge", "red"],
  ["3", "red"],
  ["0", undefined],
  ["unknown", undefined],
  ["inconnu", undefined],
]);

const isDate = (text: string) => z.iso.date().safeParse(text).success;

/**
 * Reads a calendar.
 *
 * CSV, separated by commas or semicolons, has the columns `date` (YYYY-MM-DD) and `colour` (or `color`,
 * `couleur`); others are ignored. JSON is an object from date to colour or an array of `{date, colour}` or of the
 * API's `{dateJour, codeJour}`. Colours are English or French words in any case or the codes
 * 1 blue, 2 white, 3 red; 0 and `unknown` leave a day undecided.
 *
 * @param name of the file, for errors and as the calendar's source
 * @throws TariffSourceError naming the line (CSV) or field (JSON) and the value
 */
export function parseCalendar(text: string, format: "csv" | "json", name: string): TempoCalendar {
  const colours = new Map<string, TempoColour>();
  const entries = format === "csv" ? csvEntries(text, name) : jsonEntries(text, name);
  const decided = new Map<string, TempoColour | undefined>();
  for (const { where, date, colour: word } of entries) {
    if (typeof date !== "string" || !isDate(date)) {
      throw fieldError(name, `${where}date`, "must be YYYY-MM-DD", date);
    }
    const key = typeof word === "string" || typeof word === "number" ? String(word).toLowerCase() : "";
    if (!colourOfWord.has(key)) {
      throw fieldError(name, `${where}colour`, "must be blue, white, red or a code 0 to 3", word);
    }
    const colour = colourOfWord.get(key);
    if (decided.has(date) && decided.get(date) !== colour) {
      throw fieldError(name, `${where}colour`, `contradicts an earlier entry for ${date}`, word);
    }
    decided.set(date, colour);
    if (colour !== undefined) colours.set(date, colour);
  }
  return { source: name, colours };
}

interface Entry {
  /** What leads to the entry, for errors: "line 3: " or "[2].". */
  readonly where: string;
  readonly date: unknown;
  readonly colour: unknown;
}

const csvRow = z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) });

const csvOptions = {
  bom: true,
  delimiter: [",", ";"],
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
};

/** The header comes first: what is no calendar at all is told so, and not what its tenth line lacks. */
function csvEntries(text: string, name: string): Entry[] {
  const columns = headerOf(text, name).map((column) => column.toLowerCase());
  const dateColumn = columns.indexOf("date");
  const colourColumn = columns.findIndex((column) => ["colour", "color", "couleur"].includes(column));
  if (dateColumn < 0 || colourColumn < 0) throw headerError(text, name);
  let rows: z.infer<typeof csvRow>[];
  try {
    rows = csvRow.array().parse(parse(text, csvOptions));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = "lines" in cause ? `line ${cause.lines}: ` : "";
    throw new TariffSourceError(name, `${line}is not CSV (${cause.message})`, { cause });
  }
  return rows.slice(1).map(({ info, record }) => ({
    where: `line ${info.lines}: `,
    date: record[dateColumn],
    colour: record[colourColumn],
  }));
}

function headerOf(text: string, name: string): string[] {
  try {
    const [header] = csvRow.array().parse(parse(text, { ...csvOptions, to: 1 }));
    return header?.record ?? [];
  } catch (cause) {
    if (cause instanceof CsvError) throw headerError(text, name);
    throw cause;
  }
}

function headerError(text: string, name: string): TariffSourceError {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== "");
  return fieldError(name, "line 1", "must be the header date,colour", first);
}

const jsonSchema = z.union(
  [z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())],
  "must be an object from date to colour or an array of {date, colour}",
);

function jsonEntries(text: string, name: string): Entry[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new TariffSourceError(name, `is not JSON (${(cause as SyntaxError).message})`, { cause });
  }
  const content = validated(name, jsonSchema, data);
  if (Array.isArray(content)) {
    return content.map((row, i) => ({
      where: `[${i}].`,
      date: row.date ?? row.dateJour,
      colour: row.colour ?? row.color ?? row.codeJour,
    }));
  }
  return Object.entries(content).map(([date, colour]) => ({ where: `${date}: `, date, colour }));
}

/**
 * Reads a calendar file, `.json` as JSON and any other as CSV (see `parseCalendar`).
 *
 * @throws TariffSourceError when the file cannot be read or is malformed
 */
export async function readCalendarFile(path: string): Promise<TempoCalendar> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new TariffSourceError(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return parseCalendar(text, extname(path).toLowerCase() === ".json" ? "json" : "csv", path);
}

/** A calendar file as a source, read anew at each question. */
export function calendarFile(path: string): CalendarSource {
  return {
    name: path,
    async colours(days) {
      const { source, colours } = await readCalendarFile(path);
      const asked = new Set(days);
      return {
        source,
        colours: new Map([...colours].filter(([day]) => asked.has(day))),
        warnings: [],
        stale: false,
      };
    },
  };
}
