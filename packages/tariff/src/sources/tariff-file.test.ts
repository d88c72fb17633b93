import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stepPrices } from "../step-prices.ts";
import { parsePrices } from "./price-file.ts";
import { parseTariff } from "./tariff-file.ts";

const ms = (text: string) => Date.parse(text);
const hourly = (tariff: ReturnType<typeof parseTariff>, start: string, hours: number) => [
  ...stepPrices(tariff.rates(ms(start), ms(start) + hours * 3_600_000), ms(start), 3600, hours),
];

describe("rules", () => {
  const winter = JSON.stringify({
    currency: "EUR",
    rules: [
      { price: 0.1, days: ["weekend", "holidays"] },
      { price: 0.15, hours: "22:00-06:00" },
      { price: 0.3, months: "november-march", hours: ["06:00-10:00", "18:00-22:00"] },
      { price: 0.2 },
    ],
  });

  test("hold by season, kind of day and time, the first that fits", () => {
    const tariff = parseTariff(winter, "json", "winter.json");
    // Wednesday 14 January 2026, from midnight in Paris
    const day = hourly(tariff, "2026-01-13T23:00Z", 24);
    expect(day.slice(0, 6)).toEqual(Array(6).fill(0.15));
    expect(day.slice(6, 10)).toEqual(Array(4).fill(0.3));
    expect(day.slice(10, 18)).toEqual(Array(8).fill(0.2));
    expect(hourly(tariff, "2026-07-15T06:00Z", 1)).toEqual([0.2]);
    expect(hourly(tariff, "2026-01-17T08:00Z", 1)).toEqual([0.1]); // Saturday
    expect(hourly(tariff, "2026-05-14T08:00Z", 1)).toEqual([0.1]); // Ascension
  });

  test("are read from CSV, with semicolons and decimal commas too", () => {
    const csv = "price;months;days;hours\n0,30;11-3;mon-fri;06:00-22:00\n0,20;;;\n";
    const tariff = parseTariff(csv, "csv", "rules.csv");
    expect(hourly(tariff, "2026-01-14T08:00Z", 1)).toEqual([0.3]);
    expect(hourly(tariff, "2026-01-17T08:00Z", 1)).toEqual([0.2]);
  });

  test("are read from the example, whose comment above the header has a comma", () => {
    const file = new URL("../../../../examples/tariffs/hphc.csv", import.meta.url);
    const tariff = parseTariff(readFileSync(file, "utf8"), "csv", "hphc.csv");
    // Wednesday 14 January 2026, from midnight in Paris
    const day = hourly(tariff, "2026-01-13T23:00Z", 24);
    expect(day.slice(0, 6)).toEqual(Array(6).fill(0.21));
    expect(day.slice(6, 12)).toEqual(Array(6).fill(0.27));
    expect(hourly(tariff, "2026-01-17T08:00Z", 1)).toEqual([0.21]); // Saturday
  });

  test("keep local hours over a change of clocks", () => {
    const tariff = parseTariff('{"rules":[{"price":1,"hours":"06:00-22:00"},{"price":0}]}', "json", "x.json");
    // 29 March 2026: 23 hours, of which 16 are dear
    const day = hourly(tariff, "2026-03-28T23:00Z", 23);
    expect(day.reduce((a, b) => a + b, 0)).toBe(16);
    expect(day.indexOf(1)).toBe(5);
  });

  test.each([
    ["[1, 2", /^x: is not JSON/],
    [
      `{"rules":[{"price":${"[".repeat(20_000)}${"]".repeat(20_000)}}]}`,
      /^x: rules\[0\]\.price must be a number, got what is nested too deep$/,
    ],
    ['{"rules":[{"price":"dear"}]}', /^x: rules\[0\]\.price must be a number, got "dear"$/],
    [
      '{"rules":[{"price":0.2,"months":"foggy"}]}',
      /rules\[0\]\.months must be names or numbers such as january/,
    ],
    ['{"rules":[{"price":0.2,"hours":"22-6"}]}', /rules\[0\]\.hours must be HH:MM-HH:MM, got "22-6"/],
    ['{"rules":[{"price":0.2,"hours":"06:00-22:00"}]}', /no price for 01-01 \(weekday \d\) at 00:00/],
    ['{"rules":[{"price":210}]}', /must lie within 10 EUR\/kWh; is the unit EUR\/MWh\?, got 210/],
    ['{"currency":"CHF","rules":[{"price":0.2}]}', /currency must be EUR: .*got "CHF"/],
    ['{"unit":"ct/kWh","rules":[{"price":20}]}', /unit must be EUR\/kWh or EUR\/MWh/],
    ["{}", /must have either rules or prices/],
  ])("name what is wrong: %s", (text, says) => {
    expect(() => parseTariff(text, "json", "x")).toThrow(says);
  });
});

