import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  accessibilityViolations,
  chromiumNote,
  chromiumPath,
  launchChromium,
  pixels as pixelsOf,
} from "@azru/page/testing";
import type { Building } from "@azru/simulation";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Study } from "../study.ts";
import { mediumHouse, testStudy } from "../testing/test-study.ts";
import { reportHtml } from "./html.ts";

const heatPumpHouse: Building = {
  ...mediumHouse,
  name: "heavy, heat pump",
  zone: { ...mediumHouse.zone, thermalCapacitance_j_m2k: 260_000 },
  heating: { ...mediumHouse.heating, supply: "heatPumpAir" },
};

test("thirty days of quarter hours in both modes stay below 1.5 MB", async () => {
  const study = await testStudy({ start: "2026-01-10T23:00:00Z", hours: 720, dtSeconds: 900 });
  expect(Buffer.byteLength(reportHtml(study))).toBeLessThan(1_500_000);
});

test("runs of one building that differ in step are an error that names the run", async () => {
  const [hourly, halfHourly] = await Promise.all([
    testStudy({ hours: 6, modes: ["manual"] }),
    testStudy({ hours: 6, modes: ["mpc"], dtSeconds: 1800 }),
  ]);
  const mixed = { ...hourly, runs: [...hourly.runs, ...halfHourly.runs] };
  expect(() => reportHtml(mixed)).toThrow(/^run test-medium-m\w+: dtSeconds \d+ differs from \d+ of medium$/);
});

test("a study that was stopped before its first step says so", async () => {
  const study = { ...(await testStudy({ hours: 24 })), runs: [], comparisons: [], complete: false };
  expect(reportHtml(study)).toContain("Of 1 day, none were simulated");
});

