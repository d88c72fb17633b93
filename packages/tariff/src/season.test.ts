import { expect, test } from "vitest";
import { seasonDays, seasonOf } from "./season.ts";

test("a season runs from 1 September to 31 August", () => {
  expect(seasonOf("2024-08-31")).toBe("2023-2024");
  expect(seasonOf("2024-09-01")).toBe("2024-2025");
  expect(seasonOf("2025-01-01")).toBe("2024-2025");
  const days = seasonDays("2023-2024");
  expect([days.length, days[0], days.at(-1)]).toEqual([366, "2023-09-01", "2024-08-31"]);
  expect(seasonDays("2024-2025")).toHaveLength(365);
});

test.each(["2024", "2024-2026", "2025-2024", "24-25", ""])("season %j is refused", (season) => {
  expect(() => seasonDays(season)).toThrow(`got ${JSON.stringify(season)}`);
});
