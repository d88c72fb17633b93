import {
  type ColourProbabilities,
  colourProbabilities,
  publishedCalendar,
  seasonDays,
  temperatureExpectation,
  tempoDay,
  tempoDayMeans,
} from "@azru/tariff";
import { forecastSteps, normalTemperature_c, referenceYearSource, stepMeans, towns } from "@azru/weather";
import { expect, test } from "vitest";
import { allottedSeasons } from "./allotted-season.ts";

const hourMs = 3_600_000;

test("in an allotted season, forecasts of temperature halve the error of the odds", async () => {
  const weather = referenceYearSource({ town: "lyon" });
  const days = seasonDays("2025-2026").slice(2, -1);
  const calendar = await allottedSeasons(weather, tempoDay(days[0]).startMs, tempoDay(days[0]).endMs);

  /** The whole days that a forecast of 72 h has, issued at 06:00 of the day before. */
  const saidAt = async (issuedMs: number) => {
    const truth = stepMeans(await weather.series(issuedMs, issuedMs + 72 * hourMs), issuedMs, 3600, 72);
    return tempoDayMeans(issuedMs, 3600, forecastSteps(truth, issuedMs).dryBulbTemperature_c);
  };
  let said: ReadonlyMap<string, number> = new Map();
  const byTemperature = temperatureExpectation({
    normal_c: normalTemperature_c(towns.lyon),
    forecast_c: (day) => said.get(day),
  });

  const brier = (p: ColourProbabilities, day: string) =>
    (["blue", "white", "red"] as const).reduce(
      (sum, colour) => sum + (p[colour] - (calendar.colours.get(day) === colour ? 1 : 0)) ** 2,
      0,
    );
  let withTemperature = 0;
  let without = 0;
  for (const day of days) {
    const issuedMs = tempoDay(day).startMs - 24 * hourMs;
    said = await saidAt(issuedMs);
    const known = publishedCalendar(calendar, issuedMs);
    withTemperature += brier(byTemperature(day, known, issuedMs), day);
    without += brier(colourProbabilities(day, known), day);
  }
  expect(without / days.length).toBeLessThan(0.3);
  expect(withTemperature).toBeLessThan(without / 2);
});
