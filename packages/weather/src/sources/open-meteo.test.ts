import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { coveredUntilMs, stepMeans } from "../resample.ts";
import { WeatherSourceError } from "./error.ts";
import { type OpenMeteoOptions, openMeteoSource } from "./open-meteo.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.UTC(2026, 10, 23, 9, 20);
const day = (date: string) => Date.parse(date);

/** An answer in the service's format; temperature counts hours since 1970 modulo 40, radiation hours of day. */
function answer(startDate: string, endDate: string, emptyFromMs = Number.POSITIVE_INFINITY) {
  const times: number[] = [];
  for (let ms = day(startDate); ms < day(endDate) + dayMs; ms += hourMs) times.push(ms);
  const values = (value: (ms: number) => number) => times.map((ms) => (ms < emptyFromMs ? value(ms) : null));
  return {
    latitude: 45.76,
    longitude: 4.8399997,
    generationtime_ms: 0.1,
    utc_offset_seconds: 0,
    timezone: "GMT",
    hourly_units: { time: "iso8601", temperature_2m: "°C", direct_normal_irradiance: "W/m²" },
    hourly: {
      time: times.map((ms) => new Date(ms).toISOString().slice(0, 16)),
      temperature_2m: values((ms) => (ms / hourMs) % 40),
      direct_normal_irradiance: values((ms) => 10 * new Date(ms).getUTCHours()),
      diffuse_radiation: values((ms) => new Date(ms).getUTCHours()),
      cloud_cover: values((ms) => (new Date(ms).getUTCHours() % 2) * 100),
    },
  };
}

let server: Server;
let folder: string;
let requests: URL[];
let behave: { forecast: RequestListener; archive: RequestListener };

const reply = (body: unknown, status = 200): RequestListener => {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
};

/** Answers the dates asked for. */
const obliging = (emptyFromMs?: number): RequestListener => {
  return (request, response) => {
    const query = new URL(request.url!, "http://localhost").searchParams;
    reply(answer(query.get("start_date")!, query.get("end_date")!, emptyFromMs))(request, response);
  };
};

