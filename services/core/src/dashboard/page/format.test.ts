import { describe, expect, test } from "vitest";
import { createFormat, dayOf, hourOf, midnightBefore, preferredLanguage } from "./format.ts";
import { hourTicks } from "./time-axis.ts";

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

  test("ticks stay at round hours", () => {
    const noon_s = Date.parse("2026-03-28T11:00:00Z") / 1000;
    const hours = hourTicks(noon_s, noon_s + 86_400, 5).map((at_s) => hourOf(at_s * 1000));
    expect(hours).toEqual([12, 18, 0, 6, 12]);
  });
});
