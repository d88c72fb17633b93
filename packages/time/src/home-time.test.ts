import { describe, expect, it } from "vitest";
import { homeDay, homeHour, homeInstant, homeMinute, parseHomeTime } from "./home-time.ts";

describe("home time", () => {
  it.each([
    ["2026-01-11", "2026-01-10T23:00:00.000Z"],
    ["2026-01-11T00:00:00", "2026-01-10T23:00:00.000Z"],
    ["2026-07-01T06:00", "2026-07-01T04:00:00.000Z"],
    ["2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
    ["2026-01-11T00:00:00Z", "2026-01-11T00:00:00.000Z"],
    ["2026-01-11T00:00:00-05:00", "2026-01-11T05:00:00.000Z"],
    ["2026-03-29T02:30+01:00", "2026-03-29T01:30:00.000Z"],
  ])("%s is that of Paris unless it has an offset", (text, instant) => {
    expect(new Date(parseHomeTime(text)).toISOString()).toBe(instant);
  });

  it.each(["", "yesterday", "2026-02-30", "11/01/2026", "2026-02-30T00:00Z"])("%j is none", (text) => {
    expect(() => parseHomeTime(text)).toThrow(
      new RangeError("must be an ISO 8601 time such as 2026-02-01T06:00"),
    );
  });

  it("skips an hour in spring", () => {
    expect(() => parseHomeTime("2026-03-29T02:30")).toThrow(
      new RangeError("must be a time that exists in Europe/Paris, where clocks skip it in spring"),
    );
  });

  it.each([
    ["2026-03-29", "01:59", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29", "02:00", "2026-03-29T01:00:00.000Z"],
    ["2026-03-29", "02:30", "2026-03-29T01:00:00.000Z"],
    ["2026-03-29", "03:00", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25", "02:30", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25", "03:00", "2026-10-25T02:00:00.000Z"],
  ])("clocks come on %s to %s at %s", (day, time, instant) => {
    expect(new Date(homeInstant(day, time)).toISOString()).toBe(instant);
  });

  it("is written as a day and as a minute", () => {
    const timeMs = Date.UTC(2026, 0, 10, 23, 30);
    expect(homeDay(timeMs)).toBe("2026-01-11");
    expect(homeMinute(timeMs)).toBe("2026-01-11 00:30");
    expect(homeMinute(timeMs + 0.25)).toBe("2026-01-11 00:30");
  });
});

it("counts the hours of a day as clocks do, in winter and in summer", () => {
  expect(homeHour(Date.parse("2026-01-15T23:30:00Z"))).toBeCloseTo(0.5, 9);
  expect(homeHour(Date.parse("2026-07-15T12:45:00Z"))).toBeCloseTo(14.75, 9);
});