beforeEach(async () => {
  requests = [];
  behave = { forecast: obliging(), archive: obliging() };
  folder = await mkdtemp(join(tmpdir(), "open-meteo-"));
  server = createServer((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    requests.push(url);
    (url.pathname === "/archive" ? behave.archive : behave.forecast)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function source(options: Partial<OpenMeteoOptions> = {}) {
  const { port } = server.address() as AddressInfo;
  return openMeteoSource({
    location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
    now: () => nowMs,
    cacheFolder: folder,
    forecastUrl: `http://127.0.0.1:${port}/forecast`,
    archiveUrl: `http://127.0.0.1:${port}/archive`,
    timeoutMs: 5_000,
    retries: 2,
    retryDelayMs: 1,
    ...options,
  });
}

const asked = () =>
  requests.map(
    (url) => `${url.pathname} ${url.searchParams.get("start_date")} ${url.searchParams.get("end_date")}`,
  );

describe("openMeteoSource", () => {
  it("takes the future from the forecast, radiation from the hour that it is the mean of", async () => {
    const startMs = nowMs - 20 * 60_000;
    const series = await source().series(startMs, startMs + 24 * hourMs);
    expect(series.source).toBe("Open-Meteo forecast");
    expect(series.startMs).toBe(startMs);
    expect(series.dryBulbTemperature_c[0]).toBe((startMs / hourMs) % 40);
    expect([...series.directNormalIrradiance_w_m2.subarray(0, 3)]).toEqual([100, 110, 120]);
    expect([...series.diffuseHorizontalIrradiance_w_m2.subarray(13, 16)]).toEqual([23, 0, 1]);
    expect(series.cloudCover.every((cover) => cover === 0.5)).toBe(true);
    expect(stepMeans(series, startMs, 900, 96).cloudCover.length).toBe(96);
    expect(asked()).toEqual(["/forecast 2026-11-23 2026-11-30"]);
    const query = requests[0].searchParams;
    expect(query.get("latitude")).toBe("45.76");
    expect(query.get("longitude")).toBe("4.84");
    expect(query.get("timezone")).toBe("UTC");
    expect(query.get("hourly")?.split(",")).toEqual([
      "temperature_2m",
      "direct_normal_irradiance",
      "diffuse_radiation",
      "cloud_cover",
    ]);
  });

  it("takes the past from the archive, once", async () => {
    const range = [day("2025-01-10"), day("2025-01-20")] as const;
    const first = await source().series(...range);
    expect(first.source).toBe("Open-Meteo archive");
    const again = await source().series(...range);
    expect(again).toEqual(first);
    expect(asked()).toEqual(["/archive 2025-01-10 2025-01-20"]);
    expect(first.dryBulbTemperature_c.length).toBe(241);
  });

  it("stitches past and future into one series", async () => {
    const series = await source().series(day("2026-11-01"), day("2026-11-25"));
    expect(series.source).toBe("Open-Meteo archive and forecast");
    expect(asked()).toEqual(["/archive 2026-11-01 2026-11-22", "/forecast 2026-11-23 2026-11-30"]);
    for (let i = 0; i < series.dryBulbTemperature_c.length; i++) {
      expect(series.dryBulbTemperature_c[i]).toBe((day("2026-11-01") / hourMs + i) % 40);
      expect(series.directNormalIrradiance_w_m2[i]).toBe(10 * ((i + 1) % 24));
    }
  });

  it("fills the archive's empty last days from the forecast, and does not keep an incomplete answer", async () => {
    behave.archive = obliging(day("2026-11-19") + 5 * hourMs);
    const series = await source().series(day("2026-11-10"), day("2026-11-22"));
    expect(series.source).toBe("Open-Meteo archive and forecast");
    expect(series.dryBulbTemperature_c.every(Number.isFinite)).toBe(true);
    await source().series(day("2026-11-10"), day("2026-11-22"));
    expect(asked()).toEqual([
      "/archive 2026-11-10 2026-11-22",
      "/forecast 2026-11-19 2026-11-30",
      "/archive 2026-11-10 2026-11-22",
    ]);
  });

  it("says which hour has no data when neither knows it", async () => {
    behave.forecast = obliging(day("2026-11-24") + 6 * hourMs);
    await expect(source().series(nowMs, nowMs + 24 * hourMs)).rejects.toThrow(
      "Open-Meteo forecast has no data for 2026-11-24T06:00:00.000Z",
    );
    behave.archive = obliging(day("2025-01-12"));
    await expect(source().series(day("2025-01-10"), day("2025-01-14"))).rejects.toThrow(
      "Open-Meteo's archive has no data for 2025-01-12",
    );
  });

  it("does not ask again for a fresh forecast, but for an old one", async () => {
    let clockMs = nowMs;
    const patient = source({ now: () => clockMs });
    await patient.series(clockMs, clockMs + dayMs);
    clockMs += 14 * 60_000;
    await patient.series(clockMs, clockMs + dayMs);
    expect(requests.length).toBe(1);
    clockMs += 2 * 60_000;
    await patient.series(clockMs, clockMs + dayMs);
    expect(requests.length).toBe(2);
  });

  it.each([
    ["an error", reply("oops", 500)],
    ["garbage", reply("<html>busy</html>")],
    ["another shape", reply({ hourly: { time: ["2026-11-23T00:00"] } })],
    ["a cut connection", ((request) => request.socket.destroy()) as RequestListener],
  ])("outlives an outage with the last good forecast, flagged stale: %s", async (_, outage) => {
    await source().series(nowMs, nowMs + dayMs);
    behave.forecast = outage;
    const later = nowMs + 2 * dayMs;
    const series = await source({ now: () => later }).series(later, later + dayMs);
    expect(series.source).toBe("Open-Meteo forecast (stale, of 2026-11-23T09:20:00.000Z)");
    expect(series.stale).toEqual({ ofMs: nowMs, reason: expect.stringContaining("127.0.0.1") });
    expect(series.dryBulbTemperature_c[0]).toBe(Math.floor(later / hourMs) % 40);

    const muchLater = nowMs + 9 * dayMs;
    await expect(source({ now: () => muchLater }).series(muchLater, muchLater + dayMs)).rejects.toThrow(
      WeatherSourceError,
    );
  });

  it("remembers the last good forecast in memory where there is no folder", async () => {
    let clockMs = nowMs;
    const homeless = source({ cacheFolder: undefined, now: () => clockMs });
    await homeless.series(clockMs, clockMs + dayMs);
    behave.forecast = reply("oops", 503);
    clockMs += dayMs;
    expect((await homeless.series(clockMs, clockMs + dayMs)).source).toContain("stale");
    expect(await readdir(folder)).toEqual([]);
  });

  it("tries again after an error, and no more often than allowed", async () => {
    let failures = 2;
    behave.forecast = (request, response) =>
      (failures-- > 0 ? reply("busy", 503) : obliging())(request, response);
    await source().series(nowMs, nowMs + dayMs);
    expect(requests.length).toBe(3);
    expect(await source().series(nowMs, nowMs + dayMs)).not.toHaveProperty("stale");

    behave.archive = reply("busy", 429);
    await expect(source().series(day("2025-01-10"), day("2025-01-12"))).rejects.toThrow(
      /^cannot reach 127\.0\.0\.1:\d+: HTTP 429$/,
    );
    expect(requests.length).toBe(6);
  });

  it("takes no more of an answer than a year of hours could have", async () => {
    let sent = 0;
    behave.forecast = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (sent < 200 * 1024 * 1024 && !response.destroyed) {
          sent += 65_536;
          if (!response.write("0".repeat(65_536))) return response.once("drain", more);
        }
        return response.end();
      };
      more();
    };
    await expect(source({ retries: 0 }).series(nowMs, nowMs + dayMs)).rejects.toThrow(
      /cannot reach 127\.0\.0\.1:\d+: .*size/i,
    );
    expect(sent).toBeLessThan(100 * 1024 * 1024);
  });

  it("does not wait for a server that does not answer", async () => {
    behave.forecast = () => {};
    const hasty = source({ timeoutMs: 50, retries: 0 });
    await expect(hasty.series(nowMs, nowMs + dayMs)).rejects.toThrow(
      /cannot reach 127\.0\.0\.1:\d+: Headers Timeout/,
    );
  });

  it.each([
    [
      reply({ error: true, reason: "Parameter 'latitude' is wrong" }, 400),
      "refused the request: Parameter 'latitude' is wrong",
    ],
    [reply("no", 400), "refused the request: HTTP 400"],
    [reply("[1, 2", 200), "answered something that is not JSON"],
    [reply({ error: true, reason: "Daily limit exceeded" }, 403), "answered Daily limit exceeded"],
    [reply({ hourly: {} }), "answered something unexpected: hourly.time: "],
    [reply({ error: true, reason: "Daily limit exceeded" }), "answered Daily limit exceeded"],
  ])("says what was wrong with the answer (%#)", async (listener, message) => {
    behave.forecast = listener;
    const asking = source().series(nowMs, nowMs + dayMs);
    await expect(asking).rejects.toThrow(WeatherSourceError);
    await expect(asking).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ["temperature_2m", 212, 10.5],
    ["direct_normal_irradiance", -50, 110],
    ["direct_normal_irradiance", -0.4, 0],
    ["cloud_cover", "half", 50],
    ["temperature_2m", null, 10.5],
  ] as const)("refuses a %s of %s, and uses all the others", async (field, value, instead) => {
    const wrong = answer("2026-11-23", "2026-11-30");
    const columns: Record<string, unknown[]> = wrong.hourly;
    if (field === "temperature_2m") columns[field].splice(10, 3, 10, 99, 11);
    if (field === "cloud_cover") columns[field].splice(10, 3, 0, 99, 100);
    columns[field][11] = value;
    behave.forecast = reply(wrong);
    const { length } = wrong.hourly.time;
    const startMs = day("2026-11-23T10:00Z");
    const series = await source().series(startMs, startMs + (length - 12) * hourMs);
    const { dryBulbTemperature_c, directNormalIrradiance_w_m2, cloudCover } = series;
    expect(dryBulbTemperature_c.length).toBe(length - 11);
    if (field === "temperature_2m") expect(dryBulbTemperature_c[1]).toBe(instead);
    if (field === "direct_normal_irradiance") expect(directNormalIrradiance_w_m2[0]).toBe(instead);
    if (field === "cloud_cover") expect(cloudCover[0]).toBe(instead / 200);
  });

  it("refuses a time that is none", async () => {
    const wrong = answer("2026-11-23", "2026-11-30");
    wrong.hourly.time[3] = "yesterday";
    behave.forecast = reply(wrong);
    await expect(source().series(nowMs, nowMs + dayMs)).rejects.toThrow("hourly.time[3]: ");
  });

  it("ends where hours are missing, in a home that goes on with other weather", async () => {
    const wrong = answer("2026-11-23", "2026-11-30");
    for (const hour of [110, 111, 112]) wrong.hourly.temperature_2m[hour] = null;
    behave.forecast = reply(wrong);
    const startMs = day("2026-11-23T09:00Z");
    const series = await source({ mayEndEarly: true }).series(startMs, startMs + 6 * dayMs);
    expect(coveredUntilMs(series)).toBe(day("2026-11-23T00:00Z") + 108 * hourMs);
    expect(series.dryBulbTemperature_c.at(-1)).toBe(wrong.hourly.temperature_2m[108]);
    await expect(source().series(startMs, startMs + 6 * dayMs)).rejects.toThrow(
      "Open-Meteo forecast has no data for 2026-11-27T14:00:00.000Z",
    );
  });

  it("does not stumble over an object where hours are expected, nor over lines in a reason", async () => {
    behave.forecast = reply({ hourly: { time: { length: { valueOf: 1, toString: 1 } } } });
    await expect(source().series(nowMs, nowMs + hourMs)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered something unexpected: hourly\.time: /,
    );
    behave.forecast = reply({ error: true, reason: "no\nsuch\0place" }, 400);
    await expect(source().series(nowMs, nowMs + hourMs)).rejects.toThrow(
      /refused the request: no such place$/,
    );
  });

  it("refuses columns of different lengths", async () => {
    const wrong = answer("2026-11-23", "2026-11-30");
    wrong.hourly.cloud_cover.pop();
    behave.forecast = reply(wrong);
    await expect(source().series(nowMs, nowMs + dayMs)).rejects.toThrow(
      "hourly.cloud_cover: must have 192 values, got 191",
    );
  });

  it("asks again where a kept answer is damaged, and leaves no drafts", async () => {
    const range = [day("2025-01-10"), day("2025-01-12")] as const;
    const good = await source().series(...range);
    const [file] = await readdir(folder);
    const path = join(folder, file);
    const kept = await readFile(path, "utf8");
    await writeFile(path, kept.slice(0, kept.length / 2));
    expect(await source().series(...range)).toEqual(good);
    expect(requests.length).toBe(2);
    expect(await readdir(folder)).toEqual([file]);
    expect(await readFile(path, "utf8")).toBe(kept);
  });

  it("says where it cannot keep answers", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(source({ cacheFolder: file }).series(nowMs, nowMs + dayMs)).rejects.toThrow(
      new WeatherSourceError(`cannot keep weather answers in ${file}: EEXIST`),
    );
  });

  it("says how far forecasts reach, and where the earth is", async () => {
    await expect(source().series(nowMs, nowMs + 20 * dayMs)).rejects.toThrow(
      "Open-Meteo forecasts until 2026-12-08, asked until 2026-12-13",
    );
    const nowhere = { name: "nowhere", latitude_deg: 95, longitude_deg: 0 };
    expect(() => source({ location: nowhere })).toThrow("latitude_deg must be within -90..90, got 95");
  });
});
