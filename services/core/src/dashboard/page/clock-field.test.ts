import { expect, test } from "vitest";
import { momentOf, momentText, timeOfDay } from "./clock-field.ts";

const nowMs = Date.parse("2026-11-27T17:00:00Z");

test.each([
  ["06:30", "06:30"],
  ["6:30", "06:30"],
  ["6h30", "06:30"],
  ["6 h", "06:00"],
  ["22H", "22:00"],
  ["0630", "06:30"],
  [" 23:59 ", "23:59"],
  ["24:00", undefined],
  ["12:60", undefined],
  ["6", undefined],
  ["", undefined],
  ["6:30 pm", undefined],
])("%j as a time of day", (text, time) => {
  expect(timeOfDay(text)).toBe(time);
});

test.each([
  ["21/02/2026 18:00", "2026-02-21T18:00"],
  ["1.3.2026 6h30", "2026-03-01T06:30"],
  ["24/12, 18h", "2026-12-24T18:00"],
  ["21/2 18h", "2027-02-21T18:00"],
  ["27/11 08:00", "2026-11-27T08:00"],
  ["29/2 18h", undefined],
  ["29/02/2028 18:00", "2028-02-29T18:00"],
  ["31/04/2026 18:00", undefined],
  ["2026-02-21T18:00", "2026-02-21T18:00"],
  ["2026-13-21T18:00", undefined],
  ["21/02/2026", undefined],
  ["tomorrow 18:00", undefined],
  ["", undefined],
])("%j as a moment", (text, moment) => {
  expect(momentOf(text, nowMs)).toBe(moment);
});

test("a moment is written as it is read", () => {
  expect(momentText("2026-02-21T18:00")).toBe("21/02/2026 18:00");
  expect(momentOf(momentText("2026-02-01T06:05"), nowMs)).toBe("2026-02-01T06:05");
});
