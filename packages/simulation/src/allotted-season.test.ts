import { seasonDays, seasonQuota, tempoDay } from "@azru/tariff";
import { referenceYearSource } from "@azru/weather";
import { expect, test } from "vitest";
import { allottedSeasons } from "./allotted-season.ts";

const weather = referenceYearSource({ town: "lyon" });
const count = (colours: Iterable<string>, colour: string) => [...colours].filter((c) => c === colour).length;

test("allots the whole season that a day lies in, with its quotas", async () => {
  const { startMs, endMs } = tempoDay("2026-01-15");
  const { colours, source } = await allottedSeasons(weather, startMs, endMs);
  expect([...colours.keys()].sort()).toEqual(seasonDays("2025-2026"));
  expect(count(colours.values(), "red")).toBe(seasonQuota.red);
  expect(count(colours.values(), "white")).toBe(seasonQuota.white);
  expect(source).toContain("allotted");
});

test("does not depend on which part of the season is asked for", async () => {
  const january = tempoDay("2026-01-15");
  const may = tempoDay("2026-05-02");
  const one = await allottedSeasons(weather, january.startMs, january.endMs);
  expect(await allottedSeasons(weather, may.startMs, may.endMs)).toEqual(one);
});

test("allots both seasons of a stretch that spans the first of September", async () => {
  const calendar = await allottedSeasons(
    weather,
    tempoDay("2026-08-31").startMs,
    tempoDay("2026-09-02").startMs,
  );
  expect(count(calendar.colours.values(), "red")).toBe(2 * seasonQuota.red);
});