describe.skipIf(!chromiumPath)(`the report in Chromium${chromiumNote}`, () => {
  let browser: Browser;
  let folder: string;
  let study: Study; // the 29th of March has 23 hours

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "azru-report-"));
    study = await testStudy({ start: "2026-03-26T23:00:00Z", hours: 95 });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  let context: BrowserContext | undefined;
  afterEach(() => context?.close());

  interface Opened {
    readonly page: Page;
    /** Console errors, uncaught errors and policy violations. */
    readonly complaints: string[];
    readonly requests: string[];
    readonly url: string;
  }

  async function open(of: Study, options: BrowserContextOptions = {}): Promise<Opened> {
    const file = join(folder, "report.html");
    writeFileSync(file, reportHtml(of));
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    return { page, complaints, requests, url };
  }

  test("draws its charts without an error, another file or the network", async () => {
    const { page, complaints, requests, url } = await open(study);
    expect(await chartKeys(page)).toEqual(["temperature", "valve", "cost", "price"]);
    for (const key of ["temperature", "valve", "cost"]) {
      expect(await pixels(page, key, "--mpc")).toBeGreaterThan(100);
      expect(await pixels(page, key, "--manual")).toBeGreaterThan(100);
    }
    expect(await pixels(page, "temperature", "--outdoor")).toBeGreaterThan(100);
    expect(await pixels(page, "price", "--text")).toBeGreaterThan(100);
    expect(await pixels(page, "price", "--tempo-blue-strong")).toBeGreaterThan(1000);
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith("data:"))).toEqual([url]);
  });

  test("shows the study's figures, each under its mode", async () => {
    const { page } = await open(study);
    const [manual, mpc] = study.runs.map(({ kpis }) => kpis);
    const [{ result }] = study.comparisons;
    const cell = await tableReader(page);
    expect(cell("Cost, EUR", "Thermostat")).toBe(manual.cost_eur.toFixed(2));
    expect(cell("Cost, EUR", "MPC")).toBe(mpc.cost_eur.toFixed(2));
    expect(Number(cell("Cost, EUR", "Difference"))).toBeCloseTo(mpc.cost_eur - manual.cost_eur, 2);
    expect(Number(cell("Heat its walls lack at the end, EUR", "MPC"))).toBeCloseTo(result.heatLeft_eur, 2);
    const fair = "Cost for the same heat in the walls, EUR";
    expect(Number(cell(fair, "MPC"))).toBeCloseTo(mpc.cost_eur + result.heatLeft_eur, 2);
    expect(Number(cell(fair, "Difference"))).toBeCloseTo(-result.fairSaving_eur, 2);
    expect(Number(cell("Saving, %", "Difference"))).toBeCloseTo(100 * result.fairSaving, 1);
    expect(cell("Electricity, kWh", "MPC")).toBe(mpc.energy_kwh.toFixed(1));
    expect(cell("Below 19 °C, K h", "Thermostat")).toBe(manual.discomfortBelow_kh.toFixed(2));
    expect(cell("Above 28 °C, K h", "MPC")).toBe(mpc.discomfortAbove_kh.toFixed(2));
    expect(cell("Peak power, kW", "MPC")).toBe(mpc.peak_kw.toFixed(2));
    expect(cell("Heater starts", "Thermostat")).toBe(String(manual.starts));
    expect(cell("Mean air temperature, °C", "MPC")).toBe(mpc.meanTemperature_c.toFixed(2));
    expect(cell("Walls at the end, °C", "MPC")).toBe(mpc.theta_m_end_c.toFixed(2));
    expect(cell("Mean time to decide, ms", "MPC")).toBe(mpc.optimisation.mean_ms.toFixed(2));
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(/^27\s–\s30 March 2026$/);
    const facts = await page.locator(".conditions").textContent();
    expect(facts).toContain(study.weather);
    expect(facts).toContain(study.tariff);
    expect(facts).toContain("Not a real Tempo calendar.");
  });

  test("speaks French in a French browser, and English where the reader asks for it", async () => {
    const tariff = "Tempo (allotted from the weather (no real calendar))";
    const { page, complaints } = await open({ ...study, tariff }, { locale: "fr-FR" });
    expect(await page.locator("html").getAttribute("lang")).toBe("fr");
    expect(await page.title()).toMatch(/^Étude de chauffage Azru, 27\s?–\s?30 mars 2026$/);
    const [manual, mpc] = study.runs.map(({ kpis }) => kpis);
    const cell = await tableReader(page);
    expect(cell("Coût, EUR", "Thermostat")).toBe(manual.cost_eur.toFixed(2).replace(".", ","));
    expect(cell("Température moyenne de l’air, °C", "MPC")).toBe(
      mpc.meanTemperature_c.toFixed(2).replace(".", ","),
    );
    await page.locator("#charts").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#readout").textContent()).toMatch(
      /^ven. 27 mars 2026.* 00:00, jour \p{L}+, heures creuses$/u,
    );
    expect((await legend(page, "price")).Prix).toMatch(/^0,\d{4} EUR\/kWh$/);
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(100);
    expect(await page.locator("body").innerText()).not.toMatch(/\b(the|of|and|walls|weather)\b/i);

    await page.getByRole("link", { name: "English" }).click();
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
    await page.getByRole("heading", { name: "What was simulated" }).waitFor();
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
  });

  test("does not warn of allotted colours where they are real", async () => {
    const { page } = await open({ ...study, tariff: "Tempo, colours published by RTE" });
    expect(await page.locator(".conditions").textContent()).not.toContain("Not a real Tempo calendar.");
  });

  test("reads all charts at the instant under the cursor, in Paris time wherever it is opened", async () => {
    const { page } = await open(study, { timezoneId: "America/New_York" });
    const { startMs, dtSeconds } = study.runs[0].trajectory;
    const k = (Date.parse("2026-03-29T01:00:00Z") - startMs) / (dtSeconds * 1000); // 01:59 became 03:00
    await hover(page, "valve", k / study.runs[0].trajectory.length);
    const rate = study.rates.find((one) => one.endMs > Date.parse("2026-03-29T01:00:00Z"));
    expect(await page.locator("#readout").textContent()).toBe(
      `Sun, 29 Mar 2026, 03:00, ${rate?.colour} day, off-peak`,
    );
    const [manual, mpc] = study.runs.map(({ trajectory }) => trajectory);
    expect(await legend(page, "temperature")).toEqual({
      Thermostat: `${manual.theta_air_c[k].toFixed(1)} °C`,
      MPC: `${mpc.theta_air_c[k].toFixed(1)} °C`,
      "Outdoors (right axis)": `${mpc.theta_e_c[k].toFixed(1).replace("-", "−")} °C`,
    });
    expect((await legend(page, "valve")).MPC).toBe(
      `${(100 * mpc.valve[k]).toFixed(0)} %, ${(mpc.power_w[k] / 1000).toFixed(2)} kW`,
    );
    const paid_eur = mpc.cost_eur.subarray(0, k).reduce((sum, cost_eur) => sum + cost_eur, 0);
    expect((await legend(page, "cost")).MPC).toBe(`${paid_eur.toFixed(2)} EUR`);
    expect((await legend(page, "price")).Price).toBe(`${mpc.price_eur_kwh[k].toFixed(4)} EUR/kWh`);
  });

  test("is read step by step with the arrow keys", async () => {
    const { page } = await open(study);
    await page.locator("#charts").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#readout").textContent()).toContain("Fri, 27 Mar 2026, 00:00");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("#readout").textContent()).toContain("Fri, 27 Mar 2026, 01:00");
    const { theta_air_c } = study.runs[1].trajectory;
    expect((await legend(page, "temperature")).MPC).toBe(`${theta_air_c[1].toFixed(1)} °C`);
  });

  test("zooms all charts by dragging over one, moves in time, and goes back by double click", async () => {
    const { page } = await open(study);
    const whole = await pictures(page);
    expect(await isPressed(page, "All")).toBe(true);
    await drag(page, "cost", 0.25, 0.5);
    expect(await isPressed(page, "All")).toBe(false);
    const zoomed = await pictures(page);
    for (const [i, picture] of zoomed.entries()) expect(picture).not.toBe(whole[i]);

    await page.getByRole("button", { name: "Day", exact: true }).click();
    expect(await isPressed(page, "Day")).toBe(true);
    await hover(page, "price", 0);
    expect(await page.locator("#readout").textContent()).toContain("Sat, 28 Mar 2026, 00:00");
    await page.getByRole("button", { name: "Later" }).click();
    await hover(page, "price", 0);
    expect(await page.locator("#readout").textContent()).toContain("Sun, 29 Mar 2026, 00:00");
    await page.getByRole("button", { name: "Earlier" }).click();
    await page.getByRole("button", { name: "Earlier" }).click();
    expect(await page.getByRole("button", { name: "Earlier" }).isDisabled()).toBe(true);

    await page.locator("[data-chart=valve] .u-over").dblclick();
    expect(await isPressed(page, "All")).toBe(true);
    await page.mouse.move(0, 0);
    expect(await pictures(page)).toEqual(whole);
  });

  test("shows means and their range where single steps would not be legible", async () => {
    const month = await testStudy({ start: "2026-01-10T23:00:00Z", hours: 480, dtSeconds: 900 });
    const { page, complaints } = await open(month);
    const caption = page.locator("[data-chart=temperature] figcaption");
    expect(await caption.textContent()).toBe("Air temperature, °C means of 1 h, range shaded");
    await hover(page, "temperature", 0.5);
    const { theta_air_c } = month.runs[1].trajectory;
    const middle = theta_air_c.length / 2;
    const mean_c = theta_air_c.subarray(middle, middle + 4).reduce((sum, theta_c) => sum + theta_c, 0) / 4;
    const { MPC } = await legend(page, "temperature");
    expect(Math.abs(Number.parseFloat(MPC) - mean_c)).toBeLessThan(0.06);

    await page.getByRole("button", { name: "Day", exact: true }).click();
    expect(await caption.textContent()).toBe("Air temperature, °C");
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(100);
    await hover(page, "temperature", 0.25);
    expect((await legend(page, "temperature")).MPC).toBe(`${theta_air_c[24].toFixed(1)} °C`);
    expect(complaints).toEqual([]);
  });

  test("shows hostile names as the text they are", async () => {
    const hostile = `</script><script>window.hacked = 1</script><img src=x onerror="window.hacked=2">&amp;'"<!--`;
    const { page, complaints, requests, url } = await open({
      ...study,
      weather: hostile,
      tariff: hostile,
      runs: study.runs.map((run) => ({ ...run, id: hostile, building: { ...run.building, name: hostile } })),
      comparisons: study.comparisons.map((one) => ({ ...one, building: hostile })),
    });
    expect(await page.locator("caption").textContent()).toBe(hostile);
    expect(await page.locator(".conditions").textContent()).toContain(hostile);
    expect(await page.locator("img, main script").count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, "hacked"))).toBeUndefined();
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith("data:"))).toEqual([url]);
  });

  test("of a stopped study holds what was simulated, and compares nothing", async () => {
    const stopped = await testStudy({ hours: 96, stoppedAfter: { mpc: 30 } });
    const { page, complaints } = await open(stopped);
    expect(await page.getByText("Stopped before the end.").isVisible()).toBe(true);
    expect(await page.getByText("Of 4 days, 1.3 days to 4 days were simulated").isVisible()).toBe(true);
    const cell = await tableReader(page);
    expect(cell("Days simulated", "MPC")).toBe("1.25");
    expect(cell("Days simulated", "Thermostat")).toBe("4.00");
    expect(await page.getByRole("columnheader", { name: "Difference" }).count()).toBe(0);
    expect(await page.getByRole("rowheader", { name: "Saving, %" }).count()).toBe(0);
    await hover(page, "temperature", 0.8);
    expect((await legend(page, "temperature")).MPC).toBe("");
    expect((await legend(page, "temperature")).Thermostat).toMatch(/^\d\d\.\d °C$/);
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(50);
    expect(complaints).toEqual([]);
  });

  test("of one mode has one column and one line", async () => {
    const { page, complaints } = await open(await testStudy({ hours: 24, modes: ["mpc"] }));
    expect(await page.locator(".kpis thead th").allTextContents()).toEqual(["MPC"]);
    await hover(page, "cost", 0.5);
    expect(Object.keys(await legend(page, "cost"))).toEqual(["MPC"]);
    expect(await pixels(page, "cost", "--mpc")).toBeGreaterThan(100);
    expect(await pixels(page, "cost", "--manual")).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("of several buildings lays them side by side and shows the chosen one", async () => {
    const several = await testStudy({ hours: 48, buildings: [mediumHouse, heatPumpHouse] });
    const { page, complaints } = await open(several);
    const rows = await page.locator(".overview tbody tr").all();
    expect(rows).toHaveLength(2);
    for (const [i, row] of rows.entries()) {
      const [manual, mpc] = several.runs.slice(2 * i).map(({ kpis }) => kpis);
      const { building, result } = several.comparisons[i];
      expect(await row.locator("th, td").allTextContents()).toEqual([
        building,
        manual.cost_eur.toFixed(2),
        mpc.cost_eur.toFixed(2),
        result.fairSaving_eur.toFixed(2),
        (100 * result.fairSaving).toFixed(1),
        manual.discomfortBelow_kh.toFixed(2),
        mpc.discomfortBelow_kh.toFixed(2),
      ]);
    }
    expect(await page.locator(".kpis:visible caption").allTextContents()).toEqual(["medium"]);
    expect(await chartKeys(page)).toEqual(["temperature", "valve", "cost", "price"]);

    await page.getByLabel("Building").selectOption("heavy, heat pump");
    expect(await page.locator(".kpis:visible caption").allTextContents()).toEqual(["heavy, heat pump"]);
    expect(await chartKeys(page)).toEqual(["temperature", "valve", "power", "cost", "price"]); // the COP varies
    const cell = await tableReader(page);
    expect(cell("Heat, kWh", "MPC")).toBe(several.runs[3].kpis.heat_kwh.toFixed(1));
    await hover(page, "power", 0.5);
    const { power_w, length } = several.runs[3].trajectory;
    expect((await legend(page, "power")).MPC).toBe(`${(power_w[length / 2] / 1000).toFixed(2)} kW`);
    expect(complaints).toEqual([]);
  });

  test("follows the reader's choice of light and dark", async () => {
    const { page } = await open(study, { colorScheme: "light" });
    const light = await pictures(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect
      .poll(async () => (await pictures(page)).map((picture, i) => picture !== light[i]))
      .toEqual(light.map(() => true));
    expect(await pixels(page, "temperature", "--mpc")).toBeGreaterThan(100);
  });

  test("fits a phone, and a window that changes its width", async () => {
    const { page, complaints } = await open(study, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const overhang = () => page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
    expect(await overhang()).toBe(0);
    const canvas = page.locator("[data-chart=cost] canvas");
    expect((await canvas.boundingBox())?.width).toBe(390 - 32);
    await page.setViewportSize({ width: 1000, height: 800 });
    await expect.poll(async () => (await canvas.boundingBox())?.width).toBe(1000 - 48);
    expect(await overhang()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test.each(["light", "dark"] as const)("passes axe's accessibility rules in %s", async (colorScheme) => {
    const several = await testStudy({
      hours: 24,
      buildings: [mediumHouse, heatPumpHouse],
      stoppedAfter: { mpc: 20 },
    });
    const { page } = await open(several, { colorScheme, bypassCSP: true });
    expect(await accessibilityViolations(page)).toEqual([]);
    for (const canvas of await page.locator("canvas").all()) {
      expect(await canvas.getAttribute("aria-label")).toMatch(/\d/);
    }
  });
});

function chartKeys(page: Page): Promise<(string | undefined)[]> {
  return page.locator("figure").evaluateAll((all) => all.map((figure) => figure.dataset.chart));
}

function pixels(page: Page, key: string, property: string): Promise<number> {
  return pixelsOf(page.locator(`[data-chart=${key}] canvas`), property);
}

function pictures(page: Page): Promise<string[]> {
  return page.locator("canvas").evaluateAll((all) => all.map((canvas) => canvas.toDataURL()));
}

/** Reads the visible table of indicators by the texts of its row and column headers. */
async function tableReader(page: Page): Promise<(row: string, column: string) => string | undefined> {
  const rows = await page
    .locator(".kpis:visible tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  return (row, column) =>
    rows.find(([header]) => header === row)?.[rows[0].indexOf(column)]?.replace("−", "-");
}

async function legend(page: Page, key: string): Promise<Record<string, string>> {
  const entries = await page
    .locator(`[data-chart=${key}] .u-legend tr:visible`)
    .evaluateAll((all) =>
      all.map((row) => [
        row.querySelector("th")?.textContent?.trim() ?? "",
        row.querySelector("td")?.textContent?.trim() ?? "",
      ]),
    );
  return Object.fromEntries(entries);
}

async function plotOf(page: Page, key: string) {
  const plot = page.locator(`[data-chart=${key}] .u-over`);
  await plot.scrollIntoViewIfNeeded();
  return (await plot.boundingBox())!;
}

/** Moves the mouse to a share of the time in sight. */
async function hover(page: Page, key: string, share: number): Promise<void> {
  const { x, y, width, height } = await plotOf(page, key);
  await page.mouse.move(x + share * width + 1, y + height / 2 - 2);
  await page.mouse.move(x + share * width + 0.5, y + height / 2);
}

async function drag(page: Page, key: string, from: number, to: number): Promise<void> {
  const { x, y, width, height } = await plotOf(page, key);
  await page.mouse.move(x + from * width, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + to * width, y + height / 2, { steps: 4 });
  await page.mouse.up();
}

async function isPressed(page: Page, name: string): Promise<boolean> {
  const button = page.getByRole("button", { name, exact: true });
  return (await button.getAttribute("aria-pressed")) === "true";
}
