/** Whatever a client of the HTTP API sends. */
import assert from "node:assert/strict";
import {
  comfortResponseSchema,
  controlModeBodySchema,
  controlValveBodySchema,
  forceOptimizationResponseSchema,
  historyQuerySchema,
  historyRange,
  modeStateSchema,
  problemDetailsSchema,
  stateResponseSchema,
} from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { parseHomeTime } from "@azru/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { z } from "zod";
import { damaged } from "../../packages/contracts/src/testing/arbitraries.ts";
import { type AppOptions, createApp } from "../../services/core/src/app.ts";
import { silent, startMs, startTestHome, type TestHome } from "../../services/core/src/testing/test-home.ts";
import { checkLine, refusedOr } from "./errors.ts";
import { anyText, mutated } from "./mutations.ts";
import { patience_ms, runs } from "./runs.ts";

type App = Awaited<ReturnType<typeof createApp>>;

const bodies: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  { valve_position: 50 },
  { valve_position: 12.5, duration_min: 90 },
  { auto_mode: true },
  { auto_mode: false },
  { preset: "boost", duration_min: 30 },
  { setpoint_c: 20.5 },
  { present: false },
  { from: "2026-01-16T12:00", until: "2026-01-20T18:00:00Z", setpoint_c: 13 },
  { presets_c: { eco: 17, comfort: 19, boost: 21 }, away_c: null, vacation_c: 14, schedule: {} },
);
const bodyTexts = fc.oneof(
  { weight: 4, arbitrary: mutated(bodies.map((body) => JSON.stringify(body))) },
  { weight: 4, arbitrary: damaged(bodies).map((body) => JSON.stringify(body) ?? "") },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: anyText },
);
const instants = fc.oneof(
  fc.constantFrom(
    "-24h",
    "6h",
    "15m",
    "0m",
    "999999w",
    "2026-01-15T05:00:00Z",
    "2026-01-15",
    "2026-03-29T02:30",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-03-29T02:30:00+01:00",
  ),
  mutated(fc.constantFrom("-24h", "2026-01-15T05:00:00Z")),
  anyText,
);
const queries = fc.record(
  {
    series: fc.oneof(fc.constantFrom("sensors", "plan.temperature", "sensors.x", "constructor"), anyText),
    start: instants,
    stop: instants,
    every: instants,
    other: anyText,
  },
  { requiredKeys: [] },
);

describe("HTTP schemas", () => {
  it("take bodies that mean something and refuse the rest", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(damaged(bodies), (body) => {
        const valve = controlValveBodySchema.safeParse(body);
        if (valve.success) assert.ok(valve.data.valve_position >= 0 && valve.data.valve_position <= 100);
        const mode = controlModeBodySchema.safeParse(body);
        if (mode.success) assert.ok((mode.data.auto_mode === undefined) !== (mode.data.mode === undefined));
      }),
      runs(50_000),
    );
  });

  it("take queries whose range is one, or refuse them", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(queries, (query) => {
        const parsed = historyQuerySchema.safeParse(query);
        if (!parsed.success) return;
        const range = refusedOr(
          () => historyRange(parsed.data, startMs, parseHomeTime),
          [RangeError],
          /^(stop must be after start, got|(start|stop) must be a time that exists in Europe\/Paris,) .+/,
        );
        if (range) assert.ok(Number.isFinite(range.startMs) && range.startMs < range.stopMs);
      }),
      runs(50_000),
    );
  });
});

describe("the API", () => {
  let home: TestHome;
  let app: App;
  const unexpected: unknown[] = [];

  beforeAll(async () => {
    home = await startTestHome(brokers[0]);
    const live = await home.core();
    const log = silent.child({});
    log.error = (...line: unknown[]) => void unexpected.push(line);
    const options: AppOptions = {
      core: live.core,
      registry: live.registry,
      version: "0.0.0",
      log,
      limits: { all: 1e9, control: 1e9 },
    };
    app = await createApp(options);
  });
  afterAll(async () => {
    await app.close();
    await home.stop();
  });

  /** Below 500, and a problem in words where it is a refusal. */
  function check(response: { statusCode: number; body: string; headers: Record<string, unknown> }): void {
    assert.ok(response.statusCode < 500, `${response.statusCode}: ${response.body}`);
    if (response.statusCode < 400) return;
    const problem = problemDetailsSchema.parse(JSON.parse(response.body));
    assert.equal(problem.status, response.statusCode);
    checkLine(problem.detail ?? "", /.+/);
    assert.deepEqual(unexpected, []);
  }

  it("answers any body with what it did or with a problem, and never leaves its bounds", {
    timeout: patience_ms,
  }, async () => {
    const route = fc.constantFrom(
      "/control/valve",
      "/control/mode",
      "/control/preset",
      "/control/setpoint",
      "/control/room",
      "/control/presence",
      "/control/vacation",
      "/force-optimization",
    );
    const types = fc.oneof(
      { weight: 8, arbitrary: fc.constant("application/json") },
      fc.constantFrom(
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin1",
        "x",
      ),
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(route, bodyTexts, types, async (url, payload, type) => {
        const response = await app.inject({
          method: "POST",
          url,
          payload,
          headers: { host: "localhost:8000", "content-type": type },
        });
        check(response);
        if (response.statusCode === 200) {
          accepted++;
          const answer = z
            .union([modeStateSchema, comfortResponseSchema, forceOptimizationResponseSchema])
            .parse(response.json());
          if ("request_id" in answer) return;
          if ("in_force" in answer) assert.ok(answer.in_force.setpoint_c <= answer.max_c);
          else if (answer.manual) {
            const { valve_position } = answer.manual;
            assert.ok(valve_position >= 0 && valve_position <= 100);
          }
        }
      }),
      runs(1_500),
    );
    assert.ok(accepted > 0);
    stateResponseSchema.parse(
      (await app.inject({ url: "/state", headers: { host: "localhost:8000" } })).json(),
    );
  });

  it("answers any query of the history with points or with a problem", { timeout: patience_ms }, async () => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        check(
          await app.inject({
            url: "/history",
            query: query as Record<string, string>,
            headers: { host: "localhost:8000" },
          }),
        );
      }),
      runs(1_000),
    );
  });

  it("answers any path and any method", { timeout: patience_ms }, async () => {
    const path = fc.oneof(
      fc.webPath().map((text) => `/${text.replace(/^\/+/, "")}`),
      mutated(
        fc.constantFrom("/state", "/history?start=-1h", "/docs/json", "/control/valve", "/metrics", "/plan"),
      ).map((text) => `/${encodeURI(text.replaceAll(/\p{Surrogate}/gu, "?")).replace(/^\/+/, "")}`),
      fc.constantFrom("/%", "/%00", "/..%2f..%2fetc%2fpasswd", "/docs/static/..%2f..%2fpackage.json", "//"),
    );
    const method = fc.constantFrom(
      "GET" as const,
      "POST" as const,
      "PUT" as const,
      "DELETE" as const,
      "PATCH" as const,
      "OPTIONS" as const,
      "HEAD" as const,
    );
    await fc.assert(
      fc.asyncProperty(path, method, async (url, verb) => {
        if (url.startsWith("/events")) return; // never ends
        const response = await app.inject({ method: verb, url, headers: { host: "localhost:8000" } });
        assert.ok(response.statusCode < 500, `${verb} ${url}: ${response.statusCode}`);
        assert.ok(!response.body.includes("root:x:"));
      }),
      runs(2_000),
    );
  });
});
