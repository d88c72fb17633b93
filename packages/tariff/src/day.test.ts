import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayNumber, dayOfNumber, weekday } from "./day.ts";

test.each(["2023-02-29", "2024-02-30", "2024-13-01", "2024-1-1", "2024-01-01T00:00", "", "today"])(
  "%j is refused with its value",
  (text) => {
    expect(() => dayNumber(text)).toThrow(`day must be a date YYYY-MM-DD, got ${JSON.stringify(text)}`);
  },
);

test("adding days crosses months, leap days and years", () => {
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(addDays("2023-02-28", 1)).toBe("2023-03-01");
  expect(addDays("2025-01-01", -1)).toBe("2024-12-31");
});

test("weekdays, also before 1970", () => {
  expect(weekday("2024-09-01")).toBe(0);
  expect(weekday("2024-08-31")).toBe(6);
  expect(weekday("1969-07-20")).toBe(0);
});

test("numbers and days convert back and forth", () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (number) => {
      expect(dayNumber(dayOfNumber(number))).toBe(number);
    }),
  );
  expect(() => dayOfNumber(4_000_000)).toThrow("day number 4000000 is outside years 0 to 9999");
});
