/** What the public services might answer, through the real clients. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CalendarSource, colourApi, rteOpenData, seasonDays, TariffSourceError } from "@azru/tariff";
import { openMeteoSource, validateSeries, WeatherSourceError } from "@azru/weather";
import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { damaged } from "../../packages/contracts/src/testing/arbitraries.ts";
import { rejectedOr } from "./errors.ts";
import { mutated } from "./mutations.ts";
import { patience_ms, runs } from "./runs.ts";

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 15, 12);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Bytes after which the connection breaks. */
  readonly breaksAfter: number | undefined;
}

let server: Server;
let url: string;
let next: Answer;

beforeAll(async () => {
  server = createServer((_request, response) => {
    const body = Buffer.from(next.body);
    // Every case has a client of its own; its connection must not outlive it.
    response.writeHead(next.status, {
      "content-type": next.type,
      "content-length": body.length,
      connection: "close",
    });
    if (next.breaksAfter === undefined) response.end(body);
    else response.write(body.subarray(0, next.breaksAfter % (body.length + 1)), () => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

/** Recorded answers with faults in the body, and now and then in the way they are sent. */
function answers(recorded: readonly unknown[]): fc.Arbitrary<Answer> {
  const value = fc.constantFrom(...recorded);
  const valid = value.map((body) => JSON.stringify(body));
  return fc.record({
    status: fc.oneof(
      { weight: 12, arbitrary: fc.constant(200) },
      fc.constantFrom(201, 204, 301, 400, 404, 418, 500),
    ),
    type: fc.constantFrom("application/json", "application/json", "text/html", "application/ld+json"),
    body: fc.oneof(
      { weight: 1, arbitrary: valid },
      { weight: 4, arbitrary: mutated(valid) },
      { weight: 4, arbitrary: damaged(value).map((body) => JSON.stringify(body) ?? "") },
      { weight: 1, arbitrary: fc.json() },
    ),
    breaksAfter: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.nat()),
  });
}

const impatient = { retries: 0, timeoutMs: 5_000 };
const days = ["2026-01-13", "2026-01-14", "2026-01-15"];
const season = "2025-2026";

async function checkColours(source: CalendarSource, asked: readonly string[]): Promise<boolean> {
  const answer = await rejectedOr(source.colours(asked, nowMs), [TariffSourceError], /^127\.0\.0\.1:\d+: .+/);
  for (const [day, colour] of answer?.colours ?? []) {
    assert.ok(asked.includes(day), day);
    assert.ok(["blue", "white", "red"].includes(colour), colour);
  }
  return answer !== undefined;
}

describe("answers of api-couleur-tempo.fr", () => {
  const rows = days.map((dateJour, i) => ({
    dateJour,
    codeJour: i + 1,
    periode: season,
    libCouleur: "Bleu",
  }));
  const prices = {
    bleuHC: 0.1232,
    bleuHP: 0.1494,
    blancHC: 0.1391,
    blancHP: 0.173,
    rougeHC: 0.146,
    rougeHP: 0.6468,
    dateDebut: "2026-02-01T00:00:00",
  };

  it("are colours of the days asked, or a TariffSourceError", { timeout: patience_ms }, async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(answers([rows]), async (answer) => {
        next = answer;
        if (await checkColours(colourApi({ baseUrl: url, ...impatient }), days)) accepted++;
      }),
      runs(250),
    );
    assert.ok(accepted > 0);
  });

  it("are prices, or a TariffSourceError", { timeout: patience_ms }, async () => {
    const error = /^127\.0\.0\.1:\d+: .+/;
    await fc.assert(
      fc.asyncProperty(answers([prices]), async (answer) => {
        next = answer;
        const api = colourApi({ baseUrl: url, ...impatient });
        const table = await rejectedOr(api.prices(days[2]), [TariffSourceError], error);
        for (const { peak, offPeak } of Object.values(table?.prices_eur_kwh ?? {})) {
          assert.ok(peak > 0 && peak < 10 && offPeak > 0 && offPeak < 10);
        }
        if (table) assert.ok(!Number.isNaN(Date.parse(table.from)), table.from);
      }),
      runs(400),
    );
  });
});

describe("answers of RTE", () => {
  const values = Object.fromEntries([
    ...days.map((day, i) => [day, ["BLUE", "WHITE", "RED"][i]]),
    ["2026-01-14-fallback", "true"],
  ]);

  it("are colours of the days asked, or a TariffSourceError", { timeout: patience_ms }, async () => {
    assert.ok(seasonDays(season).includes(days[0]));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(answers([{ values }]), async (answer) => {
        next = answer;
        if (await checkColours(rteOpenData({ baseUrl: url, ...impatient }), days)) accepted++;
      }),
      runs(400),
    );
    assert.ok(accepted > 0);
  });
});

describe("answers of Open-Meteo", () => {
  const time = Array.from({ length: 9 * 24 }, (_, i) =>
    new Date(Date.UTC(2026, 0, 15) + i * hourMs).toISOString().slice(0, 16),
  );
  const hourly = {
    time,
    temperature_2m: time.map((_, i) => Math.round(50 * Math.sin(i / 4)) / 10),
    direct_normal_irradiance: time.map((_, i) => (i * 37) % 800),
    diffuse_radiation: time.map((_, i) => (i * 17) % 200),
    cloud_cover: time.map((_, i) => (i * 13) % 101),
  };
  const body = {
    latitude: 45.76,
    longitude: 4.84,
    utc_offset_seconds: 0,
    timezone: "GMT",
    hourly_units: { time: "iso8601" },
    hourly,
  };
  const refusal = { error: true, reason: "Value of type 'Float' required\nfor key 'latitude'." };
  const location = { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 };

  it("are plausible weather for what was asked, or a WeatherSourceError", {
    timeout: patience_ms,
  }, async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(answers([body, body, body, refusal]), async (answer) => {
        next = answer;
        const source = openMeteoSource({
          location,
          now: () => nowMs,
          forecastUrl: url,
          archiveUrl: url,
          ...impatient,
        });
        const startMs = nowMs;
        const series = await rejectedOr(
          source.series(startMs, startMs + 48 * hourMs),
          [WeatherSourceError],
          /.+/,
        );
        if (!series) return;
        accepted++;
        validateSeries(series);
        const endMs = series.startMs + series.dryBulbTemperature_c.length * hourMs;
        assert.ok(series.startMs <= startMs && endMs >= startMs + 48 * hourMs);
      }),
      runs(400),
    );
    assert.ok(accepted > 0);
  });
});
