import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { get } from "node:http";
import { createInterface } from "node:readline";
import {
  calibrationResponseSchema,
  forecastStateSchema,
  healthResponseSchema,
  historyResponseSchema,
  planResponseSchema,
  problemDetailsSchema,
  readyResponseSchema,
  type ServerEvent,
  serverEvents,
  stateResponseSchema,
  tariffStateSchema,
  topics,
} from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type AppOptions, createApp } from "./app.ts";
import { mostListeners } from "./routes/events.ts";
import { collector } from "./testing/collector.ts";
import { flatPlan } from "./testing/plans.ts";
import {
  building,
  type Device,
  type LiveCore,
  room,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "./testing/test-home.ts";

const [embedded] = brokers;
let home: TestHome;
let device: Device;
let live: LiveCore;
let nowMs = startMs;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  home = await startTestHome(embedded);
  device = await home.device();
  respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
    flatPlan({ id, startMs: Date.parse(start), valve_position: 45, temperature_c: 20 }),
  );
  live = await home.core();
});
afterAll(() => home.stop());
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function app(changes: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  const made = await createApp({
    core: live.core,
    registry: live.registry,
    version: "1.2.3",
    log: silent,
    ...changes,
  });
  apps.push(made);
  return made;
}

async function ask(to: FastifyInstance, request: InjectOptions) {
  const response = await to.inject({ headers: { host: "localhost:8000" }, ...request });
  return {
    status: response.statusCode,
    type: response.headers["content-type"],
    json: () => response.json(),
    response,
  };
}

/** The next decision at a later time. */
async function decide(): Promise<void> {
  nowMs += stepMs;
  await device.decision(nowMs, { temperature: 20, mass_temperature: 20.2 });
  await live.core.idle();
}

const token = "correct horse battery staple";

describe("before the first decision", () => {
  test("there is neither plan nor forecast, and it is not ready", async () => {
    const api = await app();
    for (const url of ["/plan", "/forecast"]) {
      const { status, type, json } = await ask(api, { url });
      expect({ status, type }).toEqual({ status: 404, type: "application/problem+json" });
      expect(problemDetailsSchema.parse(json()).detail).toMatch(/^there is no (plan|forecast) yet$/);
    }
    const lower = await ask(api, { url: "/plan/lower-ceiling" });
    expect(lower.status).toBe(404);
    expect(problemDetailsSchema.parse(lower.json()).detail).toBe(
      "no plan has been made since the core started",
    );
    const ready = await ask(api, { url: "/ready" });
    expect(ready.status).toBe(503);
    expect(readyResponseSchema.parse(ready.json())).toMatchObject({
      status: "not_ready",
      dependencies: { broker: { status: "up" }, sensors: { status: "down" } },
    });
    const state = await ask(api, { url: "/state" });
    expect(stateResponseSchema.parse(state.json())).toMatchObject({
      decision: null,
      rooms: [],
      estimate: null,
    });
  });
});

