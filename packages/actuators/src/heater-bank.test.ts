import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bankPower_w,
  dutiesWithin,
  type HeaterBank,
  type HeaterOptions,
  startHeaterBank,
  stepHeaterBank,
} from "./heater-bank.ts";

const minute_ms = 60_000;

function heater(rated_w: number, period = 15, minimumOn = 3, minimumOff = 3): HeaterOptions {
  return {
    rated_w,
    period_ms: period * minute_ms,
    minimumOn_ms: minimumOn * minute_ms,
    minimumOff_ms: minimumOff * minute_ms,
  };
}

interface Stretch {
  readonly minutes: number;
  readonly duties: readonly number[];
  readonly areFirst?: readonly boolean[];
  readonly available_w: number;
}

interface Lived {
  readonly bank: HeaterBank;
  readonly nowMs: number;
  readonly available_w: number;
}

/** Lives through stretches of time, looking every half minute. */
function live(options: readonly HeaterOptions[], stretches: readonly Stretch[], tick_ms = minute_ms / 2) {
  const lived: Lived[] = [];
  const on_ms = options.map(() => 0);
  let bank = startHeaterBank(options, 0);
  let nowMs = 0;
  for (const { minutes, duties, areFirst, available_w } of stretches) {
    const endMs = nowMs + minutes * minute_ms;
    bank = stepHeaterBank(bank, options, { nowMs, duties, areFirst, available_w });
    for (; nowMs < endMs; ) {
      const nextMs = Math.min(endMs, nowMs + tick_ms);
      bank.heaters.forEach(({ isOn }, i) => {
        if (isOn) on_ms[i] += nextMs - nowMs;
      });
      nowMs = nextMs;
      bank = stepHeaterBank(bank, options, { nowMs, duties, areFirst, available_w });
      lived.push({ bank, nowMs, available_w });
    }
  }
  return { lived, shares: on_ms.map((on) => on / nowMs) };
}

const options = fc.array(
  fc
    .tuple(
      fc.integer({ min: 300, max: 2500 }),
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 0, max: 10 }),
    )
    .map((one) => heater(...one)),
  { minLength: 1, maxLength: 8 },
);
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const life = options.chain((heaters) =>
  fc.tuple(
    fc.constant(heaters),
    fc.array(
      fc.record({
        minutes: fc.integer({ min: 1, max: 60 }),
        duties: fc.tuple(...heaters.map(() => share)),
        areFirst: fc.tuple(...heaters.map(() => fc.boolean())),
        available_w: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 9000 })),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  ),
);

