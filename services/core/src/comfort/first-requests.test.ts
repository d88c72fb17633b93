import { newHomeRequests, scheduleAlone } from "@azru/comfort";
import { comfortSettingsOf, usualAnswers } from "@azru/setup";
import { expect, test } from "vitest";
import { firstRequests } from "./first-requests.ts";

const building = { comfort: { min_c: 19, max_c: 28 } };
const nowMs = Date.UTC(2026, 0, 15);
const settings = comfortSettingsOf({ ...usualAnswers, coolest_day_c: 20 });
const described = { settings, writtenMs: nowMs };
const real = { building, described: undefined, isSimulated: false };

test("a home that nobody has described and that remembers nothing is as usual; a simulated one has its building's ceiling", () => {
  expect(firstRequests(undefined, real)).toEqual(newHomeRequests(building, 0));
  expect(firstRequests(undefined, { ...real, isSimulated: true }).settings.warmest).toBeUndefined();
});

test("what set-up asked for holds until something is asked for later", () => {
  expect(firstRequests(undefined, { ...real, described })).toEqual(scheduleAlone(settings, nowMs));
  const before = scheduleAlone(newHomeRequests(building, 0).settings, nowMs - 1000);
  expect(firstRequests(before, { ...real, described })).toEqual({ ...before, settings });
  const later = { ...before, changed_at: new Date(nowMs + 1000).toISOString() };
  expect(firstRequests(later, { ...real, described })).toBe(later);
});
