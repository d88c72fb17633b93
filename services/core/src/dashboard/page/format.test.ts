import { describe, expect, test } from "vitest";
import {
  createFormat,
  dayOf,
  hourOf,
  midnightBefore,
  midnightsBetween,
  preferredLanguage,
} from "./format.ts";

test("a browser gets the first of its languages that the page speaks", () => {
  expect(preferredLanguage(["de-DE", "fr-CA", "en"])).toBe("fr");
  expect(preferredLanguage(["", "en-US", "fr"])).toBe("en");
  expect(preferredLanguage(["de", "frr"])).toBe("fr");
  expect(preferredLanguage(["de"])).toBe("en");
});

test("numbers are written as each language writes them, without a negative zero", () => {
  const en = createFormat("en");
  const fr = createFormat("fr");
  expect([en.temperature(-3.04), fr.temperature(19.25)]).toEqual(["−3.0\u00a0°C", "19,3\u00a0°C"]);
  expect([en.temperature(-0.01), en.percent(0.4)]).toEqual(["0.0\u00a0°C", "0\u00a0%"]);
  expect([en.price(0.13245), en.energy(6.24), en.energy(12.4)]).toEqual([
    "0.1325\u00a0€/kWh",
    "6.2\u00a0kWh",
    "12\u00a0kWh",
  ]);
  expect([en.money(1.5), fr.money(-1.5)]).toEqual(["€1.50", "−1,50\u00a0€"]);
});

describe("the home's time, on the days that clocks change", () => {
  // 29 March has 23 hours, 25 October 25.
  test.each([
    ["2026-01-15T05:00:00Z", "2026-01-14T23:00:00Z"],
    ["2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"],
    ["2026-10-25T12:34:56.789Z", "2026-10-24T22:00:00Z"],
    ["2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z"],
  ])("the day of %s began at %s", (time, began) => {
    expect(new Date(midnightBefore(Date.parse(time))).toISOString()).toBe(new Date(began).toISOString());
  });

  test("is Paris time", () => {
    const timeMs = Date.parse("2026-07-01T22:30:00Z");
    expect([dayOf(timeMs), hourOf(timeMs)]).toEqual(["2026-07-02", 0.5]);
  });

  test.each(["2026-01-14T23:00:00Z", "2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z"])(
    "every minute of the day that begins at %s has that midnight",
    (began) => {
      const beganMs = Date.parse(began);
      for (let minute = 0; minute < 23 * 60; minute++) {
        expect(midnightBefore(beganMs + minute * 60_000 + 17_003)).toBe(beganMs);
      }
    },
  );

  test("midnights follow each other, those around a stretch included", () => {
    const midnights = midnightsBetween(
      Date.parse("2026-03-28T12:00:00Z"),
      Date.parse("2026-03-29T22:00:00Z"),
    );
    expect(midnights.map((timeMs) => new Date(timeMs).toISOString().slice(0, 16))).toEqual([
      "2026-03-27T23:00",
      "2026-03-28T23:00",
      "2026-03-29T22:00",
      "2026-03-30T22:00",
    ]);
  });
});
