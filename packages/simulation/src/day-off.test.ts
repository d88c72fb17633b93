import { gainsAt_w, type House, houseOf, modelOf, nextState, outputOf } from "@azru/house";
import { typicalNoise } from "@azru/identification";
import { prototypeHome, prototypeWindows } from "@azru/physics";
import { homeHour } from "@azru/time";
import { describe, expect, test } from "vitest";
import { isDayOff } from "./day-off.ts";
import { createHouseKnowledge, type KnowledgeOptions } from "./house-knowledge.ts";

const hourMs = 3_600_000;

function daysOffIn(year: number, month: number): number[] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: days }, (_, i) => i + 1).filter((day) =>
    isDayOff(Date.UTC(year, month - 1, day, 11)),
  );
}

describe("days off", () => {
  test.each([
    [2026, 12, [5, 6, 12, 13, 19, 20, 25, 26, 27]], // Christmas on a Friday
    [2026, 11, [1, 7, 8, 11, 14, 15, 21, 22, 28, 29]],
    [2026, 4, [4, 5, 6, 11, 12, 18, 19, 25, 26]], // Easter Monday on the 6th
    [2026, 5, [1, 2, 3, 8, 9, 10, 14, 16, 17, 23, 24, 25, 30, 31]], // Ascension, Whit Monday
  ])("of %d-%d", (year, month, days) => {
    expect(daysOffIn(year, month)).toEqual(days);
  });

  test("begin and end at midnight in Paris, in winter and across the changes of clocks", () => {
    expect(isDayOff(Date.parse("2026-12-24T22:59:59Z"))).toBe(false);
    expect(isDayOff(Date.parse("2026-12-24T23:00:00Z"))).toBe(true);
    expect(isDayOff(Date.parse("2026-07-13T21:59:59Z"))).toBe(false);
    expect(isDayOff(Date.parse("2026-07-13T22:00:00Z"))).toBe(true);
    for (const [sunday, hours] of [
      ["2026-03-29", 47],
      ["2026-10-25", 49],
    ] as const) {
      const fromMs = Date.parse(`${sunday}T00:00:00Z`) - 30 * hourMs;
      const times = Array.from({ length: 72 }, (_, i) => fromMs + i * hourMs);
      expect(times.filter((timeMs) => isDayOff(timeMs))).toHaveLength(hours);
    }
  });
});

/** A December in which people work on weekdays, and are at home by day on days off. */
describe("a December", () => {
  const building = {
    zone: prototypeHome,
    windows: prototypeWindows,
    internalGains_w: 150,
    heating: { emission: "floorHeating", supply: "electric", maxPower_w: 3000 },
  } as const;
  const house: House = houseOf(building);
  const noise = { ...typicalNoise(building.zone.floorArea_m2), gains_w: 40 };
  const dtSeconds = 1800;
  const model = modelOf(house, dtSeconds);
  const startMs = Date.parse("2026-12-03T00:00:00+01:00");

  function filterAfter(days: number, options: Pick<KnowledgeOptions, "isDayOff">) {
    const knowledge = createHouseKnowledge({ house, noise }, { dtSeconds, hourOfDay: homeHour, ...options });
    let x: ArrayLike<number> = [20, 23, 19];
    for (let k = 0; k < days * 48; k++) {
      const timeMs = startMs + k * dtSeconds * 1000;
      const hour = homeHour(timeMs + dtSeconds * 500);
      const atHome_w = isDayOff(timeMs) && hour >= 9 && hour < 18 ? 400 : 0;
      const d = {
        theta_e_c: 5 + 3 * Math.sin(k / 20),
        phi_sol_w: 0,
        phi_int_w: gainsAt_w(house, hour) + atHome_w,
      };
      const phi_HC_w = Math.floor(k / 5) % 3 === 0 ? 2500 : 500;
      const measured_c = outputOf(model, x, phi_HC_w, d);
      x = nextState(model, x, phi_HC_w, d);
      knowledge.filter.advance({
        startMs: timeMs,
        phi_HC_w,
        theta_e_c: d.theta_e_c,
        phi_sol_w: 0,
        measured_c,
      });
    }
    return knowledge.filter;
  }

  /** Mean heat of people expected from 10 to 17 h of a day, W. */
  function expected_w(filter: ReturnType<typeof filterAfter>, day: string): number {
    const ahead_w = filter.gainsAhead_w(Date.parse(`${day}T10:00:00+01:00`), 14);
    return ahead_w.reduce((sum, value) => sum + value, 0) / 14;
  }

  test("Christmas is expected as the Sunday after it, by who knows the calendar only", () => {
    const [knowing, unknowing] = [filterAfter(21, { isDayOff }), filterAfter(4, {})];
    const sunday_w = expected_w(knowing, "2026-12-27");
    const tuesday_w = expected_w(knowing, "2026-12-22");
    expect(sunday_w - tuesday_w).toBeGreaterThan(100);
    expect(expected_w(knowing, "2026-12-25")).toBeCloseTo(sunday_w, 9);
    expect(expected_w(unknowing, "2026-12-25")).toBeCloseTo(expected_w(unknowing, "2026-12-22"), 9);
  });
});
