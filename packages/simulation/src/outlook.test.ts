import { peakOffPeakTariff, type Tariff, type TempoColour, tempoTariff } from "@azru/tariff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Disturbances } from "./disturbances.ts";
import { forecastAt, perfect, publishedPrices } from "./outlook.ts";

const dtSeconds = 900;
const startMs = Date.parse("2026-01-12T00:00:00+01:00"); // a Monday

function ramp(steps: number, from = 0): Disturbances {
  const column = (offset: number) => Float64Array.from({ length: steps }, (_, k) => from + k + offset);
  return {
    startMs,
    dtSeconds,
    theta_e_c: column(0),
    phi_sol_w: column(1000),
    phi_int_w: column(2000),
    cop: column(1),
  };
}

describe("forecastAt", () => {
  test("cuts the latest issue to the horizon", () => {
    const weather = { everySteps: 4, issues: [ramp(7, 0), ramp(7, 100)] };
    const at = forecastAt(weather, perfect(new Float64Array(20).fill(0.2)));
    expect([...at(3, 4).theta_e_c]).toEqual([3, 4, 5, 6]);
    expect([...at(4, 4).theta_e_c]).toEqual([100, 101, 102, 103]);
    expect([...at(6, 2).phi_sol_w]).toEqual([1102, 1103]);
  });

  test("says when an issue ends before the horizon", () => {
    const at = forecastAt(perfect(ramp(10)), perfect(new Float64Array(10)));
    expect(at(6, 4).theta_e_c).toHaveLength(4);
    expect(() => at(7, 4)).toThrow("the outlook at step 7 ends before the horizon of 4 steps");
  });
});

describe("publishedPrices", () => {
  const colours = new Map<string, TempoColour>([
    ["2026-01-11", "blue"],
    ["2026-01-12", "blue"],
    ["2026-01-13", "red"],
  ]);
  const tempo = tempoTariff({ calendar: { source: "test", colours } });
  const redPeak = tempo.rates(startMs + 36 * 3_600_000, startMs + 37 * 3_600_000)[0].price_eur_kwh;
  const noon = (36 * 3600) / dtSeconds; // of the 13th
  const priceAt = (tariff: Tariff, k: number, ahead: number) => {
    const outlook = publishedPrices(tariff, { startMs, dtSeconds }, 200, 300, 4);
    return forecastAt(perfect(ramp(600)), outlook)(k, 300).price_eur_kwh[ahead];
  };

  test("knows tomorrow's red from 11:00 on, and not before", () => {
    const before = (10 * 3600) / dtSeconds;
    const after = (11 * 3600) / dtSeconds;
    expect(priceAt(tempo, before, noon - before)).toBeLessThan(redPeak);
    expect(priceAt(tempo, after, noon - after)).toBe(redPeak);
  });

  test("says which steps are in peak hours, and which are known to be red", () => {
    const outlook = publishedPrices(tempo, { startMs, dtSeconds }, 200, 300, 4);
    const tempoAt = (hour: number) =>
      forecastAt(perfect(ramp(600)), outlook)((hour * 3600) / dtSeconds, 120).tempo!;
    const peak = tempoAt(5).isPeak;
    expect([peak[3], peak[4], peak[67], peak[68]]).toEqual([0, 1, 1, 0]); // 06:00 and 22:00
    expect(tempoAt(10).isRed.includes(1)).toBe(false); // the 13th is published at 11:00
    expect(tempoAt(11).isRed.indexOf(1)).toBe(((30 - 11) * 3600) / dtSeconds); // and begins at 06:00
    const peakOnly = publishedPrices(peakOffPeakTariff(), { startMs, dtSeconds }, 8, 8, 4);
    expect(forecastAt(perfect(ramp(100)), peakOnly)(0, 8).tempo).toBeUndefined();
  });

  test("has what tomorrow may cost until it is published, counted from the step that asks", () => {
    const outlook = publishedPrices(tempo, { startMs, dtSeconds }, 200, 120, 4);
    const at = forecastAt(perfect(ramp(600)), outlook);
    const asked = [33, 42].map((k) => {
      const { price_eur_kwh, colours } = at(k, 120);
      expect(price_eur_kwh).toHaveLength(120);
      const [last] = colours!.branches.slice(-1);
      return [
        k + colours!.step,
        colours!.branches.length,
        last.price_eur_kwh.length,
        last.price_eur_kwh.at(-1),
      ];
    });
    expect(asked).toEqual([
      [44, 3, 33 + 120 - 44, redPeak],
      [44, 3, 42 + 120 - 44, redPeak],
    ]);
    expect(at(44, 120).colours).toBeUndefined();
  });

  test("survives a move to another thread with what is shared still shared", () => {
    const outlook = structuredClone(publishedPrices(tempo, { startMs, dtSeconds }, 200, 192, 4));
    const [first, second] = forecastAt(perfect(ramp(600)), outlook)(33, 192).colours!.branches;
    const tails = [first, second].map(({ after }) => after!.branches[0].after);
    expect(tails[0]).toBeDefined();
    expect(tails[1]).toBe(tails[0]);
  });

  test("is the tariff itself where nothing is to be published", () => {
    const tariff = peakOffPeakTariff();
    fc.assert(
      fc.property(fc.nat(199), fc.nat(299), (k, ahead) => {
        const ms = startMs + (k + ahead) * dtSeconds * 1000;
        expect(priceAt(tariff, k, ahead)).toBe(tariff.rates(ms, ms + 1)[0].price_eur_kwh);
      }),
      { numRuns: 50 },
    );
  });
});
