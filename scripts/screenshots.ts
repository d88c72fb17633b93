/**
 * Makes every picture of the documentation: `pnpm screenshots`. Needs Chromium (CHROMIUM_PATH or on the path). A page
 * that breaks one of axe's rules of accessibility is named, and the script ends with 1.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { type SetupResponse, topics } from "@azru/contracts";
import { connect } from "@azru/messaging";
import { accessibilityViolations } from "@azru/page/testing";
import { Argument } from "commander";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** What to photograph, by the name that `pnpm screenshots NAME...` takes; all of it without names. */
const sets = {
  report: photographReport,
  dashboard: photographDashboard,
  setup: photographSetup,
  learning: photographLearning,
  failsafe: photographFailsafe,
};
const command = createCommand(
  "screenshots",
  "Takes the pictures of the documentation with Chromium.",
).addArgument(new Argument("[pages...]", "which of them; all when absent").choices(Object.keys(sets)));
optionsOrExit(command);

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "azru-screenshots-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});

/** axe is put into the page. */
const testable = { bypassCSP: true };
const screen = { ...testable, viewport: { width: 1200, height: 1000 }, locale: "en-GB" };
const frenchScreen = { ...screen, locale: "fr-FR" };
/** Each state is taken in both; the French picture is named `NAME-fr`. */
const languages = [
  { ...screen, suffix: "" },
  { ...frenchScreen, suffix: "-fr" },
];
const phone: BrowserContextOptions = {
  ...testable,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  locale: "fr-FR",
  colorScheme: "dark",
};

const longestStart_ms = 180_000;
const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: console.error };