describe("the API", () => {
  beforeAll(decide);

  test("shows the home at a glance", async () => {
    const { status, json } = await ask(await app(), { url: "/state" });
    expect(status).toBe(200);
    expect(stateResponseSchema.parse(json())).toMatchObject({
      site: "home",
      simulated: true,
      mode: "auto",
      decision: { source: "mpc", valve_position: 45, measured_at: "2026-01-15T05:15:00.000Z" },
      rooms: [{ room, status: "fresh" }],
      estimate: { temperature: 20, mass_temperature: 20 },
      comfort: { min: 19, max: 28 },
      rate: { price: 0.25, period: "peak" },
    });
  });

  test("has plan, tariff, forecast, health and readiness", async () => {
    const api = await app();
    const body = async (url: string) => (await ask(api, { url })).json();
    expect(planResponseSchema.parse(await body("/plan")).plan.valve_position[0]).toBe(45);
    expect(tariffStateSchema.parse(await body("/tariff"))).toMatchObject({
      tariff: "peak",
      today: { date: "2026-01-15", peak_price: 0.25, off_peak_price: 0.15 },
      tomorrow: { date: "2026-01-16" },
    });
    expect(forecastStateSchema.parse(await body("/forecast")).solar_power).toHaveLength(96);
    expect(healthResponseSchema.parse(await body("/health")).version).toBe("1.2.3");
    expect(readyResponseSchema.parse(await body("/ready")).status).toBe("ready");
  });

  test("welcomes programs with JSON and shows browsers the page", async () => {
    const api = await app();
    expect((await ask(api, { url: "/" })).json()).toEqual({
      name: "Azru",
      version: "1.2.3",
      site: "home",
      docs: "/docs",
    });
    const browser = await ask(api, { url: "/", headers: { accept: "text/html,*/*", host: "localhost" } });
    expect([browser.status, browser.type]).toEqual([200, "text/html; charset=utf-8"]);
    expect(browser.response.headers["content-security-policy"]).toContain("script-src 'self';");
    const files = [...browser.response.body.matchAll(/"(dashboard\/[^"]+)"/g)].map(([, path]) => `/${path}`);
    expect(files).toHaveLength(2);
    for (const url of files) {
      const { status, response } = await ask(api, { url });
      expect([status, response.headers["cache-control"]]).toEqual([
        200,
        "public, max-age=31536000, immutable",
      ]);
    }
  });

  test("has history, as it is stored and as means", async () => {
    await decide();
    await live.store.flush();
    const api = await app();
    const raw = await ask(api, {
      url: "/history?series=sensors.temperature&start=-2h&stop=2026-01-15T05:31:00Z",
    });
    expect(historyResponseSchema.parse(raw.json())).toMatchObject({
      measurement: "sensors",
      every_s: null,
      columns: [
        {
          field: "temperature",
          unit: "degrees C",
          tags: { location: room },
          time: ["2026-01-15T05:15:00.000Z", "2026-01-15T05:30:00.000Z"],
          value: [20, 20],
        },
      ],
    });
    const local = await ask(api, {
      url: "/history?series=sensors.temperature&start=2026-01-15&stop=2026-01-15T06:31",
    });
    expect(local.json()).toMatchObject({
      start: "2026-01-14T23:00:00.000Z",
      stop: "2026-01-15T05:31:00.000Z",
      columns: raw.json().columns,
    });
    const means = await ask(api, {
      url: "/history?series=actuators&start=-2h&stop=2026-01-15T06:00:00Z&every=1h",
    });
    expect(means.json().columns).toContainEqual(
      expect.objectContaining({ field: "valve_position", time: ["2026-01-15T05:00:00.000Z"], value: [45] }),
    );
  });

  test("names what is wrong with a question about history", async () => {
    const api = await app();
    const refused = async (query: string) => {
      const { status, json } = await ask(api, { url: `/history?${query}` });
      expect(status).toBe(400);
      return problemDetailsSchema.parse(json());
    };
    expect(await refused("series=weather")).toMatchObject({
      detail: expect.stringContaining("query.series must be one of sensors"),
      errors: [{ field: "query.series" }],
    });
    expect((await refused("start=yesterday")).detail).toContain(
      "query.start must be a time such as 2026-02-01T06:00",
    );
    expect((await refused("limit=5")).detail).toBe('query has no field "limit"');
    expect((await refused("series=sensors.colour")).detail).toContain("series sensors has no field colour");
    expect((await refused("start=-1h&stop=-2h")).detail).toContain("stop must be after start");
    expect((await refused("start=2026-03-29T02:30")).detail).toBe(
      "start must be a time that exists in Europe/Paris, where clocks skip it in spring, got 2026-03-29T02:30",
    );
    expect((await refused("start=-365d&every=1s")).detail).toBe(
      "every must be at least 53m for that range, got 1s: an answer has at most 10080 values",
    );
  });

  test("gives metrics to Prometheus", async () => {
    const { status, type, response } = await ask(await app(), { url: "/metrics" });
    expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(response.body).toMatch(/^azru_decisions_total\{source="mpc"\} \d+$/m);
    expect(response.body).toMatch(/^azru_temperature_celsius\{room="living-room"\} 20$/m);
    expect(response.body).toMatch(/^azru_broker_connected 1$/m);
  });

  test("knows no other path, and says where to look", async () => {
    const { status, json } = await ask(await app(), { method: "DELETE", url: "/plans?x=1" });
    expect(status).toBe(404);
    expect(problemDetailsSchema.parse(json()).detail).toBe("there is no DELETE /plans; see /docs");
  });

  test("says what a path takes where it is asked otherwise", async () => {
    const { status, json, response } = await ask(await app(), { method: "DELETE", url: "/plan?x=1" });
    expect([status, response.headers.allow]).toEqual([405, "GET"]);
    expect(problemDetailsSchema.parse(json()).detail).toBe("/plan takes GET, got DELETE; see /docs");
    const vacation = await ask(await app(), { url: "/control/vacation" });
    expect([vacation.status, vacation.response.headers.allow]).toEqual([405, "POST, DELETE"]);
  });

  test("says so whatever is sent along: nothing to QUERY, or a body that is no JSON", async () => {
    const query = await ask(await app(), { method: "QUERY" as "GET", url: "/state" });
    expect([query.status, query.response.headers.allow]).toEqual([405, "GET"]);
    const headers = { "content-type": "application/json" };
    const broken = await ask(await app(), { method: "PUT", url: "/state", headers, payload: "{" });
    expect([broken.status, broken.response.headers.allow]).toEqual([405, "GET"]);
    const nowhere = await ask(await app(), { method: "POST", url: "/plans", headers, payload: "{" });
    expect(nowhere.status).toBe(404);
  });

  test("protects who opens it in a browser, and lets no other site read it", async () => {
    const { response } = await ask(await app(), {
      url: "/state",
      headers: { origin: "https://evil.example", host: "localhost" },
    });
    expect(response.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "content-security-policy": expect.stringContaining("default-src 'self'"),
    });
    expect(response.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("holds each client to its rate", async () => {
    const api = await app({ limits: { all: 5, control: 2 } });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await ask(api, { url: "/health" })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const { type, json } = await ask(api, { url: "/health" });
    expect(type).toBe("application/problem+json");
    expect(problemDetailsSchema.parse(json()).detail).toMatch(/^more than 5 requests a minute/);
  });

  test("does not show what went wrong inside", async () => {
    const broken = {
      ...live.core,
      state: () => {
        throw new Error("secret path /home/x");
      },
    };
    const { status, response } = await ask(await app({ core: broken }), { url: "/state" });
    expect(status).toBe(500);
    expect(response.body).not.toContain("secret");
  });
});

describe("control", () => {
  test("sets the valve for a while, then hands it back", async () => {
    const api = await app();
    const command = device.commands.next(({ source }) => source === "manual");
    const set = await ask(api, {
      method: "POST",
      url: "/control/valve",
      payload: { valve_position: 30, duration_min: 90 },
    });
    expect(set.status).toBe(200);
    expect(set.json()).toMatchObject({ mode: "manual", manual: { valve_position: 30 } });
    expect(await command).toMatchObject({ valve_position: 30 });
    await live.core.idle();

    const refused = await ask(api, { method: "POST", url: "/force-optimization" });
    expect(refused.status).toBe(409);
    expect(refused.json().detail).toContain("manual mode");

    const automatic = device.commands.next(({ source }) => source === "mpc");
    const back = await ask(api, { method: "POST", url: "/control/mode", payload: { auto_mode: true } });
    expect(back.json()).toEqual({ status: "success", mode: "auto", auto_mode: true, manual: null });
    await automatic;
  });

  test("a house that is not learnt says so, and neither learns nor goes back", async () => {
    const api = await app();
    const calibration = calibrationResponseSchema.parse((await ask(api, { url: "/calibration" })).json());
    expect(calibration).toMatchObject({ mode: "off", last: null, model: { source: "file", since: null } });
    expect(calibration.model.parameters).toContainEqual({
      name: "heater_power",
      unit: "W",
      before: building.heating.maxPower_w,
      after: building.heating.maxPower_w,
    });
    for (const method of ["POST", "DELETE"] as const) {
      const { status, json } = await ask(api, { method, url: "/calibration" });
      expect({ status, detail: json().detail }).toEqual({
        status: 409,
        detail: expect.stringContaining("set AZRU_CALIBRATE=nightly"),
      });
    }
  });

  test("keeps the valve where it is when automatic mode is switched off", async () => {
    const api = await app();
    await live.core.idle();
    const off = await ask(api, { method: "POST", url: "/control/mode", payload: { auto_mode: false } });
    expect(off.json()).toMatchObject({ status: "success", mode: "manual", manual: { valve_position: 45 } });
    await live.core.idle();
    await ask(api, { method: "POST", url: "/control/mode", payload: { auto_mode: true } });
    await live.core.idle();
  });

  test("a forced optimisation decides at once, under the id that is answered", async () => {
    const api = await app();
    await live.core.idle();
    const { status, json } = await ask(api, {
      method: "POST",
      url: "/force-optimization",
      headers: { host: "localhost", "content-type": "application/json" },
    });
    expect(status).toBe(200);
    const { status: outcome, request_id } = json();
    expect(outcome).toBe("started");
    await live.core.idle();
    expect(live.core.state().decision).toMatchObject({
      id: request_id,
      plan_id: request_id,
      cause: "asked for",
    });
  });

  test.each([
    [{ valve_position: 101 }, "body.valve_position must be <= 100, got 101"],
    [{ valve_position: -1 }, "body.valve_position must be >= 0, got -1"],
    [{ valve_position: "50" }, 'body.valve_position must be a number, got "50"'],
    [{}, "body.valve_position is missing"],
    [{ valve_position: 50, until: "noon" }, 'body has no field "until"'],
    [{ valve_position: 50, duration_min: 0 }, "body.duration_min must be >= 1, got 0"],
    [[], "body must be an object, got []"],
  ])("refuses %j and says why", async (payload, detail) => {
    const { status, type, json } = await ask(await app(), { method: "POST", url: "/control/valve", payload });
    expect([status, type]).toEqual([400, "application/problem+json"]);
    expect(problemDetailsSchema.parse(json()).detail).toBe(detail);
    expect(live.core.state().mode).toBe("auto");
  });

  test("refuses what is no JSON, what is something else, and what is too long", async () => {
    const api = await app();
    const post = (payload: string, type = "application/json") =>
      ask(api, {
        method: "POST",
        url: "/control/valve",
        payload,
        headers: { "content-type": type, host: "localhost" },
      });
    expect((await post("{")).status).toBe(400);
    const plain = await post("valve_position=1", "text/plain");
    expect(plain.status).toBe(415);
    expect(problemDetailsSchema.parse(plain.json()).detail).toBe(
      "send JSON with Content-Type: application/json, got text/plain",
    );
    expect((await post("valve_position=1", "application/x-www-form-urlencoded")).status).toBe(415);
    expect((await post(JSON.stringify({ valve_position: 1, note: "x".repeat(20_000) }))).status).toBe(413);
  });

  test("asks for the token on everything that changes state, and on nothing else", async () => {
    const api = await app({ token });
    const post = (authorization?: string) =>
      ask(api, {
        method: "POST",
        url: "/control/mode",
        payload: { auto_mode: true },
        headers: { host: "azru.lan:8000", ...(authorization !== undefined && { authorization }) },
      });
    for (const wrong of [
      undefined,
      "",
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `Basic ${token}`,
      "Bearer",
    ]) {
      const { status, type, json } = await post(wrong);
      expect([wrong, status, type]).toEqual([
        wrong,
        401,
        expect.stringContaining("application/problem+json"),
      ]);
      expect(problemDetailsSchema.parse(json()).detail).toContain("send Authorization: Bearer");
    }
    expect((await post(`Bearer ${token}`)).status).toBe(200);
    for (const url of ["/control/valve", "/force-optimization", "/calibration"]) {
      expect((await ask(api, { method: "POST", url, payload: { valve_position: 1 } })).status).toBe(401);
    }
    expect((await ask(api, { method: "DELETE", url: "/calibration" })).status).toBe(401);
    for (const url of ["/state", "/plan", "/metrics", "/docs/json"]) {
      expect((await ask(api, { url, headers: { host: "azru.lan:8000" } })).status).toBe(200);
    }
  });

  test("without a token only this machine may control, under its own name", async () => {
    const api = await app();
    const post = async (headers: Record<string, string>) =>
      (await ask(api, { method: "POST", url: "/control/mode", payload: { auto_mode: true }, headers }))
        .status;
    expect(await post({ host: "rebound.example:8000" })).toBe(403);
    expect(await post({ host: "192.168.1.7:8000" })).toBe(403);
    for (const host of ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "azru.localhost"]) {
      expect([host, await post({ host })]).toEqual([host, 200]);
    }
  });

  test("a page of another site may not control, with or without its user's token", async () => {
    const host = "localhost:8000";
    for (const changes of [{}, { token }]) {
      const api = await app(changes);
      const post = async (headers: Record<string, string>) =>
        (
          await ask(api, {
            method: "POST",
            url: "/control/mode",
            payload: { auto_mode: true },
            headers: { host, authorization: `Bearer ${token}`, ...headers },
          })
        ).status;
      expect(await post({ origin: "https://evil.example" })).toBe(403);
      expect(await post({ origin: "null" })).toBe(403);
      expect(await post({ "sec-fetch-site": "cross-site" })).toBe(403);
      expect(await post({ origin: `http://${host}`, "sec-fetch-site": "same-origin" })).toBe(200);
    }
  });
});

describe("the description", () => {
  test("documents every route, with its token where it needs one", async () => {
    const { json } = await ask(await app(), { url: "/docs/json" });
    const { paths, components } = json();
    const routes = Object.entries<Record<string, { security?: unknown; summary?: string }>>(paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { security, summary }]) => {
          expect(summary).toBeTruthy();
          return `${method.toUpperCase()} ${path}${security ? " (token)" : ""}`;
        }),
    );
    expect(routes.sort()).toEqual([
      "DELETE /calibration (token)",
      "DELETE /control/vacation (token)",
      "DELETE /tariff (token)",
      "GET /",
      "GET /calibration",
      "GET /comfort",
      "GET /events",
      "GET /forecast",
      "GET /health",
      "GET /history",
      "GET /metrics",
      "GET /plan",
      "GET /plan/lower-ceiling",
      "GET /ready",
      "GET /state",
      "GET /tariff",
      "POST /calibration (token)",
      "POST /control/mode (token)",
      "POST /control/presence (token)",
      "POST /control/preset (token)",
      "POST /control/room (token)",
      "POST /control/setpoint (token)",
      "POST /control/vacation (token)",
      "POST /control/valve (token)",
      "POST /force-optimization (token)",
      "PUT /comfort (token)",
      "PUT /tariff (token)",
    ]);
    expect(components.securitySchemes.token).toEqual({ type: "http", scheme: "bearer" });
    expect(
      paths["/control/valve"].post.requestBody.content["application/json"].schema.properties,
    ).toMatchObject({
      valve_position: { minimum: 0, maximum: 100 },
    });
  });
});

