/** Files that people bring: weather, calendars, buildings, scenarios. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { BuildingFileError, buildingSchema, parseBuilding } from "@azru/contracts";
import { parseCalendar, TariffSourceError } from "@azru/tariff";
import {
  EpwError,
  epwSource,
  parseEpw,
  parseScenario,
  scenarioSource,
  type WeatherSeries,
  WeatherSourceError,
  weatherSourceFrom,
} from "@azru/weather";
import fc from "fast-check";
import { describe, it } from "vitest";
import { damaged } from "../../packages/contracts/src/testing/arbitraries.ts";
import { refusedOr, rejectedOr } from "./errors.ts";
import { anyText, mutated } from "./mutations.ts";
import { patience_ms, runs } from "./runs.ts";

const hourMs = 3_600_000;
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

function checkWeather(series: WeatherSeries): void {
  const { dryBulbTemperature_c, directNormalIrradiance_w_m2, diffuseHorizontalIrradiance_w_m2, cloudCover } =
    series;
  const within = (values: Float64Array, low: number, high: number) =>
    values.every((value) => value >= low && value <= high);
  assert.ok(within(dryBulbTemperature_c, -90, 60));
  assert.ok(within(directNormalIrradiance_w_m2, 0, 1500));
  assert.ok(within(diffuseHorizontalIrradiance_w_m2, 0, 1500));
  assert.ok(within(cloudCover, 0, 1));
}

describe("EPW files", () => {
  const header = [
    "LOCATION,Lyon,-,FRA,IWEC Data,074810,45.73,5.08,1.0,240.0",
    "DESIGN CONDITIONS,0",
    "TYPICAL/EXTREME PERIODS,0",
    "GROUND TEMPERATURES,0",
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
    "COMMENTS 1,a year of its own",
    "COMMENTS 2,",
    "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
  ];
  const rows = Array.from({ length: 8760 }, (_, i) => {
    const begin = new Date(Date.UTC(2001, 0, 1) + i * hourMs);
    const [month, day, hour] = [begin.getUTCMonth() + 1, begin.getUTCDate(), begin.getUTCHours() + 1];
    const temperature_c =
      12 - 10 * Math.cos((2 * Math.PI * i) / 8760) + 4 * Math.sin((2 * Math.PI * hour) / 24);
    const sun = Math.max(0, Math.sin((Math.PI * (hour - 7)) / 12));
    return `1991,${month},${day},${hour},60,?9?9,${temperature_c.toFixed(1)},4.0,71,98700,0,9999,310,${Math.round(500 * sun)},${Math.round(600 * sun)},${Math.round(120 * sun)},9999,9999,9999,9999,180,3.1,${i % 11},${i % 11},9999,99999,9,999999999,40,0.1,0,88`;
  });
  const whole = [...header, ...rows, ""].join("\n");
  const problem = /^EPW line \d+: .+/;

  it("are a year of plausible weather or refused by line, with faults anywhere in the year", {
    timeout: patience_ms,
  }, async () => {
    let accepted = 0;
    const files = mutated(fc.constantFrom(whole, whole.replaceAll("\n", "\r\n")), 2);
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 0, max: 8759 }), async (text, hour) => {
        const epw = refusedOr(() => parseEpw(text), [EpwError], problem);
        if (!epw) return;
        accepted++;
        const startMs = Date.UTC(2026, 0, 1) + hour * hourMs;
        checkWeather(await epwSource(epw).series(startMs, startMs + 24 * hourMs));
      }),
      runs(40),
    );
    assert.ok(accepted > 0);
  });

  it("are refused by line where the beginning is already wrong", { timeout: patience_ms }, () => {
    const beginning = [...header, ...rows.slice(0, 4)].join("\n");
    fc.assert(
      fc.property(mutated(fc.constant(beginning), 4), (text) => {
        assert.equal(
          refusedOr(() => parseEpw(text), [EpwError], problem),
          undefined,
        );
      }),
      runs(6_000),
    );
  });
});

describe("calendar files", () => {
  const csv = read("packages/tariff/src/fixtures/tempo-2022-2023.csv");
  const lines = csv.split("\n");
  const short = lines.slice(0, 6).join("\n");
  const days = lines.slice(1, 8).map((line) => line.split(","));
  const json = JSON.stringify(Object.fromEntries(days), null, 1);
  const list = JSON.stringify(days.map(([dateJour], i) => ({ dateJour, codeJour: i % 4 })));
  const problem = /^calendar\.(csv|json): .+/;

  function checkCalendar(text: string, format: "csv" | "json"): boolean {
    const calendar = refusedOr(
      () => parseCalendar(text, format, `calendar.${format}`),
      [TariffSourceError],
      problem,
    );
    for (const [day, colour] of calendar?.colours ?? []) {
      assert.ok(!Number.isNaN(Date.parse(day)), day);
      assert.ok(["blue", "white", "red"].includes(colour), colour);
    }
    return calendar !== undefined;
  }

  it("in CSV give days and colours or are refused by field", { timeout: patience_ms }, () => {
    let accepted = 0;
    const texts = fc.oneof(
      { weight: 9, arbitrary: mutated(fc.constantFrom(short, short.replaceAll(",", ";"))) },
      { weight: 1, arbitrary: anyText },
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (checkCalendar(text, "csv")) accepted++;
      }),
      runs(8_000),
    );
    fc.assert(
      fc.property(mutated(fc.constant(csv)), (text) => void checkCalendar(text, "csv")),
      runs(200),
    );
    assert.ok(accepted > 0);
  });

  it("in JSON give days and colours or are refused by field", { timeout: patience_ms }, () => {
    let accepted = 0;
    const texts = fc.oneof(
      { weight: 6, arbitrary: mutated(fc.constantFrom(json, list)) },
      {
        weight: 3,
        arbitrary: damaged(fc.constantFrom(...[json, list].map((text): unknown => JSON.parse(text)))).map(
          (value) => JSON.stringify(value) ?? "",
        ),
      },
      { weight: 1, arbitrary: fc.json() },
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (checkCalendar(text, "json")) accepted++;
      }),
      runs(6_000),
    );
    assert.ok(accepted > 0);
  });
});

describe("building files", () => {
  const files = readdirSync(new URL("../../examples/buildings", import.meta.url)).map((name) =>
    read(`examples/buildings/${name}`),
  );

  it("are a building or refused by file and field", { timeout: patience_ms }, () => {
    let accepted = 0;
    const texts = fc.oneof(
      { weight: 5, arbitrary: mutated(fc.constantFrom(...files)) },
      {
        weight: 5,
        arbitrary: damaged(fc.constantFrom(...files.map((text): unknown => JSON.parse(text)))).map(
          (value) => JSON.stringify(value) ?? "",
        ),
      },
      { weight: 1, arbitrary: fc.json() },
    );
    fc.assert(
      fc.property(texts, (text) => {
        const building = refusedOr(
          () => parseBuilding(text, "home.json"),
          [BuildingFileError],
          /^home\.json(: building| is not JSON: ).*/,
        );
        if (!building) return;
        accepted++;
        const json = JSON.stringify(building);
        assert.equal(JSON.stringify(buildingSchema.parse(JSON.parse(json))), json);
      }),
      runs(15_000),
    );
    assert.ok(accepted > 0);
  });
});

