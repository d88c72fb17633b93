import { expect, test } from "vitest";
import { type DaySpent, spentUntil, withSpent } from "./spending.ts";

function spent(...entries: [day: string, paid_eur: number, baseline_eur: number][]): readonly DaySpent[] {
  return entries.reduce<readonly DaySpent[]>(
    (days, [day, paid_eur, baseline_eur]) => withSpent(days, day, { paid_eur, baseline_eur }),
    [],
  );
}

test("a day and a month begin at midnight of the home, and what is reported late counts where it was spent", () => {
  const days = spent(
    ["2026-03-30", 4, 5],
    ["2026-03-31", 1, 2],
    ["2026-04-01", 0.5, 0],
    ["2026-03-31", 0, 1],
  );
  const beforeMidnight = Date.parse("2026-03-31T23:59:59+02:00");
  expect(spentUntil(days, beforeMidnight)).toEqual({
    today: { paid_eur: 1, baseline_eur: 3 },
    month: { paid_eur: 5, baseline_eur: 8 },
  });
  expect(spentUntil(days, beforeMidnight + 1000)).toEqual({
    today: { paid_eur: 0.5, baseline_eur: 0 },
    month: { paid_eur: 0.5, baseline_eur: 0 },
  });
});

test("keeps a whole month, however long the home is lived in", () => {
  let days: readonly DaySpent[] = [];
  const startMs = Date.parse("2026-01-01T12:00:00Z");
  for (let day = 0; day < 365; day++) {
    days = withSpent(days, new Date(startMs + day * 86_400_000).toISOString().slice(0, 10), { paid_eur: 1 });
  }
  expect(spentUntil(days, Date.parse("2026-12-31T12:00:00Z")).month).toEqual({
    paid_eur: 31,
    baseline_eur: 0,
  });
  expect(days.length).toBeLessThan(50);
});
