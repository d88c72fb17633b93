import {
  comfortResponseSchema,
  type MpcRequest,
  problemDetailsSchema,
  type ServerEvent,
  topics,
} from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { collector } from "../testing/collector.ts";
import { flatPlan } from "../testing/plans.ts";
import {
  type Device,
  type LiveCore,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "../testing/test-home.ts";

const minute = 60_000;
const [embedded] = brokers;
let home: TestHome;
let device: Device;
let live: LiveCore;
let api: FastifyInstance;
let nowMs = startMs;
let answers = true;
const requests = collector<MpcRequest>();
const events = collector<ServerEvent>();

async function start(): Promise<void> {
  live = await home.core({ mpcTimeout_ms: 200, margin: 0 });
  live.core.events.listen(events.push);
  api = await createApp({ core: live.core, registry: live.registry, version: "1", log: silent });
}
beforeAll(async () => {
  home = await startTestHome(embedded);
  device = await home.device();
  respond(device.messenger, topics.mpcRequest, topics.mpcPlan, (request) => {
    requests.push(request);
    if (!answers) throw new Error("no answer");
    const steps = request.problem.price_eur_kwh.length;
    return flatPlan({ id: request.id, startMs: Date.parse(request.start), steps, temperature_c: 19.5 });
  });
  await start();
  await at(startMs);
});
afterAll(async () => {
  await api.close();
  await home.stop();
});

/** The home's clock goes on, and what is due is decided. */
async function at(timeMs: number, temperature = 19.5): Promise<void> {
  nowMs = timeMs;
  await device.decision(timeMs, { temperature });
  await live.core.idle();
}

async function call(method: "GET" | "PUT" | "POST" | "DELETE", url: string, payload?: object) {
  const response = await api.inject({
    method,
    url,
    headers: { host: "localhost" },
    ...(payload && { payload }),
  });
  await live.core.idle();
  return { status: response.statusCode, body: response.json() };
}
async function request(method: "GET" | "PUT" | "POST" | "DELETE", url: string, payload?: object) {
  const { status, body } = await call(method, url, payload);
  expect(status, JSON.stringify(body)).toBe(200);
  return comfortResponseSchema.parse(body);
}
const setpoints = () => requests.all.at(-1)!.problem.comfort.min_c as number[];

test("nobody requested anything: the building's comfort, all day", async () => {
  const comfort = await request("GET", "/comfort");
  expect(comfort).toMatchObject({
    settings: { presets_c: { eco: 17, comfort: 19, boost: 21 }, away_c: null, vacation_c: 14 },
    present: true,
    temporary: null,
    vacation: null,
    in_force: { setpoint_c: 19, rule: "schedule", preset: "comfort", until: null },
    max_c: 28,
  });
  expect(comfort.ahead).toHaveLength(1);
  expect(new Set(setpoints())).toEqual(new Set([19]));
});

test("a boost decides at once, holds for an hour, says when it ends, and ends by itself", async () => {
  const event = events.next(({ event }) => event === "comfort");
  const { temporary, in_force } = await request("POST", "/control/preset", { preset: "boost" });
  const end = new Date(nowMs + 60 * minute).toISOString();
  expect(temporary).toMatchObject({ preset: "boost", setpoint_c: 21, until: end });
  expect(in_force).toMatchObject({
    setpoint_c: 21,
    rule: "temporary",
    until: end,
    reason: "boost asked for: at least 21.0 degrees until 07:00",
  });
  expect((await event).data).toMatchObject({ in_force });
  expect(live.core.state()).toMatchObject({
    comfort: { min: 21, setpoint_c: 21, preset: "boost", until: end },
    decision: { cause: expect.stringContaining("comfort: boost asked for") },
  });
  expect(setpoints().slice(0, 5)).toEqual([21, 21, 21, 21, 19]);

  const ended = events.next(
    ({ event, data }) => event === "comfort" && "temporary" in data && !data.temporary,
  );
  await at(nowMs + 60 * minute);
  expect((await ended).data).toMatchObject({ in_force: { rule: "schedule", setpoint_c: 19 } });
  expect(setpoints()[0]).toBe(19);
  expect((await request("GET", "/comfort")).temporary).toBeNull();
});

test("one that ends between two decisions is decided on then", async () => {
  await request("POST", "/control/preset", { preset: "eco", duration_min: 20 });
  expect(live.core.state().comfort).toMatchObject({ min: 17, preset: "eco" });
  await at(nowMs + stepMs);
  expect(setpoints().slice(0, 2)).toEqual([19, 19]); // of a step the highest request
  await at(nowMs + 5 * minute);
  expect(live.core.state().decision?.cause).toBe("comfort: schedule, comfort: at least 19.0 degrees");
  nowMs += 10 * minute;
  await at(nowMs);
});

test("the schedule is followed ahead of time, and eco holds until it changes", async () => {
  const { settings } = await request("GET", "/comfort");
  const day = [
    { time: "06:30", preset: "comfort" },
    { time: "22:30", preset: "eco" },
  ];
  const schedule = Object.fromEntries(Object.keys(settings.schedule).map((name) => [name, day]));
  const { ahead, in_force } = await request("PUT", "/comfort", { ...settings, schedule });
  expect(in_force).toMatchObject({ preset: "comfort", until: "2026-01-15T21:30:00.000Z" });
  expect(ahead).toHaveLength(15);
  const night = setpoints().filter((setpoint_c) => setpoint_c === 17);
  expect(night).toHaveLength(8 * 4);
  const { temporary } = await request("POST", "/control/preset", { preset: "eco" });
  expect(temporary?.until).toBe("2026-01-15T21:30:00.000Z");
  expect((await request("POST", "/control/preset", { preset: "schedule" })).temporary).toBeNull();
  const asked = await request("POST", "/control/setpoint", { setpoint_c: 20.5, duration_min: 30 });
  expect(asked.in_force).toMatchObject({ setpoint_c: 20.5, preset: null, rule: "temporary" });
  await request("POST", "/control/preset", { preset: "schedule" });
});

test("away, a vacation in local time, and all of it after a restart", async () => {
  expect((await request("POST", "/control/presence", { present: false })).in_force).toMatchObject({
    rule: "away",
    preset: "eco",
    setpoint_c: 17,
  });
  const vacation = await request("POST", "/control/vacation", { until: "2026-01-20T18:00", setpoint_c: 13 });
  expect(vacation).toMatchObject({
    present: false,
    vacation: { from: new Date(nowMs).toISOString(), until: "2026-01-20T17:00:00.000Z", setpoint_c: 13 },
    in_force: {
      rule: "vacation",
      setpoint_c: 13,
      reason: "vacation: at least 13.0 degrees until 2026-01-20 18:00",
    },
  });
  expect(vacation.ahead.map(({ rule }) => rule)).toEqual([
    "vacation",
    ...vacation.ahead.slice(1).map(() => "schedule"),
  ]);
  expect(new Set(setpoints())).toEqual(new Set([13]));

  await api.close();
  await live.stop();
  await start();
  await at(nowMs + stepMs);
  const { ahead: _, ...remembered } = await request("GET", "/comfort");
  const { ahead: __, ...before } = vacation;
  expect(remembered).toEqual(before);
  const back = await request("DELETE", "/control/vacation");
  expect(back).toMatchObject({ vacation: null, in_force: { rule: "away" } });
  expect((await request("POST", "/control/presence", { present: true })).in_force.rule).toBe("schedule");
});

test("where the optimiser does not answer, the thermostat keeps the setpoint that is requested", async () => {
  answers = false;
  const decidedAt = async (temperature: number, preset: string) => {
    await at(nowMs + stepMs, temperature);
    await request("POST", "/control/preset", { preset, duration_min: 600 });
    return live.core.state().decision;
  };
  const failsafe = { source: "failsafe", reason: expect.stringContaining("made for another comfort") };
  expect(await decidedAt(19, "eco")).toMatchObject({ ...failsafe, valve_position: 0 });
  expect(await decidedAt(19, "comfort")).toMatchObject({ ...failsafe, valve_position: 100 });
  expect(await decidedAt(21, "comfort")).toMatchObject({ ...failsafe, valve_position: 0 });
  expect(await decidedAt(21, "boost")).toMatchObject({ ...failsafe, valve_position: 100 });
  await request("POST", "/control/preset", { preset: "schedule" });
  answers = true;
});

test("what holds is stored, step by step", async () => {
  await live.store.flush();
  const { body } = await call("GET", "/history?series=comfort&start=2026-01-15&stop=2026-01-16");
  const column = body.columns.find(({ field }: { field: string }) => field === "min");
  expect(new Set(column.value)).toEqual(new Set([13, 17, 19, 21]));
});

test.each([
  [
    "POST",
    "/control/preset",
    { preset: "party" },
    /^body.preset must be "eco" or "comfort" or "boost" or "schedule", got "party"$/,
  ],
  [
    "POST",
    "/control/preset",
    { preset: "boost", duration_min: 0 },
    /^body.duration_min must be >= 1, got 0$/,
  ],
  [
    "POST",
    "/control/setpoint",
    { setpoint_c: 29 },
    /^body.setpoint_c must be <= 28, comfort.max_c of the building file, got 29$/,
  ],
  ["POST", "/control/setpoint", { setpoint_c: 2 }, /^body.setpoint_c must be >= 5, got 2$/],
  ["POST", "/control/presence", {}, /^body.present is missing$/],
  [
    "POST",
    "/control/vacation",
    { until: "soon" },
    /^body.until must be a time such as 2026-02-01T06:00 \(Europe\/Paris\)/,
  ],
  ["POST", "/control/vacation", { until: "2026-01-01" }, /^body.until must lie ahead, got 2026-01-01$/],
  [
    "POST",
    "/control/vacation",
    { from: "2026-02-02", until: "2026-02-01" },
    /^body.until must be after body.from, got 2026-02-01$/,
  ],
  [
    "POST",
    "/control/vacation",
    { until: "2026-03-29T02:30" },
    /^body.until must be a time that exists in Europe\/Paris/,
  ],
  ["PUT", "/comfort", {}, /^body.presets_c is missing; body.away_c is missing/],
] as const)("refuses %s %s %j", async (method, url, payload, detail) => {
  const { status, body } = await call(method, url, payload);
  expect(status).toBe(400);
  expect(problemDetailsSchema.parse(body).detail).toMatch(detail);
});

test("names the entry of a schedule that makes no sense", async () => {
  const { settings } = await request("GET", "/comfort");
  const refused = async (changes: object) =>
    (await call("PUT", "/comfort", { ...settings, ...changes })).body.detail;
  const monday = [
    { time: "08:00", preset: "comfort" },
    { time: "07:00", preset: "eco" },
  ];
  expect(await refused({ schedule: { ...settings.schedule, monday } })).toBe(
    'body.schedule.monday[1].time must be later than 08:00, got "07:00"',
  );
  expect(
    await refused({ schedule: { ...settings.schedule, monday: [{ time: "24:00", preset: "eco" }] } }),
  ).toBe('body.schedule.monday[0].time must be a time of day such as 06:30, got "24:00"');
  expect(await refused({ presets_c: { eco: 20, comfort: 19, boost: 21 } })).toBe(
    "body.presets_c.eco must not be above comfort, got 20",
  );
});

test("what is too warm is the ceiling of every plan, by day and by night, and stays when others are set", async () => {
  const { settings } = await request("GET", "/comfort");
  const warmest = { day_c: 23, night_c: 21.5, night_from: "22:00", night_until: "07:00" };
  const day = [{ time: "00:00", preset: "comfort" }];
  const schedule = Object.fromEntries(Object.keys(settings.schedule).map((name) => [name, day]));
  const plain = { presets_c: { eco: 17, comfort: 19, boost: 21 }, away_c: null, vacation_c: 14, schedule };
  const answer = await request("PUT", "/comfort", { ...plain, warmest });
  expect(answer.settings.warmest).toEqual(warmest);
  await at(nowMs + stepMs);
  const ceilings = requests.all.at(-1)!.problem.comfort.max_c as number[];
  const isNight = (k: number) => {
    const hourInParis = (new Date(nowMs + k * stepMs).getUTCHours() + 1) % 24;
    return hourInParis >= 22 || hourInParis < 7;
  };
  expect(ceilings).toEqual(ceilings.map((_, k) => (isNight(k) ? 21.5 : 23)));
  expect(new Set(ceilings).size).toBe(2);
  expect(live.core.state().comfort.max).toBe(ceilings[0]);

  expect((await request("PUT", "/comfort", plain)).settings.warmest).toEqual(warmest);
  const tooWarm = await call("POST", "/control/setpoint", { setpoint_c: 23.5 });
  expect([tooWarm.status, tooWarm.body.detail]).toEqual([
    400,
    "body.setpoint_c must be <= 23, the warmest acceptable, got 23.5",
  ]);
  const tooCold = await call("PUT", "/comfort", { ...plain, warmest: { ...warmest, day_c: 18 } });
  expect(tooCold.body.detail).toBe("body.warmest.day_c must not be below presets_c.comfort, got 18");
});
