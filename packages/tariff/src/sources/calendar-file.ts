/** A calendar in a file: CSV with the header `date,colour`, or JSON. */
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import type { TempoCalendar } from "../calendar.ts";
import type { TempoColour } from "../rate.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { csvOf, type FileFormat, jsonOf, readSourceFile } from "./file-text.ts";
import { fieldError, type TariffSourceError, validated } from "./tariff-source-error.ts";

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

const dateColumns = ["date", "jour", "datejour", "start_date"];
const colourColumns = [
  "colour",
  "color",
  "couleur",
  "type de jour tempo",
  "codejour",
  "libcouleur",
  "value",
  "tempo",
];

/** YYYY-MM-DD of a date written so, with a time behind it, or as DD/MM/YYYY; undefined where it is none. */
function dateOf(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const day = text
    .trim()
    .replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$3-$2-$1")
    .replace(/[T ]00:00.*$/, "");
  return z.iso.date().safeParse(day).success ? day : undefined;
}

/**
 * Reads a calendar.
 *
 * CSV, separated by commas, semicolons or tabs, has the columns `date` (YYYY-MM-DD or DD/MM/YYYY) and `colour` (or
 * `color`, `couleur`); others are ignored. RTE's "Type de jour TEMPO" with the note at its end is one. JSON is an
 * object from date to colour, an array of `{date, colour}` or of the API's `{dateJour, codeJour}`, or what RTE's open
 * data (`{values}`) and API (`{tempo_like_calendars}`) answer. Colours are English or French words in any case or the codes
 * 1 blue, 2 white, 3 red; 0 and `unknown` leave a day undecided.
 *
 * @param name of the file, for errors and as the calendar's source
 * @throws TariffSourceError naming the line (CSV) or field (JSON) and the value
 */
export function parseCalendar(text: string, format: FileFormat, name: string): TempoCalendar {
  const colours = new Map<string, TempoColour>();
  const entries = format === "csv" ? csvEntries(text, name) : jsonEntries(text, name);
  const decided = new Map<string, TempoColour | undefined>();
  for (const { where, date: written, colour: word } of entries) {
    const date = dateOf(written);
    if (date === undefined) throw fieldError(name, `${where}date`, "must be YYYY-MM-DD", written);
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
  delimiter: [",", ";", "\t"],
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
};

/** The header comes first: of what is no calendar at all that is reported, and not what its tenth line lacks. */
function csvEntries(text: string, name: string): Entry[] {
  const columns = headerOf(text, name).map((column) => column.toLowerCase());
  const dateColumn = columns.findIndex((column) => dateColumns.includes(column));
  const colourColumn = columns.findIndex((column) => colourColumns.includes(column));
  if (dateColumn < 0 || colourColumn < 0) throw headerError(text, name);
  const rows = csvRow.array().parse(csvOf(name, () => parse(text, csvOptions)));
  // RTE's files end with a sentence about its liability.
  const isNote = ({ record }: z.infer<typeof csvRow>) =>
    record.filter((field) => field !== "").length === 1 && /[a-z]{2} [a-z]/i.test(record.join(""));
  const last = rows.at(-1);
  if (last && rows.length > 1 && isNote(last)) rows.pop();
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
  const content = unwrapped(validated(name, jsonSchema, jsonOf(text, name)));
  if (Array.isArray(content)) {
    return content.map((row, i) => ({
      where: `[${i}].`,
      date: row.date ?? row.dateJour ?? row.start_date,
      colour: row.colour ?? row.color ?? row.couleur ?? row.codeJour ?? row.value,
    }));
  }
  // Beside RTE's dates stand keys such as "2024-10-27-fallback": "true" marks a colour that RTE did not decide.
  return Object.entries(content)
    .filter(([key]) => !key.endsWith("-fallback") && content[`${key}-fallback`] !== "true")
    .map(([date, colour]) => ({ where: `${date}: `, date, colour }));
}

type JsonContent = z.infer<typeof jsonSchema>;

/** What RTE wraps its calendars in. */
function unwrapped(content: JsonContent): JsonContent {
  if (Array.isArray(content)) return content;
  const inner = jsonSchema.safeParse(content.tempo_like_calendars ?? content.values);
  return inner.success ? unwrapped(inner.data) : content;
}

/**
 * Reads a calendar file, `.json` as JSON and any other as CSV (see `parseCalendar`).
 *
 * @throws TariffSourceError when the file cannot be read or is malformed
 */
export function readCalendarFile(path: string): Promise<TempoCalendar> {
  return readSourceFile(path, parseCalendar);
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
