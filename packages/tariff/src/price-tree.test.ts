import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publishedCalendar, type TempoCalendar } from "./calendar.ts";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { peakOffPeakTariff } from "./peak-off-peak.ts";
import { cutBranches, type PriceBranches } from "./price-branches.ts";
import { pricesAt, tempoPrices } from "./prices.ts";
import { colourProbabilities } from "./probabilities.ts";
import type { Tariff, TempoColour } from "./rate.ts";
import { seasonDays } from "./season.ts";
import { stepPrices } from "./step-prices.ts";
import { tempoTariff } from "./tempo.ts";
import { tempoDay, tempoDayAt } from "./tempo-day.ts";

const hourMs = 3_600_000;
const prices = [{ ...tempoPrices[0], from: "1970-01-01" }];
/** A season and the first days of the next. */
const calendar: TempoCalendar = {
  source: "test",
  colours: new Map([
    ...season2022.colours,
    ...seasonDays("2023-2024")
      .slice(0, 14)
      .map((day) => [day, "blue"] as const),
  ]),
};
const tariff = tempoTariff({ calendar, prices });
const tuesday = Date.parse("2023-01-17T08:00+01:00");

interface Horizon {
  readonly startMs: number;
  readonly dtSeconds: number;
  readonly count: number;
}

/** Moments near the changes of the clocks, the season's end and all over the season, on any minute. */
const horizons = fc
  .record({
    nearMs: fc.constantFrom(
      Date.parse("2022-10-30T01:00Z"),
      Date.parse("2023-03-26T01:00Z"),
      Date.parse("2023-08-31T22:00Z"),
      ...Array.from({ length: 12 }, (_, i) => Date.UTC(2022, 11, 3 + 10 * i)),
    ),
    minutes: fc.integer({ min: -4 * 1440, max: 4 * 1440 }),
    isOnTheHour: fc.boolean(),
    hours: fc.integer({ min: 24, max: 72 }),
    dtSeconds: fc.constantFrom(900, 3600),
  })
  .map(({ nearMs, minutes, isOnTheHour, hours, dtSeconds }): Horizon => {
    const startMs = nearMs + minutes * 60_000;
    return {
      startMs: isOnTheHour ? Math.floor(startMs / hourMs) * hourMs : startMs,
      dtSeconds,
      count: (hours * 3600) / dtSeconds,
    };
  });

function treeOf(of: Tariff, { startMs, dtSeconds, count }: Horizon, knownAtMs = startMs) {
  return of.priceTree!(startMs, dtSeconds, count, knownAtMs);
}

function expectedPrices(of: Tariff, { startMs, dtSeconds, count }: Horizon, knownAtMs?: number) {
  return stepPrices(
    of.rates(startMs, startMs + count * dtSeconds * 1000, knownAtMs),
    startMs,
    dtSeconds,
    count,
  );
}

interface Course {
  readonly probability: number;
  readonly price_eur_kwh: readonly number[];
}

/** All that may come, one course a path, when prices until the first branching are given. */
function courses(tree: PriceBranches | undefined, start: Float64Array): Course[] {
  if (tree === undefined) return [{ probability: 1, price_eur_kwh: [...start] }];
  const walk = ({ step, branches }: PriceBranches, past: readonly number[]): Course[] => {
    expect(past).toHaveLength(step);
    return branches.flatMap(({ probability, price_eur_kwh, after }) => {
      const soFar = [...past, ...price_eur_kwh];
      const ends = after ? walk(after, soFar) : [{ probability: 1, price_eur_kwh: soFar }];
      return ends.map((end) => ({ ...end, probability: probability * end.probability }));
    });
  };
  return walk(tree, [...start.subarray(0, tree.step)]);
}

/** What may come, by asking for the prices of every combination of colours by itself. */
function coursesByColour(horizon: Horizon): Course[] {
  const endMs = horizon.startMs + horizon.count * horizon.dtSeconds * 1000;
  const open: string[] = [];
  for (let day = tempoDayAt(horizon.startMs); day.startMs < endMs; day = tempoDayAt(day.endMs)) {
    if (day.publishedMs > horizon.startMs) open.push(day.day);
  }
  const walk = (known: TempoCalendar, [day, ...later]: readonly string[], probability: number): Course[] => {
    if (day === undefined) {
      return [
        {
          probability,
          price_eur_kwh: [...expectedPrices(tempoTariff({ calendar: known, prices }), horizon)],
        },
      ];
    }
    const p = colourProbabilities(day, known);
    return (["blue", "white", "red"] as const).flatMap((colour) => {
      const colours = new Map<string, TempoColour>(known.colours).set(day, colour);
      return p[colour] < 1e-12 ? [] : walk({ source: "test", colours }, later, probability * p[colour]);
    });
  };
  return walk(publishedCalendar(calendar, horizon.startMs), open, 1);
}

