import { referenceYearSource, type WeatherSeries, type WeatherSource } from "@azru/weather";
import { expect, test } from "vitest";
import { createWeatherOutlook } from "./weather-outlook.ts";

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 15, 12, 20);
const startMs = Date.UTC(2026, 0, 15, 12, 15);
const substitute = referenceYearSource();

/** A source of constant weather that fails when set to, and counts how often it is asked. */
function constantSource() {
  const source = {
    name: "constant",
    asked: 0,
    failure: undefined as string | undefined,
    temperature_c: 5,
    stale: undefined as WeatherSeries["stale"],
    async series(fromMs: number, toMs: number): Promise<WeatherSeries> {
      source.asked++;
      if (source.failure !== undefined) throw new Error(source.failure);
      const first = Math.floor(fromMs / hourMs);
      const count = Math.ceil(toMs / hourMs) - first + 1;
      const all = (value: number) => new Float64Array(count).fill(value);
      return {
        source: "constant",
        location: { name: "here", latitude_deg: 45, longitude_deg: 5 },
        startMs: first * hourMs,
        dtSeconds: 3600,
        dryBulbTemperature_c: all(source.temperature_c),
        directNormalIrradiance_w_m2: all(0),
        diffuseHorizontalIrradiance_w_m2: all(0),
        cloudCover: all(1),
        ...(source.stale && { stale: source.stale }),
      };
    },
  } satisfies WeatherSource & Record<string, unknown>;
  return source;
}

function outlookOf(source: WeatherSource) {
  return createWeatherOutlook({
    kind: "reference_year",
    source,
    substitute,
    reach_ms: 72 * hourMs,
    needed_ms: 36 * hourMs,
    freshFor_ms: hourMs / 2,
  });
}

test("gives what the source said, and says so", async () => {
  const outlook = outlookOf(constantSource());
  expect(await outlook.refresh(nowMs)).toBe(true);
  const weather = await outlook.steps(startMs, 900, 96);
  expect(weather).toMatchObject({ source: "constant", issuedMs: nowMs });
  expect(weather).not.toHaveProperty("fallbackReason");
  expect(weather).not.toHaveProperty("fallback");
  expect(weather.steps.dryBulbTemperature_c).toEqual(new Float64Array(96).fill(5));
});

test("without any weather the substitute stands in, at once", async () => {
  const source = constantSource();
  source.failure = "cannot reach api.example";
  const outlook = outlookOf(source);
  expect(await outlook.refresh(nowMs)).toBe(false);
  const weather = await outlook.steps(startMs, 900, 96);
  const year = await substitute.series(startMs, startMs + 24 * hourMs);
  expect(weather.source).toBe(year.source);
  expect(weather.fallbackReason).toBe(`cannot reach api.example; ${year.source} from 2026-01-15 13:15 on`);
  expect(weather.fallback).toEqual({ cause: "failed", reference_year_from: "2026-01-15T12:15:00.000Z" });
  expect(weather.steps.dryBulbTemperature_c).toHaveLength(96);
});

test("after a failure the last good weather goes on, then the substitute from where it ends", async () => {
  const source = constantSource();
  const outlook = outlookOf(source);
  await outlook.refresh(nowMs);
  source.failure = "HTTP 503";
  const laterMs = startMs + 60 * hourMs;
  expect(await outlook.refresh(laterMs)).toBe(false);

  const near = await outlook.steps(startMs + 24 * hourMs, 900, 96);
  expect(near.source).toBe("constant");
  expect(near.fallbackReason).toBe("HTTP 503; weather of 2026-01-15 13:20 in use");
  expect(near.fallback).toEqual({ cause: "failed" });

  const far = await outlook.steps(laterMs, 900, 96);
  expect(far.source).toMatch(/^constant, then reference year/);
  const known = (12 * 60 - 15) / 15; // the series ends 72 h after 12:00
  expect([...far.steps.dryBulbTemperature_c.subarray(0, known)]).toEqual(Array(known).fill(5));
  expect(far.steps.dryBulbTemperature_c[known + 1]).not.toBe(5);
  expect(far.steps.dryBulbTemperature_c).toHaveLength(96);
  expect(far.fallbackReason).toContain("from 2026-01-18 13:00 on");
});

test("passes on that the source itself had only old weather, and asks again", async () => {
  const source = constantSource();
  source.stale = { ofMs: nowMs - hourMs, reason: "api.example answered HTTP 500" };
  const outlook = outlookOf(source);
  await outlook.refresh(nowMs);
  expect((await outlook.steps(startMs, 900, 4)).fallbackReason).toContain("api.example answered HTTP 500");
  source.stale = undefined;
  await outlook.refresh(nowMs + 60_000);
  expect(await outlook.steps(startMs, 900, 4)).not.toHaveProperty("fallbackReason");
});

test("asks only when that is due: too old, too short, or from before a jump of the clock", async () => {
  const source = constantSource();
  const outlook = outlookOf(source);
  await outlook.refresh(nowMs);
  await outlook.refresh(nowMs + 29 * 60_000);
  expect(source.asked).toBe(1);
  await outlook.refresh(nowMs + 30 * 60_000);
  expect(source.asked).toBe(2);
  await outlook.refresh(nowMs - 24 * hourMs);
  expect(source.asked).toBe(3);
  const fresh = createWeatherOutlook({
    kind: "reference_year",
    source,
    substitute,
    reach_ms: 72 * hourMs,
    needed_ms: 36 * hourMs,
    freshFor_ms: Number.POSITIVE_INFINITY,
  });
  await fresh.refresh(nowMs);
  await fresh.refresh(nowMs + 35 * hourMs);
  expect(source.asked).toBe(4);
  await fresh.refresh(nowMs + 37 * hourMs);
  expect(source.asked).toBe(5);
});

test("two who ask at the same time share one question", async () => {
  const source = constantSource();
  const outlook = outlookOf(source);
  await Promise.all([outlook.refresh(nowMs), outlook.refresh(nowMs)]);
  expect(source.asked).toBe(1);
});
