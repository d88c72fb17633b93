/** Pages in a real Chromium, for tests. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** Where Chromium is; undefined where there is none, and the tests that need it are skipped. */
export const chromiumPath = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

/** What the name of a test that needs Chromium ends with. */
export const chromiumNote = chromiumPath
  ? ""
  : " (skipped: no Chromium at CHROMIUM_PATH or the usual places)";

/** How long a test waits for a page: on a machine that others use too, much longer than Playwright's half a minute. */
export const patience_ms = 120_000;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

/** How many of a canvas's pixels have a colour of the style sheet. */
export function pixels(canvas: Locator, property: string): Promise<number> {
  return canvas.evaluate((canvas, property) => {
    const { document, getComputedStyle } = canvas.ownerDocument.defaultView;
    const swatch = document.createElement("canvas").getContext("2d");
    swatch.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(property);
    swatch.fillRect(0, 0, 1, 1);
    const [r, g, b] = swatch.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const distance = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
      if (data[i + 3] === 255 && distance < 24) count++;
    }
    return count;
  }, property);
}

/** What breaks axe's rules of accessibility; the page's context must bypass its content security policy. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
