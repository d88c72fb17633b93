/**
 * Pictures of Azru in a real Home Assistant, for docs/home-assistant.md: `pnpm screenshots:home-assistant`. Needs what
 * `pnpm test:home-assistant` has installed, and Chromium (CHROMIUM_PATH or on the path).
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { type Browser, chromium, type Page } from "playwright-core";
import { parse } from "yaml";
import { startBroker } from "./broker.ts";
import { installed } from "./environment.ts";
import { homeAccounts, startHome } from "./home.ts";
import { type HomeAssistant, startHomeAssistant } from "./home-assistant.ts";

optionsOrExit(
  createCommand(
    "screenshots:home-assistant",
    "Takes the pictures of docs/home-assistant.md, with what test:home-assistant has installed, and Chromium.",
  ),
);

const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const page = readFileSync(new URL("../../docs/home-assistant.md", import.meta.url), "utf8");
const [, dashboard] = /```yaml\n(type: vertical-stack[\s\S]*?)```/.exec(page) ?? [];

const environment = installed();
if (!environment) throw new Error("run pnpm test:home-assistant first, which installs Home Assistant");
const broker = await startBroker(environment, [...homeAccounts, "homeassistant"]);
const home = startHome(broker, { AZRU_START: "2026-01-18T16:00", AZRU_SPEED: "300" });
const assistant = await startHomeAssistant(environment);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
try {
  await assistant.addMqtt({
    port: broker.port,
    username: "homeassistant",
    password: broker.passwordOf("homeassistant"),
  });
  // The evening before a red day: the walls are being heated.
  await assistant.when("sensor.azru_home_colour_tomorrow", ({ state }) => state === "red");
  await assistant.when("sensor.azru_home_reason", ({ state }) => /^Heating now: .*red/.test(state));
  await photograph("home-assistant-dashboard", await dashboardPath(assistant), { width: 520, height: 1480 });
  await photograph("home-assistant-device", await devicePath(assistant), { width: 1200, height: 1700 });
} finally {
  await browser.close();
  await assistant.stop();
  await home.stop();
  await broker.stop();
}

async function dashboardPath({ ask }: HomeAssistant): Promise<string> {
  await ask("lovelace/dashboards/create", { url_path: "azru-home", title: "Azru", mode: "storage" });
  const config = { views: [{ title: "Azru", cards: [parse(dashboard ?? "")] }] };
  await ask("lovelace/config/save", { url_path: "azru-home", config });
  return "/azru-home/0";
}

async function devicePath({ ask }: HomeAssistant): Promise<string> {
  const devices = await ask<{ id: string; name: string }[]>("config/device_registry/list");
  return `/config/devices/device/${devices.find(({ name }) => name === "Azru")?.id}`;
}

async function photograph(
  name: string,
  path: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<void> {
  const tab = await openTab(browser, viewport);
  await tab.goto(`${assistant.url}${path}`);
  await tab.getByText("Fail-safe").first().waitFor({ timeout: 120_000 });
  const confirm = tab.getByRole("button", { name: "Confirm" }); // of the port, once
  await confirm.evaluateAll((buttons) => {
    for (const button of buttons) button.click(); // it may go by itself
  });
  await tab.waitForTimeout(3_000); // icons and charts come late
  if ((await tab.getByText("Entity not found").count()) > 0) throw new Error(`${name}: Entity not found`);
  await tab.screenshot({ path: `${images}${name}.png` });
  await tab.close();
}

/** A tab that is logged in, as the frontend keeps it. */
async function openTab(
  opened: Browser,
  viewport: { readonly width: number; readonly height: number },
): Promise<Page> {
  const context = await opened.newContext({ viewport, locale: "en-GB", colorScheme: "light" });
  const tokens = {
    access_token: assistant.token,
    token_type: "Bearer",
    expires_in: 86_400,
    expires: Date.now() + 86_400_000,
    hassUrl: assistant.url,
    clientId: `${assistant.url}/`,
    refresh_token: "",
  };
  await context.addInitScript((text) => {
    globalThis.localStorage.setItem("hassTokens", text);
  }, JSON.stringify(tokens));
  return context.newPage();
}
