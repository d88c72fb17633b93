import { describe, expect, it } from "vitest";
import { homeDay, parseStart } from "./start-time.ts";

describe("the start", () => {
  it.each([
    ["2026-01-11", "2026-01-10T23:00:00.000Z"],
    ["2026-01-11T00:00:00", "2026-01-10T23:00:00.000Z"],
    ["2026-07-01T06:00", "2026-07-01T04:00:00.000Z"],
    ["2026-01-11T00:00:00Z", "2026-01-11T00:00:00.000Z"],
    ["2026-01-11T00:00:00-05:00", "2026-01-11T05:00:00.000Z"],
  ])("%s is home time unless it has an offset", (text, instant) => {
    expect(new Date(parseStart(text)).toISOString()).toBe(instant);
  });

  it.each(["", "yesterday", "2026-02-30", "11/01/2026"])("%j is none", (text) => {
    expect(() => parseStart(text)).toThrow(RangeError);
  });

  it("falls on the day of home time", () => {
    expect(homeDay(Date.UTC(2026, 0, 10, 23, 30))).toBe("2026-01-11");
  });
});
