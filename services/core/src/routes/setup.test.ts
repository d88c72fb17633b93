import { existsSync } from "node:fs";
import { join } from "node:path";
import { problemDetailsSchema, type SetupResponse } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { comfortSettingsOf, usualAnswers } from "@azru/setup";
import { readHomeFile } from "@azru/setup/home-file";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { describedIn } from "../testing/described-home.ts";
import { type LiveCore, silent, startTestHome, type TestHome } from "../testing/test-home.ts";
import type { Setup } from "./setup.ts";

const html = { accept: "text/html" };
const host = "localhost";
let home: TestHome;
let live: LiveCore;

beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  live = await home.core();
});
afterAll(() => home.stop());

async function appWith(folder: string, changes: Partial<Setup> = {}): Promise<FastifyInstance> {
  const { core, registry } = live;
  const setup = describedIn(join(home.folder, folder), changes);
  const app = await createApp({ core, registry, version: "1.2.3", setup, log: silent });
  onTestFinished(() => app.close());
  return app;
}

test("a browser is asked about a home that nobody has described, unless it says later", async () => {
  const app = await appWith("asked", { asksFirst: () => true });
  const asked = await app.inject({ url: "/", headers: html });
  expect([asked.statusCode, asked.headers.location]).toEqual([302, "/setup"]);
  expect((await app.inject({ url: "/?later", headers: html })).body).toContain('id="why"');
  expect((await app.inject({ url: "/setup", headers: html })).body).toContain('id="setup"');
  expect((await app.inject("/")).json()).toMatchObject({ name: "Azru" });
});

test("answers are written, hold at once in comfort, and have the core start again", async () => {
  const restart = vi.fn();
  const app = await appWith("answered", { restart });
  const before = (await app.inject("/setup")).json<SetupResponse>();
  expect(before).toMatchObject({ is_set_up: false, answers: usualAnswers, overridden_by: [] });

  const answers = { ...usualAnswers, coolest_day_c: 20.5, year: 1960 };
  const done = await app.inject({ method: "PUT", url: "/setup", headers: { host }, payload: answers });
  expect(done.statusCode).toBe(202);
  expect(done.json<{ files: string[] }>().files.map((file) => existsSync(file))).toEqual([true, true]);
  expect(readHomeFile(join(home.folder, "answered"))?.answers).toEqual(answers);
  expect(live.core.comfort.response.settings).toEqual(comfortSettingsOf(answers));
  await expect.poll(() => restart.mock.calls).toHaveLength(1);
  expect((await app.inject("/setup")).json()).toMatchObject({ is_set_up: true, answers });
});

test("a bad answer is refused with its field, and a simulated home with what to do instead", async () => {
  const app = await appWith("refused", { isSimulated: true });
  const put = (payload: object) => app.inject({ method: "PUT", url: "/setup", headers: { host }, payload });
  const bad = await put({ ...usualAnswers, year: 19 });
  expect(bad.statusCode).toBe(400);
  expect(problemDetailsSchema.parse(bad.json()).detail).toMatch(/^body\.year must be .*got 19$/);
  const simulated = await put(usualAnswers);
  expect(simulated.statusCode).toBe(409);
  expect(problemDetailsSchema.parse(simulated.json()).detail).toContain("start with --no-simulator");
  expect(readHomeFile(join(home.folder, "refused"))).toBeUndefined();
});
