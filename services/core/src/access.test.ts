/** Who may ask the API, by which name and how often, over real connections. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { problemDetailsSchema } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { createLogger } from "@azru/runtime";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type AppOptions, createApp } from "./app.ts";
import { isOwnName } from "./plugins/host-names.ts";
import { defaultRateLimits } from "./plugins/protection.ts";
import { type LiveCore, silent, startTestHome, type TestHome } from "./testing/test-home.ts";

const token = "correct horse battery staple";
let home: TestHome;
let live: LiveCore;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  live = await home.core();
});
afterAll(() => home.stop());
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function listening(changes: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  const { core, registry } = live;
  const app = await createApp({ core, registry, version: "1.2.3", log: silent, ...changes });
  apps.push(app);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app;
}

interface Question {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Asks over a connection of its own; the answer's head has come, its body has not. */
async function ask(app: FastifyInstance, { method = "GET", path = "/state", headers, body }: Question) {
  const { port } = app.server.address() as AddressInfo;
  const asked = request({
    host: "127.0.0.1",
    port,
    method,
    path,
    agent: false,
    headers: { ...(body && { "content-type": "application/json" }), ...headers },
  });
  asked.end(body && JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

async function problemOf(answer: IncomingMessage): Promise<string> {
  return problemDetailsSchema.parse(JSON.parse(await text(answer))).detail ?? "";
}

describe("by which name", () => {
  test.each([
    "",
    "127.0.0.1",
    "192.168.1.7",
    "[fd00::7]",
    "localhost",
    "azru.localhost.",
    "core",
    "raspberrypi",
    "Azru.local",
    "azru.lan",
    "azru.home.arpa",
    "pi.example.org",
    "azru.example.net",
    "a.b.example.com",
  ])("%j is one of this home", (host) => {
    expect(isOwnName(host, ["azru.example.net", "*.example.com"], "PI.example.org")).toBe(true);
  });

  test.each([
    "rebound.example",
    "local.evil.example",
    "1.2.3.4.evil.example",
    "example.com",
    "notexample.com",
  ])("%j is none", (host) => {
    expect(isOwnName(host, ["azru.example.net", "*.example.com"], "pi")).toBe(false);
  });

  test("a page that points a name of its own here (DNS rebinding) reads nothing", async () => {
    const app = await listening({ token });
    for (const path of ["/", "/state", "/history", "/metrics", "/events", "/docs/json", "/nowhere"]) {
      const answer = await ask(app, { path, headers: { host: "rebound.example:8000" } });
      expect([path, answer.statusCode]).toEqual([path, 403]);
      expect(await problemOf(answer)).toBe(
        '"rebound.example" is not known as a name of this core: if it is one, set AZRU_HTTP_NAMES to it and start again; an IP address always works',
      );
    }
    const answer = await ask(app, {
      method: "POST",
      path: "/control/mode",
      headers: { host: "rebound.example", authorization: `Bearer ${token}` },
      body: { auto_mode: true },
    });
    expect(answer.statusCode).toBe(403);
  });

  test("a name that is configured is served", async () => {
    const app = await listening({ names: ["azru.example.net"] });
    for (const host of ["azru.example.net", "AZRU.example.net:443", "core:8000", "192.168.1.7:8000"])
      expect([host, (await ask(app, { headers: { host } })).statusCode]).toEqual([host, 200]);
  });
});

describe("with which token", () => {
  const { wrongTokens } = defaultRateLimits;

  function change(app: FastifyInstance, authorization: string) {
    return ask(app, {
      method: "POST",
      path: "/control/mode",
      headers: { authorization },
      body: { auto_mode: true },
    });
  }

  test("wrong ones are limited and logged, and never stand in the way of the right one", async () => {
    const lines: string[] = [];
    const log = createLogger({
      service: "core",
      format: "json",
      destination: { write: (line) => lines.push(line) },
    });
    const app = await listening({ token, log });
    lines.length = 0;
    const guess = (i: number) => `guess-number-${i}-of-many`;
    for (let i = 0; i < wrongTokens; i++)
      expect((await change(app, `Bearer ${guess(i)}`)).statusCode).toBe(401);
    const refused = await change(app, `Bearer ${guess(wrongTokens)}`);
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(await problemOf(refused)).toMatch(
      /^20 requests without the right token came from 127\.0\.0\.1: try again in \d+ s, or send the right one now$/,
    );
    // Of the same address, in the same minute.
    expect((await change(app, `Bearer ${token}`)).statusCode).toBe(200);
    expect((await change(app, "")).statusCode).toBe(429);

    const elsewhere = await app.inject({
      method: "POST",
      url: "/control/mode",
      remoteAddress: "192.168.1.8",
      headers: { host: "azru.local", authorization: "Bearer wrong" },
      payload: { auto_mode: true },
    });
    expect(elsewhere.statusCode).toBe(401);

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, address: "127.0.0.1", method: "POST", path: "/control/mode" },
      {
        address: "127.0.0.1",
        msg: "a request with a wrong token was refused, and the last of 20 in a minute",
      },
      { address: "192.168.1.8", msg: "a request with a wrong token was refused" },
    ]);
    expect(lines.join()).not.toMatch(/guess|horse/);
  });

  test("many addresses do not flood the log", async () => {
    const lines: string[] = [];
    const log = createLogger({ service: "core", destination: { write: (line) => lines.push(line) } });
    const app = await listening({ token, log });
    lines.length = 0;
    for (let i = 0; i < 100; i++) {
      await app.inject({
        method: "POST",
        url: "/force-optimization",
        remoteAddress: `10.0.0.${i}`,
        headers: { host: "azru.local" },
      });
    }
    expect(lines).toHaveLength(10);
  });

  test("each route has a limit of its own", async () => {
    const app = await listening({ token, limits: { control: 2 } });
    const post = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}` };
      const { statusCode } = await ask(app, { method: "POST", path, headers, body });
      return statusCode;
    };
    const mode = () => post("/control/mode", { auto_mode: true });
    expect([await mode(), await mode(), await mode()]).toEqual([200, 200, 429]);
    expect(await post("/control/presence", { present: true })).toBe(200);
    expect(await post("/control/preset", { preset: "schedule" })).toBe(200);
  });
});

describe("for how long", () => {
  const events = { path: "/events" };

  test("one address cannot take the places of all listeners", async () => {
    const { listeners } = defaultRateLimits;
    const app = await listening();
    const open = [];
    for (let i = 0; i < listeners; i++) open.push(await ask(app, events));
    expect(new Set(open.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    const refused = await ask(app, events);
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "30"]);
    expect(await problemOf(refused)).toBe(
      "20 listeners from 127.0.0.1 are enough: close pages or programs there that you do not need",
    );
    const elsewhere = await app.inject({
      url: "/events",
      remoteAddress: "192.168.1.8",
      headers: { host: "azru.local", accept: "text/event-stream" },
      payloadAsStream: true,
    });
    expect(elsewhere.statusCode).toBe(200);
    elsewhere.stream().destroy();
  });

  test("HEAD /events ends at once", async () => {
    const app = await listening();
    const answer = await ask(app, { ...events, method: "HEAD" });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "text/event-stream"]);
    expect(await text(answer)).toBe("");
    expect(await live.registry.metrics()).toMatch(/^azru_event_clients 0$/m);
  });
});
