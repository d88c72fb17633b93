import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { EpwError, epwSource, parseEpw } from "./epw.ts";
import { stepMeans } from "./resample.ts";
import { epwFileSource } from "./sources/epw-file.ts";

const hourMs = 3_600_000;

const header = [
  "LOCATION,Somewhere,-,FRA,none,0,45.7,4.9,1.0,200",
  "DESIGN CONDITIONS,0",
  "TYPICAL/EXTREME PERIODS,0",
  "GROUND TEMPERATURES,0",
  "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
  'COMMENTS 1,"an unbalanced quote',
  "COMMENTS 2,",
  "DATA PERIODS,1,1,Data,Sunday,1/1,12/31",
];

/** A row whose dry bulb is its number / 1000, whose direct radiation is its hour, diffuse its day. */
function row(begin: Date, index: number): string[] {
  const fields = Array<string>(32).fill("0");
  fields[0] = "2013";
  fields[1] = String(begin.getUTCMonth() + 1);
  fields[2] = String(begin.getUTCDate());
  fields[3] = String(begin.getUTCHours() + 1);
  fields[4] = "60";
  fields[6] = String(index / 1000);
  fields[14] = String(begin.getUTCHours() + 1);
  fields[15] = String(begin.getUTCDate());
  fields[22] = String(index % 11);
  return fields;
}

function rows(year: number): string[][] {
  const hours = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / hourMs;
  return Array.from({ length: hours }, (_, i) => row(new Date(Date.UTC(year, 0, 1) + i * hourMs), i));
}

function text(data: string[][] = rows(2013), newline = "\n"): string {
  return [...header, ...data.map((fields) => fields.join(","))].join(newline) + newline;
}

function changed(index: number, field: number, value: string, count = 1): string {
  const data = rows(2013);
  for (let i = index; i < index + count; i++) data[i % data.length][field] = value;
  return text(data);
}

