import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calendarFile, parseCalendar, readCalendarFile } from "./calendar-file.ts";
import { TariffSourceError } from "./tariff-source-error.ts";

const expected = { "2025-01-10": "blue", "2025-01-13": "white", "2025-01-14": "red" };

describe("accepted", () => {
  test.each([
    ["csv", "date,colour\n2025-01-10,blue\n2025-01-13,white\n2025-01-14,red\n"],
    ["csv", "date;couleur\r\n2025-01-10;BLEU\r\n2025-01-13;Blanc\r\n2025-01-14;Rouge"],
    [
      "csv",
      '\ufeffDate , note,Color\n2025-01-10,,1\n\n2025-01-13,cold,2\n2025-01-14,"a, b",3\n2025-01-15,,0\n',
    ],
    ["json", '{"2025-01-10":"BLUE","2025-01-13":"WHITE","2025-01-14":3,"2025-01-15":"unknown"}'],
    [
      "json",
      '[{"date":"2025-01-10","colour":"blue"},{"date":"2025-01-13","color":2},{"date":"2025-01-14","colour":"rouge"}]',
    ],
    [
      "json",
      '[{"dateJour":"2025-01-10","codeJour":1},{"dateJour":"2025-01-13","codeJour":2},{"dateJour":"2025-01-14","codeJour":3},{"dateJour":"2025-01-15","codeJour":0}]',
    ],
    ["csv", "date;couleur\n10/01/2025;Bleu\n13/01/2025;Blanc\n14/01/2025;Rouge\n"],
    [
      "csv",
      "Date\tType de jour TEMPO\n2025-01-10\tBLEU\n2025-01-13\tBLANC\n2025-01-14\tROUGE\n" +
        "RTE ne pourra être tenu responsable de l'usage qui est fait de ces données.\n",
    ],
    [
      "json",
      '{"values":{"2025-01-10":"BLUE","2025-01-13":"WHITE","2025-01-14":"RED","2025-01-15":"BLUE","2025-01-15-fallback":"true"}}',
    ],
    [
      "json",
      '{"tempo_like_calendars":{"values":[{"start_date":"2025-01-10T00:00:00+01:00","value":"BLUE"},' +
        '{"start_date":"2025-01-13T00:00:00+01:00","value":"WHITE"},{"start_date":"2025-01-14T00:00:00+01:00","value":"RED"}]}}',
    ],
  ] as const)("%s %j", (format, text) => {
    const calendar = parseCalendar(text, format, "my calendar");
    expect(Object.fromEntries(calendar.colours)).toEqual(expected);
    expect(calendar.source).toBe("my calendar");
  });
});

describe("refused, naming place and value", () => {
  test.each([
    [
      "csv",
      "date,colour\n2025-01-10,blue\n2025-01-11,green\n",
      'f: line 3: colour must be blue, white, red or a code 0 to 3, got "green"',
    ],
    ["csv", "date,colour\n01/13/2025,blue\n", 'f: line 2: date must be YYYY-MM-DD, got "01/13/2025"'],
    ["csv", "date,colour\n2025-02-29,blue\n", 'f: line 2: date must be YYYY-MM-DD, got "2025-02-29"'],
    [
      "csv",
      "date,colour\n\n2025-01-10,blue\n2025-01-10,red\n",
      'f: line 4: colour contradicts an earlier entry for 2025-01-10, got "red"',
    ],
    ["csv", "2025-01-10,blue\n", 'f: line 1 must be the header date,colour, got "2025-01-10,blue"'],
    ["csv", "", "f: line 1 must be the header date,colour, got nothing"],
    [
      "csv",
      "date,colour\n2025-01-10\n",
      "f: line 2: colour must be blue, white, red or a code 0 to 3, got nothing",
    ],
    ["csv", 'date,colour\n"2025-01-10,blue\n', "f: line 2: is not CSV ("],
    ["csv", '# A page\n\nof "some", text\n', 'f: line 1 must be the header date,colour, got "# A page"'],
    ["csv", '"A page\n', 'f: line 1 must be the header date,colour, got "\\"A page"'],
    ["json", '{"2025-01-10":"blue"', "f: is not JSON"],
    ["json", '"blue"', "f: the content is wrong (must be an object from date to colour"],
    [
      "json",
      '{"2025-01-10":"mauve"}',
      'f: 2025-01-10: colour must be blue, white, red or a code 0 to 3, got "mauve"',
    ],
    ["json", '{"2025-1-10":"blue"}', 'f: 2025-1-10: date must be YYYY-MM-DD, got "2025-1-10"'],
    [
      "json",
      '{"2025-01-10":{"toString":null}}',
      'f: 2025-01-10: colour must be blue, white, red or a code 0 to 3, got {"toString":null}',
    ],
    [
      "json",
      '[{"date":"2025-01-10"}]',
      "f: [0].colour must be blue, white, red or a code 0 to 3, got nothing",
    ],
    ["json", '[{"colour":"blue"}]', "f: [0].date must be YYYY-MM-DD, got nothing"],
    ["json", '[{"date":"2025-01-10","colour":{"a":1}}]', 'got {"a":1}'],
    ["json", "null", "f: the content is wrong"],
  ] as const)("%s %j", (format, text, message) => {
    expect(() => parseCalendar(text, format, "f")).toThrow(message);
    expect(() => parseCalendar(text, format, "f")).toThrow(TariffSourceError);
  });
});

describe("any text", () => {
  const crumbs = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "date",
          "colour",
          ",",
          ";",
          "\n",
          '"',
          "2025-01-10",
          "blue",
          "3",
          "{",
          "}",
          "[",
          "]",
          ":",
          "\0",
          "__proto__",
        ),
        fc.string({ maxLength: 5 }),
      ),
    )
    .map((parts) => parts.join(""));
  const text = fc.oneof(
    crumbs,
    crumbs.map((rest) => `date,colour\n${rest}`),
    fc.json(),
    fc.string({ unit: "binary" }),
  );

  test("gives a calendar of real dates or one clear error", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("csv" as const, "json" as const), (content, format) => {
        try {
          for (const [day, colour] of parseCalendar(content, format, "f").colours) {
            expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
            expect(["blue", "white", "red"]).toContain(colour);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TariffSourceError);
          expect((error as Error).message).not.toContain("\n");
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azru-calendar-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("are CSV or JSON by their ending, and a source of the days asked", async () => {
    const csv = join(folder, "tempo.csv");
    const json = join(folder, "tempo.JSON");
    await writeFile(csv, "date,colour\n2025-01-10,blue\n2025-01-13,white\n2025-01-14,red\n");
    await writeFile(json, JSON.stringify(expected));
    expect((await readCalendarFile(csv)).colours).toEqual((await readCalendarFile(json)).colours);
    const answer = await calendarFile(csv).colours(["2025-01-14", "2025-01-15"], 0);
    expect([...answer.colours]).toEqual([["2025-01-14", "red"]]);
    expect(answer.source).toBe(csv);
  });

  test("that cannot be read are named with the reason", async () => {
    await expect(readCalendarFile(join(folder, "none.csv"))).rejects.toThrow(
      "none.csv: cannot be read (ENOENT)",
    );
    await expect(readCalendarFile(folder)).rejects.toThrow("cannot be read (EISDIR)");
  });
});