describe("a dated series", () => {
  const days = (count: number) =>
    Array.from({ length: 24 * count }, (_, i) => ({
      start: new Date(ms("2026-01-12T23:00Z") + i * 3_600_000).toISOString(),
      value: (i % 24) / 100,
    }));

  test("is read as integrations of Home Assistant write it, with the unit", () => {
    for (const prices of [
      [{ start: "2026-01-13T00:00:00+01:00", end: "2026-01-13T00:15:00+01:00", value: 0.12 }],
      [
        { time: "2026-01-13 00:00:00+01:00", price: 0.12 },
        { time: "2026-01-13 00:15:00+01:00", price: 0.1 },
      ],
      [
        { startsAt: "2026-01-13T00:00:00.000+01:00", total: 0.12 },
        { startsAt: "2026-01-13T00:15:00.000+01:00", total: 1 },
      ],
      [
        {
          start_time: "2026-01-13T00:00:00+01:00",
          end_time: "2026-01-13T00:15:00+01:00",
          price_per_kwh: 0.12,
        },
      ],
    ]) {
      const tariff = parseTariff(JSON.stringify(prices), "json", "spot");
      expect(tariff.rates(ms("2026-01-12T23:00Z"), ms("2026-01-12T23:15Z"))).toEqual([
        { startMs: ms("2026-01-12T23:00Z"), endMs: ms("2026-01-12T23:15Z"), price_eur_kwh: 0.12 },
      ]);
    }
    const mwh = parseTariff(
      "Date;Prix (€/MWh)\n13/01/2026 00:00;120,5\n13/01/2026 01:00;90\n",
      "csv",
      "mwh.csv",
    );
    expect(hourly(mwh, "2026-01-12T23:00Z", 2)).toEqual([0.1205, 0.09]);
  });

  test("is known day by day: tomorrow from 13:00, and expected from the days before until then", () => {
    const tariff = parseTariff(JSON.stringify(days(4)), "json", "spot");
    const tomorrowNoon = ms("2026-01-15T11:00Z");
    const at = (knownAtMs: number) => tariff.rates(tomorrowNoon, tomorrowNoon + 900_000, knownAtMs);
    expect(at(ms("2026-01-14T11:59Z"))).toEqual([
      { startMs: tomorrowNoon, endMs: tomorrowNoon + 900_000, price_eur_kwh: 0.12, isExpected: true },
    ]);
    expect(at(ms("2026-01-14T12:00Z"))[0]).not.toHaveProperty("isExpected");
    // After its end the series is expected to go on as it did.
    expect(hourly(tariff, "2026-01-17T00:00Z", 3)).toEqual([0.01, 0.02, 0.03]);
  });

  test.each(["start,price", "start,end,price"])(
    "has 25 local hours in autumn and 23 in spring (%s)",
    (header) => {
      const rows = (hours: readonly string[]) =>
        hours.slice(0, -1).map((start, i) => {
          const end = header.includes("end") ? `,${hours[i + 1]}` : "";
          return `${start}${end},${i / 100}`;
        });
      const clock = (day: string, hours: readonly number[]) =>
        hours.map((hour) => `${day}T${String(hour).padStart(2, "0")}:00`);
      const all = [...Array(24).keys()];
      const autumn = [...clock("2026-10-25", [0, 1, 2, 2, ...all.slice(3)]), "2026-10-26T00:00"];
      const spring = [...clock("2026-03-29", [0, 1, ...all.slice(3)]), "2026-03-30T00:00"];
      for (const [hours, start, count] of [
        [autumn, "2026-10-24T22:00Z", 25],
        [spring, "2026-03-28T23:00Z", 23],
      ] as const) {
        const tariff = parseTariff([header, ...rows(hours)].join("\n"), "csv", "local.csv");
        const expected = [...Array(count).keys()].map((i) => i / 100);
        expect(hourly(tariff, start, count)).toEqual(expected);
      }
    },
  );

  test("is expected by the clock, also from the days before it is changed", () => {
    // 48 h at an hour, by local time, before the night to 25 October 2026
    const rows = [...Array(48).keys()].map((i) => {
      const start = new Date(ms("2026-10-22T22:00Z") + i * 3_600_000).toISOString();
      return { start, value: (i % 24) / 100 };
    });
    const tariff = parseTariff(JSON.stringify(rows), "json", "spot");
    const sunday = [0, 1, 2, 2, 3, 4, 5].map((hour) => hour / 100);
    expect(hourly(tariff, "2026-10-24T22:00Z", 7)).toEqual(sunday);
    expect(hourly(tariff, "2026-10-25T23:00Z", 3)).toEqual([0, 0.01, 0.02]);
  });

  test("says where it lacks a price, and which prices overlap", () => {
    const gap = parseTariff(
      JSON.stringify(
        days(1).map((row, i) => ({
          ...row,
          ...(i === 3 && { end: row.start.replace(":00:00.", ":30:00.") }),
        })),
      ),
      "json",
      "spot",
    );
    expect(() => gap.rates(ms("2026-01-13T01:00Z"), ms("2026-01-13T05:00Z"))).toThrow(
      "spot has no price for 2026-01-13T02:30:00.000Z",
    );
    const twice = [
      { start: "2026-01-13T00:00Z", end: "2026-01-13T02:00Z", value: 1 },
      { start: "2026-01-13T01:00Z", end: "2026-01-13T02:00Z", value: 1 },
    ];
    expect(() => parseTariff(JSON.stringify(twice), "json", "spot")).toThrow(/^spot: prices of .* overlap/);
    expect(() => parseTariff("start,price\n2026-02-30T00:00Z,1\n", "csv", "spot.csv")).toThrow(
      /start must be a time/,
    );
    expect(() => parseTariff("start,price\nsoon,1\n", "csv", "spot.csv")).toThrow(
      /^spot\.csv: line 2: start must be a time, ISO 8601 or Unix, got "soon"/,
    );
  });
});