/** Courses that are alike added up, in a fixed order. */
function sorted(all: readonly Course[]): Course[] {
  const byPrices = new Map<string, Course>();
  for (const { probability, price_eur_kwh } of all) {
    const key = price_eur_kwh.map((price) => price.toFixed(9)).join();
    byPrices.set(key, { probability: probability + (byPrices.get(key)?.probability ?? 0), price_eur_kwh });
  }
  return [...byPrices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, course]) => course);
}

function expectAlike(actual: readonly Course[], expected: readonly Course[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach(({ probability, price_eur_kwh }, i) => {
    expect(Math.abs(probability - expected[i].probability)).toBeLessThan(1e-12);
    price_eur_kwh.forEach((price, k) => {
      expect(Math.abs(price - expected[i].price_eur_kwh[k])).toBeLessThan(1e-12);
    });
  });
}

test("a day ahead at 08:00, tomorrow's colour turns out at 11:00", () => {
  const tree = treeOf(tariff, { startMs: tuesday, dtSeconds: 900, count: 96 })!;
  expect(tree.step).toBe(12);
  const p = colourProbabilities("2023-01-18", publishedCalendar(season2022, tuesday));
  const { blue, white, red } = prices[0].prices_eur_kwh;
  const summary = tree.branches.map(({ probability, price_eur_kwh, after }) => {
    return [probability, price_eur_kwh.length, price_eur_kwh.at(-1), after];
  });
  expect(summary).toEqual([
    [p.blue, 84, blue.peak, undefined],
    [p.white, 84, white.peak, undefined],
    [p.red, 84, red.peak, undefined],
  ]);
});

test("the tree holds exactly what every combination of colours would cost, with its probability", () => {
  fc.assert(
    fc.property(horizons, (horizon) => {
      const start = expectedPrices(tariff, horizon, horizon.startMs);
      expectAlike(sorted(courses(treeOf(tariff, horizon), start)), sorted(coursesByColour(horizon)));
    }),
    { numRuns: 60 },
  );
});

test("its mean is the expected price; siblings' probabilities sum to 1 and none is 0", () => {
  const check = ({ branches }: PriceBranches): void => {
    expect(branches.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
    for (const { probability, after } of branches) {
      expect(probability).toBeGreaterThan(0);
      if (after) check(after);
    }
  };
  fc.assert(
    fc.property(horizons, (horizon) => {
      const tree = treeOf(tariff, horizon);
      if (tree) check(tree);
      const expected = expectedPrices(tariff, horizon, horizon.startMs);
      const all = courses(tree, expected);
      expected.forEach((price, k) => {
        const mean = all.reduce((sum, course) => sum + course.probability * course.price_eur_kwh[k], 0);
        expect(Math.abs(mean - price)).toBeLessThan(1e-12);
      });
    }),
    { numRuns: 60 },
  );
});

test("what is published later makes no difference", () => {
  fc.assert(
    fc.property(horizons, (horizon) => {
      const ignorant = tempoTariff({ calendar: publishedCalendar(calendar, horizon.startMs), prices });
      expect(treeOf(tariff, horizon)).toEqual(treeOf(ignorant, horizon));
    }),
    { numRuns: 30 },
  );
});

test("two days ahead, the second day is shared by all colours of the first", () => {
  const { branches } = treeOf(tariff, { startMs: tuesday, dtSeconds: 900, count: 192 })!;
  const second = branches.map(({ after }) => after!);
  expect(second.map(({ step }) => step)).toEqual([108, 108, 108]);
  const tails = second.map((each) => each.branches.map(({ after }) => after!));
  expect(tails[0].map(({ step, branches: only }) => [step, only.length])).toEqual([
    [184, 1],
    [184, 1],
    [184, 1],
  ]);
  for (const i of [0, 1, 2]) expect(new Set(tails.map((ofColour) => ofColour[i])).size).toBe(1);
});

describe("nothing turns out", () => {
  test.each([
    ["once tomorrow is published and the day after begins too late", "2023-01-17T11:00+01:00", 43],
    ["before the first step of all", "2023-01-17T08:00+01:00", 0.25],
    ["when tomorrow is a Sunday and the day after begins too late", "2023-01-21T12:00+01:00", 42],
  ])("%s", (_, start, hours) => {
    const horizon = { startMs: Date.parse(start), dtSeconds: 900, count: hours * 4 };
    expect(treeOf(tariff, horizon)).toBeUndefined();
  });

  test("when all colours that may come are overdue", () => {
    const nothing = tempoTariff({ calendar: { source: "nothing", colours: new Map() }, prices });
    const noon = Date.parse("2023-01-17T12:00+01:00");
    expect(treeOf(nothing, { startMs: noon, dtSeconds: 3600, count: 24 })).toBeUndefined();
  });

  test("in a tariff without colours", () => {
    expect(peakOffPeakTariff().priceTree).toBeUndefined();
  });
});

test("a colour published between the asking and the start turns out with the second step", () => {
  const knownAtMs = Date.parse("2023-01-17T10:50+01:00");
  const horizon = { startMs: Date.parse("2023-01-17T11:05+01:00"), dtSeconds: 900, count: 96 };
  expect(treeOf(tariff, horizon, knownAtMs)!.step).toBe(1);
  expect(treeOf(tariff, horizon)).toBeUndefined();
});

test("with other odds than the rules' the mean is what they say day after day", () => {
  // After a red day another is certain; asked without knowing, half of them are red.
  const stubborn = tempoTariff({
    calendar: publishedCalendar(season2022, tuesday),
    prices,
    expectation: (day, known) =>
      day === "2023-01-19" && known.colours.get("2023-01-18") === "red"
        ? { blue: 0, white: 0, red: 1 }
        : { blue: 0.5, white: 0, red: 0.5 },
  });
  const horizon = { startMs: tuesday, dtSeconds: 3600, count: 48 };
  const all = courses(treeOf(stubborn, horizon), expectedPrices(stubborn, horizon, tuesday));
  const atEnd = all.map(({ probability, price_eur_kwh }) => [probability, price_eur_kwh.at(-1)]);
  const { blue, red } = pricesAt("2023-01-19", prices).prices_eur_kwh;
  expect(atEnd).toEqual([
    [0.25, blue.peak],
    [0.25, red.peak],
    [0.5, red.peak],
  ]);
});

test("steps longer than 12 h have no tree: publication and validity would lie in one", () => {
  expect(treeOf(tariff, { startMs: tuesday, dtSeconds: 86_400, count: 4 })).toBeUndefined();
});

test("a week's tree branches on its first three days alone", () => {
  const depth = ({ branches }: PriceBranches): number =>
    1 + Math.max(0, ...branches.map(({ after }) => (after ? depth(after) : 0)));
  expect(depth(treeOf(tariff, { startMs: tuesday, dtSeconds: 3600, count: 168 })!)).toBe(3);
});

describe("cutBranches", () => {
  test("gives what was known when the tree was made, for a later and nearer horizon", () => {
    fc.assert(
      fc.property(horizons, fc.nat(30), fc.nat(40), ({ startMs, dtSeconds, count }, from, off) => {
        const whole = treeOf(tariff, { startMs, dtSeconds, count });
        const kept = count - from - Math.min(off, count - from - 1);
        const later = { startMs: startMs + from * dtSeconds * 1000, dtSeconds, count: kept };
        const start = expectedPrices(tariff, later, startMs);
        expectAlike(
          sorted(courses(whole && cutBranches(whole, from, kept), start)),
          sorted(courses(treeOf(tariff, later, startMs), start)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("leaves no branching that makes no difference, and shares what was shared", () => {
    const whole = treeOf(tariff, { startMs: tuesday, dtSeconds: 900, count: 192 })!;
    const beforeTomorrow = (tempoDay("2023-01-18").startMs - tuesday) / 900_000;
    expect(cutBranches(whole, 0, beforeTomorrow)).toBeUndefined();
    expect(cutBranches(whole, 0, beforeTomorrow + 1)!.branches).toHaveLength(3);
    const second = cutBranches(whole, 8, 183)!.branches.map(({ after }) => after!);
    expect(second[0].step).toBe(100);
    for (const i of [0, 1, 2]) {
      expect(new Set(second.map(({ branches }) => branches[i].after)).size).toBe(1);
    }
  });
});
