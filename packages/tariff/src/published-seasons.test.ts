import { expect, test } from "vitest";
import { seasonQuota, validateCalendar } from "./calendar.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { publishedSeasons } from "./published-seasons.ts";
import { seasonDays } from "./season.ts";

const seasons = Array.from({ length: 11 }, (_, i) => `${2014 + i}-${2015 + i}`);

test("eleven whole seasons, lawful but for the red days that 2019-2020 did not use", () => {
  expect([...publishedSeasons.colours.keys()]).toEqual(seasons.flatMap((season) => seasonDays(season)));
  expect(validateCalendar(publishedSeasons)).toEqual([
    `season 2019-2020 has 18 red days, the quota is ${seasonQuota.red}`,
    expect.stringMatching(/^season 2019-2020 has 47 white days, the quota is 43: beyond it /),
  ]);
});

test("the season that was published on its own is the same", () => {
  for (const [day, colour] of season2022.colours) expect(publishedSeasons.colours.get(day)).toBe(colour);
});
