/** The page within Home Assistant: behind its ingress, below a path that the core does not know, in a frame. */
import { once } from "node:events";
import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brokers } from "@azru/messaging/testing";
import { chromiumNote, chromiumPath, launchChromium, patience_ms } from "@azru/page/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import { describedIn } from "../testing/described-home.ts";
import { type LiveCore, silent, startTestHome, stepMs, type TestHome } from "../testing/test-home.ts";

const token = "correct horse battery staple";
const supervisor = "172.30.32.2";
const prefix = "/api/hassio_ingress/a-token-of-the-session";
const html = { accept: "text/html" };
let home: TestHome;
let live: LiveCore;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  live = await home.core();
  const device = await home.device();
  await device.decision(Date.parse("2026-01-18T18:30:00Z") + stepMs, { temperature: 19.5 });
  await live.core.idle();
});
afterAll(() => home.stop());
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function appWith(changes: Partial<AppOptions>): Promise<FastifyInstance> {
  const { core, registry } = live;
  const app = await createApp({ core, registry, version: "1.2.3", token, log: silent, ...changes });
  apps.push(app);
  return app;
}

test("who comes from the Supervisor needs no token and no known name; all others need both", async () => {
  const app = await appWith({ supervisor });
  const from = async (remoteAddress: string, headers: Record<string, string>) => {
    const change = { method: "POST", url: "/control/mode", payload: { auto_mode: true } } as const;
    return (await app.inject({ ...change, remoteAddress, headers })).statusCode;
  };
  const host = "home.duckdns.example";
  expect(await from(supervisor, { host })).toBe(200);
  expect(await from(`::ffff:${supervisor}`, { host })).toBe(200);
  expect(await from(supervisor, { host, origin: "https://elsewhere.example" })).toBe(403);
  expect(await from("172.30.32.1", { host, "x-ingress-path": prefix, "x-forwarded-for": supervisor })).toBe(
    403,
  );
  expect(await from("172.30.32.1", { host: "azru.local", "x-ingress-path": prefix })).toBe(401);
});

test("pages may be framed by Home Assistant alone, and lead on without knowing their path", async () => {
  const setup = describedIn(home.folder, { asksFirst: () => true });
  const app = await appWith({ supervisor, setup });
  const get = (url: string, remoteAddress: string) => app.inject({ url, remoteAddress, headers: html });
  const framedBy = async (url: string, address: string) =>
    /frame-ancestors ([^;]+)/.exec(`${(await get(url, address)).headers["content-security-policy"]}`)?.[1];
  for (const url of ["/?later", "/setup"]) {
    expect([url, await framedBy(url, supervisor)]).toEqual([url, "'self'"]);
    expect([url, await framedBy(url, "192.168.1.7")]).toEqual([url, "'none'"]);
  }
  expect((await get("/", supervisor)).headers.location).toBe("setup");
});

/** Passes requests on as Home Assistant and its Supervisor do; at its root is a page with the frame. */
async function startIngress(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const { method, url = "" } = request;
    if (!url.startsWith(`${prefix}/`)) {
      const frame = `<iframe src="${prefix}/" width="1000" height="800"></iframe>`;
      response.writeHead(url === "/" ? 200 : 404, { "content-type": "text/html" }).end(frame);
      return;
    }
    const headers = { ...request.headers, "x-ingress-path": prefix };
    const passed = ask(
      { host: "127.0.0.1", port, method, path: url.slice(prefix.length), headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    response.on("close", () => passed.destroy());
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

test.skipIf(!chromiumPath)(
  `in Home Assistant's frame the page shows and changes the home, leads to set-up and API${chromiumNote}`,
  async () => {
    const app = await appWith({ supervisor: "127.0.0.1", setup: describedIn(home.folder) });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const ingress = await startIngress((app.server.address() as AddressInfo).port);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ locale: "en-GB" });
      page.setDefaultTimeout(patience_ms);
      const astray: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => {
        const { pathname, protocol } = new URL(request.url());
        if (
          protocol !== "data:" &&
          !["/", "/favicon.ico"].includes(pathname) &&
          !pathname.startsWith(`${prefix}/`)
        )
          astray.push(request.url());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(`http://localhost:${(ingress.address() as AddressInfo).port}/`);
      const frame = page.frameLocator("iframe");
      await frame.locator("#connection[data-state=live]").waitFor();
      expect(await frame.locator("#temperature").textContent()).toBe("19.5\u00a0°C");

      const asked_c = live.core.comfort.response.in_force.setpoint_c;
      await frame.getByRole("button", { name: "Half a degree warmer" }).click();
      await expect.poll(() => live.core.comfort.response.in_force.setpoint_c).toBe(asked_c + 0.5);
      expect(await frame.getByRole("dialog", { name: "API token" }).isVisible()).toBe(false);

      await frame.getByRole("link", { name: "Set-up of the home" }).click();
      await frame.locator("#towns option").first().waitFor({ state: "attached" });
      await frame.getByRole("link", { name: "Azru", exact: true }).click();
      await frame.locator("#connection[data-state=live]").waitFor();
      await frame.getByRole("link", { name: "API", exact: true }).click();
      await frame.locator("#operations-control-postControlMode").waitFor();
      expect({ astray, complaints }).toEqual({ astray: [], complaints: [] });
    } finally {
      await browser.close();
      ingress.close();
    }
  },
);
