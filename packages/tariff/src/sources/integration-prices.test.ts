import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tariffFileOf } from "./tariff-content.ts";
import { tariffContent } from "./tariff-file.ts";

const start = "2026-01-13T00:00:00+01:00";
const end = "2026-01-13T01:00:00+01:00";
const next = "2026-01-13T02:00:00+01:00";
const startMs = Date.parse(start);
const endMs = Date.parse(end);
const twoHours = [
  { startMs, endMs, price_eur_kwh: 0.12 },
  { startMs: endMs, endMs: Date.parse(next), price_eur_kwh: 0.1 },
];

/** What each integration publishes, cut to two hours. */
const published: Readonly<Record<string, unknown>> = {
  "Nord Pool, custom": {
    state_class: "total",
    currency: "EUR",
    unit: "kWh",
    price_in_cents: false,
    today: [0.12, null],
    raw_today: [{ start, end, value: 0.12 }],
    raw_tomorrow: [
      { start: end, end: next, value: 0.1 },
      { start: next, end: "2026-01-13T03:00:00+01:00", value: null },
    ],
    tomorrow_valid: false,
    unit_of_measurement: "EUR/kWh",
    friendly_name: "Nord Pool FR",
  },
  "Nord Pool in cents": {
    currency: "EUR",
    unit: "kWh",
    price_in_cents: true,
    raw_today: [
      { start, end, value: 12 },
      { start: end, end: next, value: 10 },
    ],
    raw_tomorrow: [],
  },
  "Nord Pool, the action's answer, with its unit": {
    unit: "EUR/MWh",
    prices: {
      FR: [
        { start, end, price: 120 },
        { start: end, end: next, price: 100 },
      ],
    },
  },
  "ENTSO-e": {
    prices_today: [
      { time: "2026-01-13 00:00:00+01:00", price: 0.12 },
      { time: "2026-01-13 01:00:00+01:00", price: 0.1 },
    ],
    prices_tomorrow: [],
    prices: [{ time: "2026-01-13 00:00:00+01:00", price: 0.12 }],
    unit_of_measurement: "€/kWh",
  },
  "Tibber, GraphQL": {
    priceInfo: {
      today: [
        { total: 0.12, energy: 0.08, tax: 0.04, startsAt: "2026-01-13T00:00:00.000+01:00" },
        { total: 0.1, energy: 0.07, tax: 0.03, startsAt: "2026-01-13T01:00:00.000+01:00" },
      ],
      tomorrow: [],
    },
  },
  "Tibber, the action's answer": {
    prices: {
      "Rue des Lilas": [
        { start_time: start, price: 0.12 },
        { start_time: end, price: 0.1 },
      ],
    },
  },
  "EPEX Spot": {
    attributes: {
      data: [
        { start_time: start, end_time: end, price_per_kwh: 0.12 },
        { start_time: end, end_time: next, price_per_kwh: 0.1 },
      ],
      unit_of_measurement: "€/kWh",
    },
    state: "0.12",
  },
  "EPEX Spot of 2023": {
    data: [
      { start_time: start, end_time: end, price_eur_per_mwh: 120, price_ct_per_kwh: 12 },
      { start_time: end, end_time: next, price_eur_per_mwh: 100, price_ct_per_kwh: 10 },
    ],
    unit_of_measurement: "€/MWh",
  },
  "EPEX Spot in cents": {
    data: [
      { start_time: start, end_time: end, price_per_kwh: 12 },
      { start_time: end, end_time: next, price_per_kwh: 10 },
    ],
    unit_of_measurement: "ct/kWh",
  },
  "Energi Data Service": {
    currency: "EUR",
    unit: "kWh",
    raw_today: [
      { hour: start, price: 0.12 },
      { hour: end, price: 0.1 },
    ],
    raw_tomorrow: null,
  },
  evcc: {
    rates: [
      { start, end, value: 0.12 },
      { start: end, end: next, value: 0.1 },
    ],
  },
  "a price by time": { prices: { [start]: 0.12, [end]: 0.1 } },
};

