import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tariffStateSchema } from "@azru/contracts";
import { referenceYearSource } from "@azru/weather";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TariffLoaderOptions, tariffLoader } from "./tariff-loader.ts";
import { tariffMessage } from "./tariff-message.ts";
import { createTariffOutlook } from "./tariff-outlook.ts";

const hourMs = 3_600_000;
/** 09:00 in Paris, before tomorrow's colour is published. */
const morningMs = Date.UTC(2026, 0, 15, 8);
const noonMs = Date.UTC(2026, 0, 15, 11, 30);

let folder: string;
let server: Server;
let url: string;
/** What the API says; `undefined` is an outage. */
let colours: Record<string, 1 | 2 | 3> | undefined;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "azru-tariff-"));
  colours = {};
  asked = [];
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://localhost");
    asked.push(pathname);
    if (!colours) return response.writeHead(500).end("down");
    response.setHeader("content-type", "application/json");
    if (pathname.startsWith("/rte")) return response.end(JSON.stringify({ values: {} }));
    if (pathname === "/api/tarifs") {
      const prices = {
        bleuHC: 0.1,
        bleuHP: 0.11,
        blancHC: 0.12,
        blancHP: 0.13,
        rougeHC: 0.14,
        rougeHP: 0.99,
      };
      return response.end(JSON.stringify(prices));
    }
    const days = searchParams.getAll("dateJour[]");
    const rows = Object.entries(colours)
      .filter(([day]) => days.length === 0 || days.includes(day))
      .map(([dateJour, codeJour]) => ({ dateJour, codeJour, periode: "2025-2026" }));
    return response.end(JSON.stringify(rows));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  rmSync(folder, { recursive: true });
});

const outlookOf = (spec: string, changes: Partial<TariffLoaderOptions> = {}) =>
  createTariffOutlook(
    tariffLoader({
      spec,
      cacheFolder: folder,
      colourApi: { baseUrl: url, retries: 0 },
      rte: { baseUrl: `${url}/rte`, retries: 0 },
      ...changes,
    }),
  );
const messageOf = (outlook: ReturnType<typeof outlookOf>, atMs: number) =>
  tariffStateSchema.parse(tariffMessage(outlook, atMs));

describe("Tempo from the public sources", () => {
  test("before anything is known the prices are expectations, and it says so", () => {
    const message = messageOf(outlookOf("tempo"), morningMs);
    expect(message).toMatchObject({
      tariff: "tempo",
      source: "rules and quotas alone",
      fallback_reason: "no colours yet: prices are expectations",
      today: { date: "2026-01-15", colour: "unknown" },
    });
    expect(message).not.toHaveProperty("remaining_days");
    expect(message.today.peak_price).toBeGreaterThan(message.today.off_peak_price);
  });

  test("a new colour is published once, with the API's prices", async () => {
    const outlook = outlookOf("tempo");
    colours = { "2026-01-15": 2 };
    expect(await outlook.refresh(morningMs)).toBe("today is white");
    expect(await outlook.refresh(morningMs + hourMs / 2)).toBeUndefined();
    colours["2026-01-16"] = 3;
    expect(await outlook.refresh(morningMs + hourMs)).toBeUndefined(); // nobody may know before 11:00
    expect(await outlook.refresh(noonMs)).toBe("tomorrow is red");
    expect(messageOf(outlook, noonMs)).toMatchObject({
      today: { date: "2026-01-15", colour: "white", peak_price: 0.13, off_peak_price: 0.12 },
      tomorrow: { date: "2026-01-16", colour: "red", peak_price: 0.99, off_peak_price: 0.14 },
      remaining_days: { red: 21, white: 42 },
    });
  });

  test("the rates cover today and tomorrow without a gap", async () => {
    colours = { "2026-01-15": 1, "2026-01-16": 3 };
    const outlook = outlookOf("tempo");
    await outlook.refresh(noonMs);
    const { rates } = messageOf(outlook, noonMs);
    expect(rates.map(({ start, period, colour }) => `${start} ${period} ${colour}`)).toEqual([
      "2026-01-15T05:00:00.000Z peak blue",
      "2026-01-15T21:00:00.000Z off_peak blue",
      "2026-01-16T05:00:00.000Z peak red",
      "2026-01-16T21:00:00.000Z off_peak red",
    ]);
    for (let i = 1; i < rates.length; i++) expect(rates[i].start).toBe(rates[i - 1].end);
  });

  test("in an outage the last good colours hold, and after a restart those of the cache", async () => {
    colours = { "2026-01-15": 3 };
    const outlook = outlookOf("tempo");
    await outlook.refresh(morningMs);
    colours = undefined;
    expect(await outlook.refresh(noonMs)).toBeUndefined();
    expect(outlook.loaded.fallbackReason).toContain("127.0.0.1");
    expect(messageOf(outlook, noonMs)).toMatchObject({
      today: { colour: "red" },
      tomorrow: { colour: "unknown" },
    });

    const restarted = outlookOf("tempo");
    expect(await restarted.refresh(noonMs)).toBe("today is red");
    expect(messageOf(restarted, noonMs).fallback_reason).toContain("prices of");
  });

  test("an outage from the start leaves the expectation, with the reason", async () => {
    colours = undefined;
    const outlook = outlookOf("tempo");
    expect(await outlook.refresh(noonMs)).toBeUndefined();
    const { fallback_reason, today } = messageOf(outlook, noonMs);
    expect(fallback_reason).toMatch(/every source failed/);
    expect(today.colour).toBe("unknown");
  });
});

