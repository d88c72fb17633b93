/** Makes every picture of the documentation: `pnpm screenshots`. Needs Chromium (CHROMIUM_PATH or on the path). */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "azru-screenshots-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
  await photographReport();
  await photographDashboard();
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
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, colorScheme: "light" });
  await page.goto(pathToFileURL(join(folder, "out", "report.html")).href);
  await page.locator("canvas").first().waitFor();
  await page.screenshot({ path: join(root, "docs/images/report.png"), fullPage: true });
}

/** The evening before a red day, a day after a simulated home was started. */
async function photographDashboard(): Promise<void> {
  const options = ["--start", "2026-01-17T22:00", "--speed", "1200", "--http-port", "0", "--mqtt-port", "0"];
  const shownMs = Date.parse("2026-01-18T22:20:00+01:00");
  const system = spawn(
    process.execPath,
    [
      ...["--import", "tsx", "services/standalone/src/main.ts", ...options],
      ...["--log-format", "json", "--data", join(folder, "home")],
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(system, "close");
  try {
    const url = await addressOf(createInterface({ input: system.stdout }));
    await whenHomeTime(url, shownMs);
    for (const [name, options] of [
      ["dashboard", { viewport: { width: 1200, height: 1000 }, locale: "en-GB" }],
      [
        "dashboard-phone",
        {
          viewport: { width: 390, height: 844 },
          deviceScaleFactor: 2,
          hasTouch: true,
          locale: "fr-FR",
          colorScheme: "dark",
        },
      ],
    ] as const) {
      const page = await browser.newPage(options);
      await page.goto(url);
      await page.locator("canvas").waitFor();
      await page.locator("#cost-today", { hasText: "€" }).waitFor();
      await page.screenshot({ path: join(root, `docs/images/${name}.png`), fullPage: true });
      await page.close();
    }
  } finally {
    system.kill("SIGTERM");
    await ended;
  }
}

/** Where the API is, from the log of a system that starts. */
function addressOf(lines: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on("close", () => reject(new Error("the system ended before it said where it is")));
    lines.on("line", (line) => {
      const { msg, httpPort } = line.startsWith("{") ? JSON.parse(line) : {};
      if (msg === "starting") resolve(`http://localhost:${httpPort}/`);
    });
  });
}

/** Resolves when the home's clock is there, as its events tell. */
async function whenHomeTime(url: string, timeMs: number): Promise<void> {
  const page = await browser.newPage();
  for (let isUp = false; !isUp; ) {
    isUp = await page.goto(url).then(
      () => true,
      () => page.waitForTimeout(500).then(() => false),
    );
  }
  // Until the simulated home has told its time, the core goes by the wall clock.
  const isThere = (shownMs: number) => shownMs >= timeMs && shownMs < timeMs + 86_400_000;
  const time = page.locator("#time");
  while (!isThere(Date.parse((await time.getAttribute("datetime")) ?? ""))) await page.waitForTimeout(200);
  await page.close();
}