describe("a bank of heaters", () => {
  it("never draws more than is available, whatever is asked for", () => {
    fc.assert(
      fc.property(life, ([heaters, stretches]) => {
        const { lived } = live(heaters, stretches);
        const overloads = lived.filter((moment) => bankPower_w(moment.bank, heaters) > moment.available_w);
        expect(overloads).toEqual([]);
      }),
    );
  });

  it("keeps the minimum times, but for the minimum on-time where the limit falls", () => {
    fc.assert(
      fc.property(life, ([heaters, stretches]) => {
        const { lived } = live(heaters, stretches);
        heaters.forEach(({ minimumOn_ms, minimumOff_ms }, i) => {
          let last = { isOn: false, sinceMs: 0 };
          let available_w = stretches[0].available_w;
          for (const moment of lived) {
            const { isOn, sinceMs } = moment.bank.heaters[i];
            if (isOn !== last.isOn && (isOn || moment.available_w >= available_w))
              expect(sinceMs - last.sinceMs).toBeGreaterThanOrEqual(isOn ? minimumOff_ms : minimumOn_ms);
            last = { isOn, sinceMs };
            available_w = moment.available_w;
          }
        });
      }),
    );
  });

  it("gives each over a day what it asks for, where the limit leaves room for one more heater", () => {
    const ratings = [1500, 1000, 2000, 1000, 750];
    const asked = [0.3, 0.55, 0.45, 0.8, 0.1];
    const mean_w = ratings.reduce((sum, rated_w, i) => sum + rated_w * asked[i], 0);
    const heaters = ratings.map((rated_w) => heater(rated_w));
    const { shares } = live(heaters, [{ minutes: 2 * 1440, duties: asked, available_w: mean_w + 2000 }]);
    shares.forEach((given, i) => {
      expect(given).toBeCloseTo(asked[i], 2);
    });
  });

  it("lets equal heaters take turns: together within one heater of the mean", () => {
    for (const duty of [0.1, 0.2, 0.4, 0.5, 0.7, 0.8, 0.9]) {
      const heaters = [1, 2, 3, 4, 5].map(() => heater(1000));
      const duties = heaters.map(() => duty);
      const { lived, shares } = live(heaters, [
        { minutes: 1440, duties, available_w: Number.POSITIVE_INFINITY },
      ]);
      const settled = lived.filter(({ nowMs }) => nowMs >= 6 * 60 * minute_ms);
      const distances_w = settled.map(({ bank }) => Math.abs(bankPower_w(bank, heaters) - 5000 * duty));
      expect(Math.max(...distances_w)).toBeLessThanOrEqual(1000);
      for (const given of shares) expect(given).toBeCloseTo(duty, 1);
    }
  });

  it("shares what there is fairly, where all want to heat without pause and only two fit", () => {
    const heaters = [1, 2, 3, 4, 5].map(() => heater(2000));
    const { shares, lived } = live(heaters, [{ minutes: 1440, duties: [1, 1, 1, 1, 1], available_w: 5000 }]);
    for (const given of shares) expect(Math.abs(given - 2 / 5)).toBeLessThan(0.03);
    expect(lived.some(({ bank }) => bank.heaters.some(({ isHeldBack }) => isHeldBack))).toBe(true);
  });

  it("sheds at once where the limit falls, and goes on where it rises", () => {
    const heaters = [heater(2000), heater(1500)];
    const duties = [1, 1];
    let bank = startHeaterBank(heaters, 0);
    const step = (minutes: number, available_w: number) => {
      bank = stepHeaterBank(bank, heaters, { nowMs: minutes * minute_ms, duties, available_w });
      return bank.heaters.map(({ isOn }) => isOn);
    };
    expect(step(3, 4000)).toEqual([true, true]);
    expect(step(4, 3400).filter(Boolean)).toHaveLength(1);
    expect(step(5, 1000)).toEqual([false, false]);
    expect(step(8, 4000)).toEqual([true, true]);
  });

  it("heats a cold room at once, whatever its heater was given before", () => {
    const heaters = [heater(1000), heater(1000)];
    // Twenty minutes of heat, then a share of a tenth: its heater has been given far more than that.
    const { lived } = live(heaters, [
      { minutes: 20, duties: [1, 0], available_w: 9000 },
      { minutes: 6, duties: [0.1, 0.9], available_w: 9000 },
      { minutes: 10, duties: [0, 0.9], available_w: 9000 },
      { minutes: 1, duties: [1, 0.9], areFirst: [true, false], available_w: 9000 },
    ]);
    const [before] = lived.slice(-3).map(({ bank }) => bank.heaters[0]);
    expect(before).toMatchObject({ isOn: false });
    expect(before.owed_ms).toBeLessThan(-minute_ms);
    expect(lived.at(-1)!.bank.heaters[0].isOn).toBe(true);
  });

  it("has the others give way to a cold room after their minimum on-time, and no cold room to them", () => {
    const heaters = [heater(2000), heater(2000)];
    const short = { duties: [1, 1], available_w: 3000 };
    const [first, , , fourth, ...later] = live(
      heaters,
      [
        { minutes: 1, duties: [0, 1], available_w: 3000 },
        { minutes: 60, ...short, areFirst: [true, false] },
      ],
      minute_ms,
    ).lived.map(({ bank }) => bank.heaters.map(({ isOn }) => isOn));
    expect(first).toEqual([false, false]);
    expect(fourth).toEqual([true, false]);
    for (const states of later) expect(states).toEqual([true, false]);
  });

  it("lets cold rooms take turns where not all of them fit", () => {
    const heaters = [1, 2, 3].map(() => heater(2000));
    const areFirst = [true, true, false];
    const { shares } = live(heaters, [{ minutes: 1440, duties: [1, 1, 1], areFirst, available_w: 3000 }]);
    expect(shares[0] + shares[1]).toBeGreaterThan(0.8);
    expect(Math.abs(shares[0] - shares[1])).toBeLessThan(0.03);
  });

  it("owes no more than a period and the minimum times after a long limit", () => {
    const heaters = [heater(2000), heater(2000)];
    const { lived } = live(heaters, [{ minutes: 300, duties: [0.9, 0.9], available_w: 2100 }]);
    for (const { owed_ms } of lived.at(-1)!.bank.heaters) expect(owed_ms).toBeLessThanOrEqual(21 * minute_ms);
  });
});

describe("shares within a power", () => {
  it("are those asked for where they fit, and the same part of each where they do not", () => {
    expect(dutiesWithin([0.5, 0.25], [2000, 4000], 4000)).toEqual([0.5, 0.25]);
    expect(dutiesWithin([1, 0.5], [2000, 4000], 4000)).toEqual([1, 0.5]);
    expect(dutiesWithin([1, 0.5], [3000, 2000], 3000)).toEqual([0.75, 0.375]);
  });

  it("leave out what alone is too much, and what has no power is not reduced", () => {
    expect(dutiesWithin([1, 1, 0.5], [3000, 1000, 0], 1000)).toEqual([0, 1, 0.5]);
    expect(dutiesWithin([1], [1000], -5)).toEqual([0]);
    // Three radiators in 4 kW: the cold room has its 2 kW, the others share what is left.
    expect(dutiesWithin([0.5, 1, 1], [2000, 2000, 2000], 4000, [false, true, false])).toEqual([
      expect.closeTo(1 / 3, 9),
      1,
      expect.closeTo(2 / 3, 9),
    ]);
    expect(dutiesWithin([1, 1, 1], [2000, 2000, 2000], 3000, [true, true, false])).toEqual([0.75, 0.75, 0]);
  });
});