describe("parseEpw", () => {
  it("reads place, clock and columns, with either line end and a byte order mark", () => {
    for (const epw of [parseEpw(text()), parseEpw(`\uFEFF${text(rows(2013), "\r\n")}`)]) {
      expect(epw.location).toEqual({ name: "Somewhere, FRA", latitude_deg: 45.7, longitude_deg: 4.9 });
      expect(epw.utcOffset_h).toBe(1);
      expect(epw.hours).toBe(8760);
      expect(epw.dryBulbTemperature_c[8759]).toBe(8.759);
      expect(epw.directNormalIrradiance_w_m2[12]).toBe(13);
      expect(epw.diffuseHorizontalIrradiance_w_m2[24]).toBe(2);
      expect(epw.cloudCover[10]).toBe(1);
    }
    expect(parseEpw(text(rows(2012))).hours).toBe(8784);
  });

  it("interpolates up to two missing hours, also across the year's end", () => {
    const epw = parseEpw(changed(100, 6, "99.9", 2));
    expect(epw.dryBulbTemperature_c[100]).toBeCloseTo(0.1, 12);
    expect(epw.dryBulbTemperature_c[101]).toBeCloseTo(0.101, 12);
    const ring = parseEpw(changed(8759, 14, "9999", 2));
    expect(ring.directNormalIrradiance_w_m2[8759]).toBeCloseTo(23 + (2 - 23) / 3, 12);
    expect(ring.directNormalIrradiance_w_m2[0]).toBeCloseTo(23 + (2 * (2 - 23)) / 3, 12);
  });

  it("estimates a sky cover that is missing throughout from the diffuse share", () => {
    const data = rows(2013);
    for (const fields of data) {
      fields[22] = "99";
      const day = Number(fields[3]) > 8 && Number(fields[3]) < 17;
      fields[14] = fields[2] === "1" && day ? "700" : "0"; // the first of each month is clear
      fields[15] = day ? "100" : "0";
    }
    const { cloudCover } = parseEpw(text(data));
    expect(cloudCover[12]).toBeLessThan(0.4);
    expect(cloudCover[24 + 12]).toBe(1);
    expect(cloudCover.every((cover) => cover >= 0 && cover <= 1)).toBe(true);
  });

  it.each([
    [
      "a longer gap",
      changed(8000, 6, "99.9", 3),
      "EPW line 8009: dry bulb is missing (99.9) for 3 h; at most 2 h are interpolated",
    ],
    [
      "a column without values",
      changed(0, 15, "9999", 8760),
      "diffuse horizontal radiation is missing (9999) for 8760 h",
    ],
    ["not a number", changed(5, 6, "warm"), 'EPW line 14: dry bulb must be a number, got "warm"'],
    ["an empty field", changed(5, 14, ""), 'EPW line 14: direct normal radiation must be a number, got ""'],
    ["an implausible value", changed(5, 6, "75"), "EPW line 14: dry bulb must be within -90..60, got 75"],
    [
      "a negative radiation",
      changed(5, 15, "-1"),
      "EPW line 14: diffuse horizontal radiation must be within 0..1500, got -1",
    ],
    [
      "a truncated file",
      text(rows(2013).slice(0, 4000)),
      "EPW line 4008: the file ends after 4000 of 8760 hours",
    ],
    [
      "a truncated row",
      `${text(rows(2013).slice(0, 30))}2013,1,2,7,60,?,1.5`,
      "EPW line 39: needs at least 23 fields, got 7",
    ],
    ["no rows", text([]), "EPW line 8: the file ends after 0 of 8760 hours"],
    [
      "a row left out",
      text(rows(2013).filter((_, i) => i !== 30)),
      'EPW line 39: expected month 1, day 2, hour 7, got "1,2,8"',
    ],
    [
      "a row too many",
      text([...rows(2013), row(new Date(Date.UTC(2013, 0, 1)), 0)]),
      "EPW line 8769: expected the file to end after 8760 hours",
    ],
    [
      "another file",
      "<!doctype html>\n<html>",
      'EPW line 1: expected header LOCATION, got "<!doctype html>"',
    ],
    ["nothing", "", 'EPW line 1: expected header LOCATION, got ""'],
    [
      "a wrong place",
      text().replace("45.7", "north"),
      'EPW line 1: latitude must be within -90..90, got "north"',
    ],
  ])("says what is wrong: %s", (_, epw, message) => {
    expect(() => parseEpw(epw)).toThrow(EpwError);
    expect(() => parseEpw(epw)).toThrow(message);
  });

  it("gives a complete year or an EpwError, whatever happened to the file", () => {
    const whole = text();
    const damage = fc.oneof(
      fc.record({ at: fc.nat(whole.length), keep: fc.constant(0), put: fc.constant("") }),
      fc.record({
        at: fc.nat(whole.length),
        keep: fc.constant(1),
        put: fc.oneof(
          fc.string({ maxLength: 12 }),
          fc.constantFrom(",", "\n", '"', "-", "9999", "1e9", "NaN"),
        ),
      }),
    );
    fc.assert(
      fc.property(damage, fc.nat(20), ({ at, keep, put }, cut) => {
        const damaged = whole.slice(0, at) + put + (keep ? whole.slice(at + cut) : "");
        try {
          const epw = parseEpw(damaged);
          for (const values of [epw.dryBulbTemperature_c, epw.directNormalIrradiance_w_m2, epw.cloudCover]) {
            expect(values.length).toBe(8760);
            expect(values.every(Number.isFinite)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(EpwError);
          expect(error).toHaveProperty("message", expect.stringMatching(/^EPW line \d+: [^\n]+$/));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("epwSource", () => {
  const year = epwSource(parseEpw(text()));
  const localMs = (y: number, month: number, day: number, hour: number) =>
    Date.UTC(y, month - 1, day, hour - 1);

  it("stamps temperatures at the end of a row's hour and radiation on the hour", async () => {
    const startMs = localMs(2026, 1, 2, 10);
    const series = await year.series(startMs, startMs + 2 * hourMs);
    expect(series.startMs).toBe(startMs);
    // 10 o'clock on 2 January ends row 10 of the day, index 33; the hour to come is row 11.
    expect([...series.dryBulbTemperature_c]).toEqual([0.033, 0.034, 0.035]);
    expect([...series.directNormalIrradiance_w_m2]).toEqual([11, 12, 13]);
    expect([...series.diffuseHorizontalIrradiance_w_m2]).toEqual([2, 2, 2]);
  });

  it("wraps at the year's end", async () => {
    const series = await year.series(localMs(2026, 12, 31, 23), localMs(2027, 1, 1, 1));
    expect([...series.dryBulbTemperature_c]).toEqual([8.758, 8.759, 0]);
    expect([...series.directNormalIrradiance_w_m2]).toEqual([24, 1, 2]);
  });

  it("repeats 28 February on a 29th that the file lacks, and leaves out one that the year lacks", async () => {
    const series = await year.series(localMs(2028, 2, 28, 0), localMs(2028, 3, 1, 1));
    const direct = series.directNormalIrradiance_w_m2;
    const diffuse = [...series.diffuseHorizontalIrradiance_w_m2];
    expect(direct.subarray(24, 48)).toEqual(direct.subarray(0, 24));
    expect(diffuse.slice(0, 48)).toEqual(Array(48).fill(28));
    expect(diffuse[48]).toBe(1);

    const leap = epwSource(parseEpw(text(rows(2012))));
    const common = await leap.series(localMs(2027, 2, 28, 23), localMs(2027, 3, 1, 1));
    expect([...common.diffuseHorizontalIrradiance_w_m2]).toEqual([28, 1, 1]);
    const own = await leap.series(localMs(2028, 2, 29, 5), localMs(2028, 2, 29, 6));
    expect([...own.diffuseHorizontalIrradiance_w_m2]).toEqual([29, 29]);
  });

  it("covers what it is asked for, from any instant", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }),
        fc.integer({ min: 1, max: 500 }),
        async (startMs, quarters) => {
          const series = await year.series(startMs, startMs + quarters * 900_000);
          expect(stepMeans(series, startMs, 900, quarters).cloudCover.length).toBe(quarters);
        },
      ),
    );
    await expect(year.series(10, 10)).rejects.toThrow("endMs must be after startMs (10), got 10");
    await expect(year.series(Number.NaN, 10)).rejects.toThrow("startMs must be finite, got NaN");
  });
});

const folder = fileURLToPath(new URL("../../../../shared/reference/weather/", import.meta.url));
describe.skipIf(!existsSync(folder))(
  "real files (skipped where ../shared/reference/weather is absent)",
  () => {
    it.each([
      {
        file: "FRA_Lyon-Bron_TMYx_2004-2018.epw",
        name: "Lyon Bron AP, FRA",
        latitude: 45.7261,
        mean: [12, 13.5],
      },
      { file: "Zurich-Kloten_2013.epw", name: "Zuerich-Kloten", latitude: 47.48, mean: [8.5, 10] },
    ])("reads $file", ({ file, name, latitude, mean }) => {
      const epw = parseEpw(readFileSync(`${folder}${file}`, "latin1"));
      expect(epw).toMatchObject({ hours: 8760, utcOffset_h: 1, location: { name, latitude_deg: latitude } });
      const yearMean = epw.dryBulbTemperature_c.reduce((sum, theta) => sum + theta, 0) / 8760;
      expect(yearMean).toBeGreaterThan(mean[0]);
      expect(yearMean).toBeLessThan(mean[1]);
    });

    it("has Lyon's last hours of December and first of January in a simulated new year", async () => {
      const epw = parseEpw(readFileSync(`${folder}FRA_Lyon-Bron_TMYx_2004-2018.epw`, "latin1"));
      const midnightMs = Date.UTC(2025, 11, 31, 23);
      const series = await epwSource(epw).series(midnightMs, midnightMs + 2 * hourMs);
      expect([...series.dryBulbTemperature_c]).toEqual([13.1, 0, 2]);
    });
  },
);

describe("files as they come", () => {
  const all = rows(2013);
  const withHeader = (lines: Record<number, string>, data = all) =>
    [...header.map((line, i) => lines[i] ?? line), ...data.map((fields) => fields.join(","))].join("\n");

  it("reads PVGIS's header, with daylight saving in the singular and negative zeros", () => {
    const data = all.map((fields) => fields.with(15, fields[15] === "1" ? "-0.00" : fields[15]));
    const epw = parseEpw(withHeader({ 4: "HOLIDAYS/DAYLIGHT SAVING,No,0,0,0" }, data));
    expect(epw.diffuseHorizontalIrradiance_w_m2[0]).toBe(0);
  });

  it("skips a byte order mark that was read as Latin-1", () => {
    expect(parseEpw(`\u00EF\u00BB\u00BF${text()}`).hours).toBe(8760);
  });

  it("reads a city in quotes with a comma in it", () => {
    const { location } = parseEpw(
      withHeader({ 0: 'LOCATION,"Lyon, Bron",AR,FRA,ISD,074800,45.7,4.9,1.0,198' }),
    );
    expect(location).toEqual({ name: "Lyon, Bron, FRA", latitude_deg: 45.7, longitude_deg: 4.9 });
  });

  it("takes tiny negative radiation for none, and refuses more", () => {
    expect(parseEpw(changed(0, 15, "-0.4")).diffuseHorizontalIrradiance_w_m2[0]).toBe(0);
    expect(() => parseEpw(changed(0, 15, "-40"))).toThrow(
      /line 9: diffuse .* must be within 0..1500, got -40/,
    );
  });

  it("takes -9999 for missing", () => {
    expect(parseEpw(changed(5, 6, "-9999")).dryBulbTemperature_c[5]).toBeCloseTo(0.005, 9);
    expect(() => parseEpw(changed(5, 6, "-9999", 9))).toThrow(
      /line 14: dry bulb is missing \(-9999\) for 9 h/,
    );
  });

  it("makes hours of four records each: means of the sun, the temperature at their end", () => {
    const quarters = all.flatMap((fields) =>
      [1, 2, 3, 4].map((part) => {
        const at = [...fields];
        at[4] = String(part * 15);
        at[6] = String(Number(fields[6]) + part - 4);
        at[14] = String(Number(fields[14]) + (part - 2.5) * 2);
        return at;
      }),
    );
    const epw = parseEpw(withHeader({ 7: "DATA PERIODS,1,4,Data,Sunday,1/1,12/31" }, quarters));
    const whole = parseEpw(text());
    expect(epw.dryBulbTemperature_c[30]).toBeCloseTo(whole.dryBulbTemperature_c[30], 9);
    expect(epw.directNormalIrradiance_w_m2[30]).toBeCloseTo(whole.directNormalIrradiance_w_m2[30], 9);
    expect(() => parseEpw(withHeader({ 7: "DATA PERIODS,1,7,Data,Sunday,1/1,12/31" }))).toThrow(
      /line 8: records per hour must divide 60, got "7"/,
    );
  });

  it("says where the weather of a real year is laid on another winter", async () => {
    const real = epwSource(parseEpw(text()));
    const sourceOf = async (day: string) =>
      (await real.series(Date.parse(day), Date.parse(day) + 24 * hourMs)).source;
    expect(await sourceOf("2013-02-01")).toBe("EPW Somewhere, FRA");
    expect(await sourceOf("2026-02-01")).toBe("EPW Somewhere, FRA, the weather of 2013 laid on 2026");
    const typical = epwSource(
      parseEpw(
        withHeader(
          {},
          all.map((fields, i) => fields.with(0, i < 744 ? "2009" : "2012")),
        ),
      ),
    );
    expect((await typical.series(Date.parse("2026-02-01"), Date.parse("2026-02-02"))).source).toBe(
      "EPW Somewhere, FRA",
    );
  });

  it("is read out of a zip archive", async () => {
    const folder = mkdtempSync(join(tmpdir(), "azru-epw-"));
    const path = join(folder, "somewhere.zip");
    writeFileSync(
      path,
      zipSync({ "readme.txt": strToU8("no weather"), "data/Somewhere.epw": strToU8(text()) }),
    );
    const source = await epwFileSource(path);
    expect(source.name).toBe("EPW Somewhere, FRA");
    writeFileSync(path, zipSync({ "readme.txt": strToU8("no weather") }));
    await expect(epwFileSource(path)).rejects.toThrow(
      /somewhere\.zip has no EPW file of at most 20 MB in it/,
    );
    rmSync(folder, { recursive: true });
  });
});
