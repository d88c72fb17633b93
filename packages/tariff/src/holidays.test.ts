import Holidays from "date-holidays";
import { expect, test } from "vitest";
import { easterSunday, isPublicHoliday, publicHolidays } from "./holidays.ts";

test("agrees with date-holidays over a century", () => {
  const france = new Holidays("FR", { types: ["public"], languages: "fr" });
  for (let year = 1982; year <= 2099; year++) {
    const theirs = new Set(france.getHolidays(year).map(({ date }) => date.slice(0, 10)));
    expect([...new Set(publicHolidays(year))].sort()).toEqual([...theirs].sort());
  }
});

test("the earliest and the latest Easter", () => {
  expect(easterSunday(1818)).toBe("1818-03-22");
  expect(easterSunday(2038)).toBe("2038-04-25");
});

test("distinguishes holidays from ordinary days", () => {
  expect(isPublicHoliday("2024-11-11")).toBe(true);
  expect(isPublicHoliday("2024-04-01")).toBe(true); // Easter Monday
  expect(isPublicHoliday("2024-12-26")).toBe(false); // a holiday in Alsace and Moselle only
  expect(() => isPublicHoliday("2024-02-31")).toThrow('got "2024-02-31"');
  expect(() => publicHolidays(2024.5)).toThrow("year must be a whole number within 0..9999, got 2024.5");
});
