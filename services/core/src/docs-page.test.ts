import { brokers } from "@azru/messaging/testing";
import { chromiumNote, chromiumPath, launchChromium, patience_ms } from "@azru/page/testing";
import type { FastifyInstance } from "fastify";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "./app.ts";
import { type LiveCore, silent, startTestHome, type TestHome } from "./testing/test-home.ts";

const token = "correct horse battery staple";
const [embedded] = brokers;
let home: TestHome;
let live: LiveCore;
let app: FastifyInstance;
let browser: Browser;

beforeAll(async () => {
  if (!chromiumPath) return;
  home = await startTestHome(embedded);
  live = await home.core();
  app = await createApp({ core: live.core, registry: live.registry, version: "1.2.3", token, log: silent });
  await app.listen({ port: 0 });
  browser = await launchChromium();
});

afterAll(async () => {
  if (!chromiumPath) return;
  await browser.close();
  await app.close();
  await home.stop();
});

test.skipIf(!chromiumPath)(
  `Swagger UI takes the token, executes an endpoint, and asks no other server${chromiumNote}`,
  async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(patience_ms);
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== app.listeningOrigin) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));

    await page.goto(`${app.listeningOrigin}/docs`);

    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByLabel("auth-bearer-value").fill(token);
    await page.getByRole("button", { name: "Apply credentials" }).click();
    await page.getByRole("button", { name: "Close", exact: true }).click();

    const valve = page.locator("#operations-control-postControlValve");
    await valve.locator(".opblock-summary-control").click();
    await valve.getByRole("button", { name: "Try it out" }).click();
    await valve.locator("textarea").fill('{"valve_position": 35, "duration_min": 60}');
    await valve.getByRole("button", { name: "Execute" }).click();
    const answer = valve.locator(".live-responses-table");
    await answer.getByText('"mode": "manual"').waitFor();
    expect(await answer.locator(".response-col_status").last().textContent()).toContain("200");
    expect(live.core.state()).toMatchObject({ mode: "manual", manual: { valve_position: 35 } });

    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  },
);