describe("events", () => {
  /** Listens over a real connection. */
  async function listen(api: FastifyInstance) {
    const events = collector<ServerEvent>();
    const comments = collector<string>();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${api.listeningOrigin}/events`, resolve).on("error", reject);
    });
    let name = "";
    const lines = createInterface({ input: response });
    lines.on("error", () => undefined); // cut off, where the test leaves
    lines.on("line", (line) => {
      if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith(":")) comments.push(line);
      else if (line.startsWith("data: "))
        events.push({ event: name, data: JSON.parse(line.slice(6)) } as ServerEvent);
    });
    return { response, events, comments, ended: once(response, "close") };
  }

  test("begins with what is so, goes on with what happens, and ends with the core", async () => {
    const api = await app({ heartbeat_ms: 20 });
    await api.listen({ port: 0 });
    const { response, events, comments, ended } = await listen(api);
    expect(response.headers).toMatchObject({
      "content-type": "text/event-stream",
      "x-content-type-options": "nosniff",
    });
    await events.next(({ event }) => event === "plan", 0);
    expect(events.all.map(({ event }) => event)).toEqual(["state", "comfort", "tariff", "forecast", "plan"]);
    await comments.next(() => true, 0);

    const decided = events.next(({ event }) => event === "state");
    await decide();
    await decided;
    const happened = events.all.slice(4);
    expect(new Set(happened.map(({ event }) => event))).toEqual(
      new Set(["measurement", "forecast", "plan", "decision", "state"]),
    );
    for (const { event, data } of events.all) serverEvents[event].parse(data);
    expect(await live.registry.metrics()).toMatch(/^azru_event_clients 1$/m);

    await api.close();
    await ended;
    expect(await live.registry.metrics()).toMatch(/^azru_event_clients 0$/m);
  });

  test("lets a listener go that does not keep up", async () => {
    const api = await app();
    await api.listen({ port: 0 });
    const slow = await listen(api);
    await slow.events.next(({ event }) => event === "plan", 0);
    const data = live.core.state();
    for (let i = 0; i <= 200; i++) live.core.events.publish({ event: "state", data });
    await slow.ended.catch(() => undefined);
    expect(slow.response.complete).toBe(false);
    expect(await live.registry.metrics()).toMatch(/^azru_event_clients 0$/m);
  });

  test("serves only so many listeners, and takes new ones when others leave", async () => {
    const api = await app({ limits: { listeners: mostListeners } });
    await api.listen({ port: 0 });
    const listeners = [];
    for (let i = 0; i < mostListeners; i++) listeners.push(await listen(api));
    const refused = await listen(api);
    expect(refused.response.statusCode).toBe(503);
    await refused.ended;
    listeners[0].response.destroy();
    let status = 503;
    while (status === 503) {
      const next = await listen(api);
      status = next.response.statusCode ?? 0;
      if (status === 503) await next.ended;
    }
    expect(status).toBe(200);
  });
});