describe("prices as integrations publish them", () => {
  test.each(Object.entries(published))("%s", (name, data) => {
    const content = tariffContent(data, name);
    const rounded =
      content.kind === "series" &&
      content.prices.map((price) => ({
        ...price,
        price_eur_kwh: Number(price.price_eur_kwh.toFixed(9)),
      }));
    expect(rounded).toEqual(twoHours);
    expect(content.name).toBe(name === "Nord Pool, custom" ? "Nord Pool FR" : name);
  });

  test.each([
    [
      { currency: "SEK", unit: "kWh", raw_today: [{ start, end, value: 1 }] },
      /currency must be EUR: .*got "SEK"/,
    ],
    [
      { raw_today: [{ start, end, value: 1 }], unit_of_measurement: "GBP/kWh" },
      /unit_of_measurement must be EUR: .*got "GBP"/,
    ],
    [{ FR: [{ start, end, price: 120 }] }, /is the unit EUR\/MWh\?, got 120/],
    [{ raw_today: [], raw_tomorrow: [], currency: "EUR" }, /must have either rules or prices/],
    [{ raw_today: [{ start, end, value: null }] }, /prices is wrong/],
    [{ data: [{ start_time: "soon", price_per_kwh: 0.1 }] }, /prices\[0\]\.start must be a time/],
    [{ friendly_name: "Outside", temperature: 7 }, /must have either rules or prices/],
    ["cheap", /the content is wrong/],
    [null, /the content is wrong/],
  ])("refuses with the field and the value: %j", (data, says) => {
    expect(() => tariffContent(data, "pushed")).toThrow(says);
  });

  test("what was read is written as a tariff file that says the same", () => {
    for (const data of [
      published["EPEX Spot"],
      { published: null, prices: { [start]: 0.12, [end]: 0.1 } },
      {
        rules: [
          { price: 0.15, hours: ["22:00-06:00"], period: "off_peak" },
          { price: 0.2, months: "november-march", days: "weekdays holidays" },
          { price: 0.18 },
        ],
      },
    ]) {
      const content = tariffContent(data, "prices");
      expect(tariffContent(JSON.parse(JSON.stringify(tariffFileOf(content))), "again")).toEqual(content);
    }
  });
});

test("a scenario's two prices hold in its peak hours and outside them", () => {
  const off = { price_eur_kwh: 0.15, period: "offPeak" };
  const peak = (...spans: readonly [from_min: number, to_min: number][]) => ({
    price_eur_kwh: 0.25,
    spans: spans.map(([from_min, to_min]) => ({ from_min, to_min })),
    period: "peak",
  });
  for (const [peak_hours, rule] of [
    [undefined, peak([360, 1320])],
    [[6, 22], peak([360, 1320])],
    ["07:00-09:00 18:00-20:00", peak([420, 540], [1080, 1200])],
  ] as const) {
    const scenario = { name: "cold", days: [], prices: { peak: 0.25, off_peak: 0.15 }, peak_hours };
    expect(tariffContent(scenario, "cold.json")).toEqual({ kind: "rules", name: "cold", rules: [rule, off] });
  }
  expect(() => tariffContent({ prices: { peak: 0.25 } }, "x")).toThrow(/rules\[1\]\.price must be a number/);
  expect(() => tariffContent({ prices: { peak: 1, off_peak: 1 }, peak_hours: [6, 25] }, "x")).toThrow(
    /hours/,
  );
});

test.each(["nordpool", "entsoe", "epex", "tibber", "hphc"])("the example %s.json is read whole", (name) => {
  const file = new URL(`../../../../examples/tariffs/pushed/${name}.json`, import.meta.url);
  const content = tariffContent(JSON.parse(readFileSync(file, "utf8")), name);
  if (content.kind === "rules") expect(content.rules).toHaveLength(2);
  else {
    expect(content.prices).toHaveLength(48);
    expect(content.prices[0]).toEqual({ startMs, endMs, price_eur_kwh: 0.112 });
  }
});
