import { expect, test } from "vitest";
import { admissible, publishedCalendar, remainingQuota, validateCalendar } from "./calendar.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import type { TempoColour } from "./rate.ts";

test.each([
  ["2024-10-31", false, true], // a Thursday before the red months
  ["2024-11-01", false, true], // All Saints, a Friday
  ["2024-11-04", true, true],
  ["2024-11-11", false, true], // Armistice, a Monday
  ["2024-12-25", false, true],
  ["2025-01-04", false, true], // a Saturday
  ["2025-01-05", false, false], // a Sunday
  ["2025-03-31", true, true],
  ["2025-04-01", false, true],
  ["2024-04-01", false, true], // Easter Monday
])("%s may be red: %s, white: %s", (day, red, white) => {
  expect(admissible(day, "red")).toBe(red);
  expect(admissible(day, "white")).toBe(white);
  expect(admissible(day, "blue")).toBe(true);
});

test("the season that RTE drew in 2022-2023 breaks no rule", () => {
  expect(season2022.colours.size).toBe(365);
  expect(validateCalendar(season2022)).toEqual([]);
});

test("a calendar against the rules is refused with what is wrong", () => {
  const colours = new Map<string, TempoColour>(season2022.colours);
  colours.set("2022-12-25", "white");
  colours.set("2023-01-01", "red");
  colours.set("2023-01-07", "red");
  colours.set("2023-04-10", "red");
  colours.set("2023-06-09", "blue");
  colours.set("2023-06-12", "blue");
  expect(validateCalendar({ source: "test", colours })).toEqual([
    "2022-12-25 cannot be white: it is a Sunday",
    "2023-01-01 cannot be red: it is a Sunday",
    "2023-01-07 cannot be red: it is a Saturday",
    "2023-04-10 cannot be red: it is not within 1 November to 31 March",
    expect.stringMatching(
      /^season 2022-2023 has 25 red days, the quota is 22: beyond it (2023-0\d-\d\d(, )?){3}$/,
    ),
    "season 2022-2023 has 42 white days, the quota is 43",
  ]);
  const holiday = new Map<string, TempoColour>([["2024-11-11", "red"]]);
  expect(validateCalendar({ source: "test", colours: holiday })).toEqual([
    "2024-11-11 cannot be red: it is a public holiday",
  ]);
});

test("the quota left counts what was drawn before the day", () => {
  expect(remainingQuota(season2022, "2022-09-01")).toEqual({ red: 22, white: 43, blue: 300 });
  expect(remainingQuota(season2022, "2022-12-13")).toEqual({ red: 20, white: 34, blue: 300 - 92 });
  expect(remainingQuota(season2022, "2023-08-31")).toEqual({ red: 0, white: 0, blue: 1 });
  expect(remainingQuota(season2022, "2023-09-01")).toEqual({ red: 22, white: 43, blue: 301 });
});

test("before 11:00 the calendar ends today, afterwards tomorrow", () => {
  const lastKnown = (instant: string) =>
    [...publishedCalendar(season2022, Date.parse(instant)).colours.keys()].at(-1);
  expect(lastKnown("2023-01-16T09:59:59Z")).toBe("2023-01-16");
  expect(lastKnown("2023-01-16T10:00:00Z")).toBe("2023-01-17");
});
