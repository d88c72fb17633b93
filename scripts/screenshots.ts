/** Makes every picture of the documentation: `pnpm screenshots`. Needs Chromium (CHROMIUM_PATH or on the path). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "azru-screenshots-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
  const study = [
    "--start",
    "2026-01-11",
    "--end",
    "2026-01-25",
    "--compare",
    "--building",
    "buildings/heavy.json",
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
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