try {
  for (const [name, photograph] of Object.entries(sets)) {
    if (command.args.length === 0 || command.args.includes(name)) await photograph();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

async function photographReport(): Promise<void> {
  const study = [
    "--start",
    "2026-01-11",
    "--end",
    "2026-01-25",
    "--compare",
    "--building",
    "examples/buildings/heavy.json",
  ];
  execFileSync(
    process.execPath,
    ["--import", "tsx", "services/batch/src/main.ts", ...study, "--out", join(folder, "out")],
    { cwd: root, env: { ...process.env, AZRU_DATA_DIR: join(folder, "data") }, stdio: "inherit" },
  );
  for (const { suffix, ...options } of languages) {
    const page = await newPage({ ...options, colorScheme: "light" });
    await page.goto(pathToFileURL(join(folder, "out", "report.html")).href);
    await page.locator("canvas").first().waitFor();
    // How long decisions took says more about this machine than about the study.
    await page.locator("tr", { hasText: /, ms/ }).evaluateAll((rows) => rows.map((row) => row.remove()));
    await shoot(page, `report${suffix}`);
  }
}

/** The evening before a red day, half a day after a simulated home was started; then by hand, on vacation, and on the red day. */
async function photographDashboard(): Promise<void> {
  const options = ["--start", "2026-01-18T04:00", "--speed", "3600"];
  await withSystem("home", options, async ({ url, pidOf }) => {
    // Where the twin stands still, so does the home's time.
    const stop = async () => process.kill(await pidOf("sensor-simulator"), "SIGSTOP");
    const goOn = async () => process.kill(await pidOf("sensor-simulator"), "SIGCONT");
    await whenHomeTime(url, Date.parse("2026-01-18T22:20:00+01:00"));
    await stop();
    await photographHome(url, "dashboard");
    await photographPage(url, "dashboard-phone", phone);
    const change = (method: string, path: string, body?: object) =>
      fetch(url + path, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
    await goOn();
    await whenHomeTime(url, Date.parse("2026-01-19T10:00:00+01:00"));
    await stop();
    await photographHome(url, "state-red-day");
    await change("POST", "control/valve", { valve_position: 35, duration_min: 7 * 24 * 60 });
    await photographHome(url, "state-manual");
    await change("POST", "control/mode", { auto_mode: true });
    await change("POST", "control/vacation", { until: "2026-02-01T18:00" });
    await photographHome(url, "state-vacation");
    await goOn();
  });
}

/** A home whose optimiser never answers. */
async function photographFailsafe(): Promise<void> {
  const options = ["--start", "2026-01-18T22:00", "--speed", "60"];
  const environment = { AZRU_MPC_TIMEOUT_SECONDS: "1" };
  await withSystem(
    "failsafe",
    options,
    async ({ url, pidOf }) => {
      process.kill(await pidOf("mpc"), "SIGSTOP");
      await whenHomeTime(url, Date.parse("2026-01-18T22:01:00+01:00"));
      const page = await newPage(frenchScreen);
      await page.goto(url);
      await page.locator(".notice strong", { hasText: "Mode de secours" }).waitFor({ timeout: 120_000 });
      await page.close();
      await photographHome(url, "state-failsafe");
      process.kill(await pidOf("mpc"), "SIGCONT");
    },
    environment,
  );
}

/** A real home that nobody has described. */
async function photographSetup(): Promise<void> {
  await withSystem("setup", ["--no-simulator"], async ({ url }) => {
    await whenAnswered(`${url}setup`);
    for (const { suffix, ...options } of languages) {
      const page = await newPage({ ...options, viewport: { width: 760, height: 1000 } });
      await page.goto(`${url}setup`);
      await page.locator("body[data-ready=true]").waitFor();
      await nameDevices(page);
      await shoot(page, `set-up${suffix}`);
    }
  });
}

/** Two rooms, a thermometer in each, three radiators, 9 kVA. */
async function nameDevices(page: Page): Promise<void> {
  const devices = [
    { name: "radiateur salon", room: "Salon", rated_w: "2000" },
    { name: "radiateur fenêtre", room: "Salon", rated_w: "1000" },
    { name: "radiateur chambre", room: "Chambre", rated_w: "1500" },
  ];
  await page.locator("textarea[name=rooms]").fill("Salon\nChambre");
  for (const [i, name] of ["thermomètre salon", "thermomètre chambre"].entries())
    await page.locator("#thermometers input").nth(i).fill(name);
  for (const [i, { name, room, rated_w }] of devices.entries()) {
    await page.locator("#add-radiator").click();
    const row = page.locator(".radiator").nth(i);
    await row.locator("input").first().fill(name);
    await row.locator("input[type=number]").fill(rated_w);
    await row.locator("select").first().selectOption(room);
  }
  await page.locator("#subscribed-kva").selectOption("9");
}

/** A real home that has just been described: a thermostat heats until the house is learnt. */
async function photographLearning(): Promise<void> {
  const room = "salon";
  const calendar = join(folder, "colours.csv");
  // Blue alone: on a weekend any other colour would be doubted.
  const days = seasonSoFar().map((day) => `${day},blue`);
  writeFileSync(calendar, ["date,colour", ...days, ""].join("\n"));
  const environment = {
    AZRU_WEATHER: "reference",
    AZRU_TARIFF: `tempo:${calendar}`,
    AZRU_TEMPO_PRICES: join(root, "examples/tariffs/tempo-prices.csv"),
  };
  await withSystem(
    "learning",
    ["--no-simulator"],
    async ({ url, mqttUrl }) => {
      const { answers } = (await (await whenAnswered(`${url}setup`)).json()) as SetupResponse;
      const body = JSON.stringify({ ...answers, heater: "oilRadiator", power_kw: 6, rooms: [room] });
      await fetch(`${url}setup`, { method: "PUT", body, headers: { "content-type": "application/json" } });
      const messenger = connect({ url: mqttUrl, service: "thermometer", log: quiet });
      const measure = () => messenger.publish(topics.sensorMetrics, { room }, { temperature: 18.2 });
      await measure();
      const again = setInterval(measure, 1_000); // the first decision waits 5 s after the start
      try {
        for (const { suffix, ...options } of languages) {
          const page = await newPage(options);
          await page.goto((await whenAnswered(url)).url);
          const learning = suffix === "" ? "Thermostat until learnt" : "Thermostat en attendant d’apprendre";
          await page.getByText(learning).waitFor({ timeout: 120_000 });
          await page.locator("#temperature", { hasText: /18[,.]2/ }).waitFor({ timeout: 120_000 });
          await page.addStyleTag({ content: "#sources { visibility: hidden }" }); // names a folder of this run
          await shoot(page, `state-learning${suffix}`);
        }
      } finally {
        clearInterval(again);
        await messenger.close();
      }
    },
    environment,
  );
}

/** The days of the Tempo season (from 1 September on) until ten days from now: a calendar without one of them is a substitute. */
function seasonSoFar(): string[] {
  const now = new Date();
  const year = now.getUTCMonth() < 8 ? now.getUTCFullYear() - 1 : now.getUTCFullYear();
  const startMs = Date.UTC(year, 8, 1);
  const count = Math.floor((now.getTime() - startMs) / 86_400_000) + 11;
  return Array.from({ length: count }, (_, i) =>
    new Date(startMs + i * 86_400_000).toISOString().slice(0, 10),
  );
}

/** Asks until the core answers. */
async function whenAnswered(url: string): Promise<Response> {
  for (const endMs = Date.now() + longestStart_ms; Date.now() < endMs; ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${url} did not answer within ${longestStart_ms / 1000} s`);
}

/** Patient: on a loaded machine a page takes its time. */
async function newPage(options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(longestStart_ms);
  return page;
}

async function photographHome(url: string, name: string): Promise<void> {
  for (const { suffix, ...options } of languages) await photographPage(url, `${name}${suffix}`, options);
}

async function photographPage(url: string, name: string, options: BrowserContextOptions): Promise<void> {
  const page = await newPage(options);
  await page.goto(url);
  await page.locator("#chart canvas").waitFor();
  await page.locator("#cost-today", { hasText: "€" }).waitFor();
  await shoot(page, name);
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const violation of await accessibilityViolations(page)) {
    console.error(`${name}: ${violation}`);
    process.exitCode = 1;
  }
  await page.screenshot({ path: join(root, `docs/images/${name}.png`), fullPage: true });
  await page.close();
}

interface System {
  readonly url: string;
  readonly mqttUrl: string;
  /** The process of a service, once it has been started. */
  readonly pidOf: (service: string) => Promise<number>;
}

/** Starts the whole system with a data folder of its own, and ends it afterwards. */
async function withSystem(
  data: string,
  options: readonly string[],
  use: (system: System) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const system = spawn(
    process.execPath,
    [
      ...["--import", "tsx", "services/standalone/src/main.ts", ...options],
      ...["--http-port", "0", "--mqtt-port", "0", "--log-format", "json", "--data", join(folder, data)],
    ],
    { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(system, "close");
  try {
    const pids = new Map<string, Promise<number>>();
    const resolvers = new Map<string, (pid: number) => void>();
    const pidOf = (service: string) => {
      const known = pids.get(service) ?? new Promise<number>((resolve) => resolvers.set(service, resolve));
      pids.set(service, known);
      return known;
    };
    const addresses = await new Promise<Pick<System, "url" | "mqttUrl">>((resolve, reject) => {
      const lines = createInterface({ input: system.stdout });
      lines.on("close", () => reject(new Error("the system ended before it said where it is")));
      lines.on("line", (line) => {
        const { msg, httpPort, mqttUrl, child, pid } = line.startsWith("{") ? JSON.parse(line) : {};
        if (msg === "starting") resolve({ url: `http://localhost:${httpPort}/`, mqttUrl });
        if (msg === `${child} started`) {
          void pidOf(child);
          resolvers.get(child)?.(pid);
        }
      });
    });
    await use({ ...addresses, pidOf });
  } finally {
    system.kill("SIGTERM");
    await ended;
  }
}

/** Resolves when the home's clock is there, by its events. */
async function whenHomeTime(url: string, timeMs: number): Promise<void> {
  const page = await newPage();
  for (let isUp = false; !isUp; ) {
    isUp = await page.goto(url).then(
      () => true,
      () => page.waitForTimeout(500).then(() => false),
    );
  }
  // Until the simulated home has published its time, the core goes by the wall clock.
  const isThere = (shownMs: number) => shownMs >= timeMs && shownMs < timeMs + 86_400_000;
  const time = page.locator("#time");
  while (!isThere(Date.parse((await time.getAttribute("datetime")) ?? ""))) await page.waitForTimeout(200);
  await page.close();
}