describe("weather by name", () => {
  const scenario: unknown = JSON.parse(read("packages/weather/src/scenarios/harsh-winter.json"));

  it("a scenario is plausible weather or refused by field", { timeout: patience_ms }, async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 5, arbitrary: damaged(fc.constant(scenario)) }, fc.jsonValue()),
        async (value) => {
          const parsed = refusedOr(() => parseScenario(value), [RangeError], /^scenario\..+: .+/);
          if (!parsed) return;
          accepted++;
          const startMs = Date.UTC(2026, 0, 10);
          checkWeather(await scenarioSource(parsed).series(startMs, startMs + 24 * hourMs));
        },
      ),
      runs(6_000),
    );
    assert.ok(accepted > 0);
  });

  it("is found or refused with what is possible", { timeout: patience_ms }, async () => {
    const name = fc
      .tuple(
        fc.constantFrom(
          "reference",
          "reference:lyon",
          "reference:paris:",
          "scenario",
          "scenario:harsh-winter",
          "epw",
          "epw:/nowhere/",
          "open-meteo",
          "open-meteo:45.7,",
          "open-meteo:",
          "",
        ),
        fc.oneof(
          fc.constantFrom("", ":", ":7", ".json", "4.8", "__proto__", ":constructor", "toString"),
          anyText,
        ),
      )
      .map((parts) => parts.join(""));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(name, async (spec) => {
        const source = await rejectedOr(
          weatherSourceFrom(spec, { openMeteo: { now: () => Date.UTC(2026, 0, 15) } }),
          [WeatherSourceError],
          /.+/,
        );
        if (source) accepted++;
      }),
      runs(10_000),
    );
    assert.ok(accepted > 0);
  });
});