test("a calendar file is read anew, and a broken one leaves the last good one", async () => {
  const path = join(folder, "colours.csv");
  writeFileSync(path, "date,colour\n2026-01-15,red\n");
  const outlook = outlookOf(`tempo:${path}`);
  expect(await outlook.refresh(noonMs)).toBe("today is red");
  writeFileSync(path, "date,colour\n2026-01-15,red\n2026-01-16,white\n");
  expect(await outlook.refresh(noonMs)).toBe("tomorrow is white");
  writeFileSync(path, "date,colour\n2026-01-15,purple\n");
  expect(await outlook.refresh(noonMs)).toBeUndefined();
  expect(outlook.loaded.fallbackReason).toContain("purple");
  expect(messageOf(outlook, noonMs).tomorrow.colour).toBe("white");
  expect(asked).toEqual([]);
});

test("allotted colours become known at 11:00, as real ones do", async () => {
  const outlook = outlookOf("tempo", { allotFrom: referenceYearSource() });
  await outlook.refresh(morningMs);
  const before = messageOf(outlook, morningMs);
  expect(before.source).toContain("allotted");
  expect(before.tomorrow.colour).toBe("unknown");
  expect(before.today.colour).not.toBe("unknown");
  const after = messageOf(outlook, noonMs);
  expect(after.tomorrow.colour).not.toBe("unknown");
  const { red, white, blue } = after.remaining_days!;
  expect(red).toBeLessThanOrEqual(22);
  expect(red + white + blue).toBe(365 - 138); // days from 17 January to 31 August
});

test("a home in the years before the first known prices is billed at those", async () => {
  const longAgoMs = Date.UTC(2013, 0, 15, 11);
  const outlook = outlookOf("tempo", { allotFrom: referenceYearSource() });
  await outlook.refresh(longAgoMs);
  expect(messageOf(outlook, longAgoMs).today.peak_price).toBeGreaterThan(0.1);
});

test("peak prices have no colour", () => {
  const message = messageOf(outlookOf("peak"), noonMs);
  expect(message).toMatchObject({ tariff: "peak", today: { peak_price: 0.25, off_peak_price: 0.15 } });
  expect(message.today).not.toHaveProperty("colour");
  expect(message).not.toHaveProperty("fallback_reason");
});

test.each(["Tempo", "tempo:", "edf", ""])("there is no tariff %j", (spec) => {
  expect(() => outlookOf(spec)).toThrow("tariff must be tempo, tempo:FILE");
});

test("HP/HC by its hours, and one price at all times", async () => {
  const hphc = outlookOf("hphc:0.27/0.21:12:30-14:30,23:00-05:00");
  await hphc.refresh(noonMs);
  const message = messageOf(hphc, noonMs);
  expect(message).toMatchObject({ tariff: "hphc", today: { peak_price: 0.27, off_peak_price: 0.21 } });
  expect(message.rates.map(({ period }) => period)).toContain("off_peak");
  const base = outlookOf("base:0.2");
  await base.refresh(noonMs);
  expect(messageOf(base, noonMs)).toMatchObject({
    tariff: "base",
    today: { peak_price: 0.2, off_peak_price: 0.2 },
  });
});

test("a spot series in a file is read anew, its dear quarters called peak", async () => {
  const path = join(folder, "spot.json");
  const pricesOf = (night: number) =>
    JSON.stringify(
      Array.from({ length: 72 }, (_, i) => ({
        start: new Date(Date.UTC(2026, 0, 14, 23) + i * hourMs).toISOString(),
        value: i % 24 < 6 ? night : 0.3,
      })),
    );
  writeFileSync(path, pricesOf(-0.05));
  const outlook = outlookOf(`file:${path}`);
  expect(messageOf(outlook, noonMs).fallback_reason).toMatch(/^file:.*spot.json is not read yet: peak 0.25/);
  await outlook.refresh(noonMs);
  const message = messageOf(outlook, noonMs);
  expect(message).toMatchObject({ tariff: "file", today: { peak_price: 0.3, off_peak_price: -0.05 } });
  expect(message).not.toHaveProperty("fallback_reason");
  expect(new Set(message.rates.map(({ period, price }) => `${period} ${price}`))).toEqual(
    new Set(["peak 0.3", "off_peak -0.05"]),
  );
  writeFileSync(path, pricesOf(0.1));
  await outlook.refresh(noonMs);
  expect(messageOf(outlook, noonMs).today.off_peak_price).toBe(0.1);
  writeFileSync(path, "[");
  await outlook.refresh(noonMs);
  expect(outlook.loaded.fallbackReason).toContain("is not JSON");
  expect(messageOf(outlook, noonMs).today.off_peak_price).toBe(0.1);
});

test("Tempo prices can be given in a file", async () => {
  const path = join(folder, "prices.csv");
  writeFileSync(
    path,
    "valid_from,blue_hc,blue_hp,white_hc,white_hp,red_hc,red_hp\n2026-01-01,0.01,0.02,0.03,0.04,0.05,0.06\n",
  );
  colours = { "2026-01-15": 3 };
  const outlook = outlookOf("tempo", { pricesFile: path });
  await outlook.refresh(morningMs);
  expect(messageOf(outlook, morningMs).today).toMatchObject({ peak_price: 0.06, off_peak_price: 0.05 });
});