test("a live home expects what is usual at that time where a series has no price", () => {
  const prices = [
    { start: "2026-01-13T17:00Z", end: "2026-01-13T18:00Z", value: 0.3 },
    { start: "2026-01-13T20:00Z", end: "2026-01-13T21:00Z", value: 0.1 },
  ];
  const tariff = parseTariff(JSON.stringify(prices), "json", "spot", { gaps: "expected" });
  const at = (time: string) => tariff.rates(ms(time), ms(time) + 900_000, ms("2026-01-13T22:30Z"))[0];
  expect(at("2026-01-13T17:15Z")).not.toHaveProperty("isExpected");
  for (const [time, price_eur_kwh] of [
    ["2026-01-13T05:00Z", 0.2], // nothing is known of that hour: the mean of all
    ["2026-01-12T17:30Z", 0.3], // before the first price, at an hour that has one
    ["2026-01-16T20:45Z", 0.1],
  ] as const)
    expect(at(time)).toMatchObject({ price_eur_kwh, isExpected: true });
});

test("a byte order mark is let pass", () => {
  expect(
    hourly(parseTariff('\uFEFF{"rules":[{"price":0.2}]}', "json", "bom"), "2026-01-14T08:00Z", 1),
  ).toEqual([0.2]);
});

test("Tempo prices are read from CSV and JSON", () => {
  const csv =
    "valid_from;blue_hc;blue_hp;white_hc;white_hp;red_hc;red_hp\n2026-08-01;0,1356;0,1654;0,1536;0,1921;0,1615;0,7295\n";
  const [table] = parsePrices(csv, "csv", "prices.csv");
  expect(table).toEqual({
    from: "2026-08-01",
    prices_eur_kwh: {
      blue: { offPeak: 0.1356, peak: 0.1654 },
      white: { offPeak: 0.1536, peak: 0.1921 },
      red: { offPeak: 0.1615, peak: 0.7295 },
    },
  });
  expect(parsePrices(JSON.stringify([table]), "json", "prices.json")).toEqual([table]);
  expect(() => parsePrices(csv.replace("0,1921", "19"), "csv", "p")).toThrow(
    'p: line 2: white_hp must be a price in EUR/kWh, got "19"',
  );
});
