import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpTimeMs, judgeClock } from "./clock.ts";
import { checkPort, checkReady, stateOf } from "./core.ts";
import { checkOpenMeteo, checkRte, checkTempo } from "./public-sources.ts";

const hour_ms = 3_600_000;
const nowMs = Date.UTC(2026, 0, 15, 12);
const lyon = { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 };

let server: Server;
let url: string;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  if (!server.listening) return;
  server.close();
  await once(server, "close");
});

const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

describe("public sources", () => {
  it("that answer are well", async () => {
    answer = json([{ dateJour: "2026-01-15", codeJour: 3, periode: "2025-2026" }]);
    expect(await checkTempo(nowMs, url)).toEqual({
      check: "tempo",
      status: "ok",
      message: "api-couleur-tempo.fr answers: 2026-01-15 is red",
    });
    answer = json({ values: { "2026-01-15": "RED" } });
    expect((await checkRte(nowMs, url)).message).toBe("RTE's open data answer, with the colour of today");
    const time = Array.from({ length: 9 * 24 }, (_, i) =>
      new Date(Date.UTC(2026, 0, 15) + i * hour_ms).toISOString().slice(0, 16),
    );
    const all = (value: number) => time.map(() => value);
    answer = json({
      hourly: {
        time,
        temperature_2m: all(-3.21),
        direct_normal_irradiance: all(0),
        diffuse_radiation: all(0),
        cloud_cover: all(50),
      },
    });
    expect((await checkOpenMeteo(lyon, nowMs, url)).message).toBe(
      "Open-Meteo answers: -3.2 degrees outside in Lyon",
    );
  });

  it("that do not are warnings, which say what is used instead", async () => {
    answer = json("out of order", 503);
    const findings = [
      await checkTempo(nowMs, url),
      await checkRte(nowMs, url),
      await checkOpenMeteo(lyon, nowMs, url),
    ];
    for (const { status, message } of findings) {
      expect(status).toBe("warning");
      expect(message).toMatch(/503.*; .+/);
    }
  });
});

describe("the clock", () => {
  it("is compared with others", () => {
    expect(judgeClock(nowMs, [nowMs - 800, nowMs + 900, nowMs - 9 * hour_ms], "Europe/Paris").status).toBe(
      "ok",
    );
    expect(judgeClock(nowMs, [nowMs - 60_000], "UTC")).toMatchObject({
      status: "warning",
      message: expect.stringMatching(/^it is 60 s fast: 2026-01-15T12:00:00Z, time zone UTC/),
    });
    expect(judgeClock(nowMs, [nowMs + hour_ms], "UTC")).toMatchObject({
      status: "problem",
      message: expect.stringMatching(/^it is 3600 s slow/),
    });
    expect(judgeClock(nowMs, [], "UTC").status).toBe("warning");
  });

  it("of a machine without a battery is a problem at once", () => {
    expect(judgeClock(0, [], "UTC")).toMatchObject({
      status: "problem",
      message: expect.stringMatching(/^it shows 1970-/),
    });
  });

  it("is read from any web server's answer", async () => {
    answer = (_request, response) => response.writeHead(404, { date: "Thu, 15 Jan 2026 12:00:00 GMT" }).end();
    expect(await httpTimeMs(url)).toBe(nowMs);
    server.close();
    await once(server, "close");
    expect(await httpTimeMs(url)).toBeUndefined();
  });
});

describe("the API's port", () => {
  const address = () => ({ host: "127.0.0.1", port: Number(new URL(url).port) });

  it("is free, or taken by another program", async () => {
    answer = json({ status: "ok" });
    expect(await checkPort(address())).toMatchObject({
      status: "problem",
      message: `${address().port} is taken by another program`,
    });
    const free = address();
    server.close();
    await once(server, "close");
    expect(await checkPort(free)).toEqual({
      check: "port",
      status: "ok",
      message: `${free.port} is free for the API`,
    });
  });

  it("must be of this machine", async () => {
    expect(await checkPort({ host: "192.0.2.1", port: 8000 })).toMatchObject({
      status: "problem",
      message: "192.0.2.1 cannot be listened on (EADDRNOTAVAIL)",
    });
  });

  it.each([
    [{ status: "ready", dependencies: {} }, "ok", /^ready/],
    [
      {
        status: "degraded",
        dependencies: { mpc: { status: "down", detail: "no answer" }, broker: { status: "up" } },
      },
      "warning",
      /\(mpc: no answer\)/,
    ],
    [{ status: "not_ready", dependencies: { broker: { status: "down" } } }, "problem", /\(broker: down\)/],
    ["<html>", "problem", /^does not say how it is/],
  ])("answers how the core is: %j", async (body, status, message) => {
    answer = json(body);
    const [finding] = await checkReady(address());
    expect(finding).toMatchObject({ check: "core", status, message: expect.stringMatching(message) });
    expect(await stateOf(address())).toBeUndefined();
  });
});
