import { expect, test } from "vitest";
import { firstPricedDay, priceAgeWarning, pricesAt, pricesFrom, tempoPrices } from "./prices.ts";

test("the season 2024-2025 had the prototype's prices until February", () => {
  const prices = {
    blue: { offPeak: 0.1296, peak: 0.1609 },
    white: { offPeak: 0.1486, peak: 0.1894 },
    red: { offPeak: 0.1568, peak: 0.7562 },
  };
  expect(pricesAt("2024-09-01").prices_eur_kwh).toEqual(prices);
  expect(pricesAt("2025-01-31").prices_eur_kwh).toEqual(prices);
  expect(pricesAt("2025-02-01").prices_eur_kwh.red.peak).toBe(0.6586);
});

test("the last table stays in force until another is added", () => {
  expect(pricesAt("2030-01-01").from).toBe("2026-08-01");
  const next = { ...tempoPrices[0], from: "2027-02-01" };
  expect(pricesAt("2030-01-01", [next, ...tempoPrices])).toBe(next);
});

test("of two tables with the same date the later given wins, so that a list can be amended", () => {
  const amended = { ...tempoPrices.at(-1)! };
  expect(pricesAt("2026-09-01", [...tempoPrices, amended])).toBe(amended);
});

test("a day before the first table is refused", () => {
  expect(() => pricesAt("2013-01-11")).toThrow(
    "no Tempo prices on 2013-01-11: the first price table begins 2022-02-01",
  );
});

test("the first table can be stretched back to earlier days, and later ones stay", () => {
  const tables = pricesFrom("2013-01-11");
  expect(pricesAt("2013-01-11", tables).prices_eur_kwh).toEqual(pricesAt(firstPricedDay).prices_eur_kwh);
  expect(pricesAt("2026-03-01", tables)).toBe(pricesAt("2026-03-01"));
  expect(pricesFrom(firstPricedDay)).toBe(tempoPrices);
});

test("prices older than seven months are said to be old", () => {
  expect(priceAgeWarning(tempoPrices, Date.parse("2027-02-28"))).toBeUndefined();
  expect(priceAgeWarning(tempoPrices, Date.parse("2027-03-10"))).toMatch(
    /^The youngest Tempo prices known are of 2026-08-01; .*give those in force/,
  );
});
