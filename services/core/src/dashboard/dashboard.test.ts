/** The page in Chromium, on a core with a real broker, store and optimiser. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import {
  accessibilityViolations,
  chromiumNote,
  chromiumPath,
  launchChromium,
  patience_ms,
  pixels,
} from "@azru/page/testing";
import type { FastifyInstance } from "fastify";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { houseModel } from "../home/house-model.ts";
import { describedIn } from "../testing/described-home.ts";
import { flatPlan } from "../testing/plans.ts";
import {
  type Device,
  type LiveCore,
  silent,
  startTestHome,
  stepMs,
  type TestHome,
} from "../testing/test-home.ts";
import { createFormat } from "./page/format.ts";
import { sentences } from "./page/sentence.ts";
import { whyOf } from "./page/why.ts";

const token = "correct horse battery staple";
const [embedded] = brokers;
const en = createFormat("en");
const fr = createFormat("fr");

describe.skipIf(!chromiumPath)(`the page in Chromium${chromiumNote}`, () => {
  let home: TestHome;
  let device: Device;
  let live: LiveCore;
  let app: FastifyInstance;
  let browser: Browser;
  let context: BrowserContext | undefined;
  /** The evening before a red day. */
  let nowMs = Date.parse("2026-01-18T18:30:00Z");

  async function listen(port = 0): Promise<FastifyInstance> {
    const made = await createApp({
      core: live.core,
      registry: live.registry,
      version: "1.2.3",
      token,
      log: silent,
    });
    await made.listen({ port });
    return made;
  }

  async function decide(temperature: number): Promise<void> {
    nowMs += stepMs;
    await device.decision(nowMs, { temperature, external_temperature: -2.5 });
    await live.core.idle();
    await live.store.flush();
  }

  beforeAll(async () => {
    home = await startTestHome(embedded);
    device = await home.device();
    await home.optimiser(device.messenger);
    live = await home.core({ tariffSpec: "tempo" });
    for (const temperature of [19.6, 19.5, 19.4, 19.6, 19.8]) await decide(temperature);
    app = await listen();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    await home.stop();
  });
  afterEach(() => context?.close());

  async function open(
    options: BrowserContextOptions = {},
    to = app,
    prepare = async (_: Page): Promise<void> => undefined,
  ) {
    context = await browser.newContext({
      viewport: { width: 1200, height: 1000 },
      locale: "en-GB",
      timezoneId: "America/New_York",
      ...options,
    });
    context.setDefaultTimeout(patience_ms);
    const page = await context.newPage();
    const home = to.listeningOrigin;
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== home) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await prepare(page);
    await page.goto(`${home}/`);
    await page.locator("#connection[data-state=live]").waitFor();
    await page.locator("#chart canvas").waitFor();
    return { page, foreign, complaints };
  }

  /** Why the browser does not accept what stands in a field. */
  function complaint(field: Locator): Promise<string> {
    return field.evaluate((input) => input.validationMessage);
  }

  async function text(page: Page, id: string): Promise<string> {
    return (await page.locator(`#${id}`).textContent()) ?? "";
  }

  test("shows what the API has, and why, without an error or another server", async () => {
    const { page, foreign, complaints } = await open();
    const state = live.core.state();
    const tariff = live.core.tariff();
    const plan = live.core.plan()!;
    const comfort = live.core.comfort.response;
    expect(plan.plan.worker).toBe("test");

    expect(await text(page, "why")).toBe(sentences.en(whyOf({ state, plan, tariff, comfort }), en, nowMs));
    expect(await text(page, "time")).toBe(en.date(nowMs));
    expect(await text(page, "temperature")).toBe("19.8\u00a0°C");
    expect((await text(page, "temperature-more")).split("\n")).toEqual([
      `walls ${en.temperature(state.estimate!.mass_temperature)}`,
      "outdoors −2.5\u00a0°C",
      "comfort 19–28\u00a0°C",
    ]);
    expect(await text(page, "valve")).toBe(en.percent(state.decision!.valve_position));
    expect(await text(page, "valve-more")).toBe(
      `${en.power(state.decision!.planned_power!)}\nnext decision ${en.clock(nowMs + stepMs)}`,
    );
    expect(await text(page, "price")).toBe(en.price(state.rate!.price));
    expect((await text(page, "today")).toLowerCase()).toBe(tariff.today.colour);
    expect(await text(page, "tomorrow")).toBe("Red");
    expect(await page.locator("#tomorrow").getAttribute("data-colour")).toBe("red");
    expect(await text(page, "tomorrow-more")).toBe(
      `${en.number(tariff.tomorrow.peak_price, 4)} peak\n${en.number(tariff.tomorrow.off_peak_price, 4)} off-peak`,
    );
    expect(await text(page, "mode")).toBe("Automatic");
    expect(await text(page, "notices")).toContain("A simulated home");
    const { cost, baseline_cost, walls_heat, walls_value, saved } = state.savings!;
    expect(saved).toBeCloseTo(baseline_cost - cost + walls_value, 9);
    expect(await text(page, "saved-more")).toBe(
      `paid ${en.money(cost)}, the thermostat alone ${en.money(baseline_cost)}; ${en.energy(Math.abs(walls_heat))} ${walls_heat < 0 ? "less" : "more"} heat in the walls, worth ${en.money(Math.abs(walls_value))}`,
    );
    expect(await text(page, "against")).toBe(
      `The thermostat alone is the one that the home had: on/off, lower when you ask for less, ${en.temperature(19.5)} to ${en.temperature(20.5)}.`,
    );
    expect(await text(page, "saved-label")).toBe(
      `${saved < 0 ? "Spent more" : "Saved"} so far, since ${en.instant(Date.parse(state.savings!.since))}`,
    );
    expect(await text(page, "today-label")).toBe("Today");
    expect(await text(page, "tomorrow-label")).toBe("Tomorrow, from 06:00");
    expect(await text(page, "sources")).toBe(
      "Sources: temperature living-room; weather reference year; tariff made-up colours that fit the weather",
    );
    expect(await text(page, "model")).toBe("The house as in the building file");
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  test("before a red day says how warm it gets, and what the optimiser would pay more under a lower ceiling", async () => {
    const { page } = await open();
    const cost_eur = async (by_k: number) => {
      const answer = await live.core.lowerCeiling(by_k);
      if (!answer || "why" in answer) throw new Error(answer?.why ?? "no plan");
      const warmest_c = Math.max(...live.core.plan()!.plan.temperature);
      expect(answer).toMatchObject({ plan_id: live.core.plan()!.plan.id, by: by_k });
      expect(answer.warmest.temperature).toBeLessThan(warmest_c - by_k + 0.05);
      return answer.cost;
    };
    const [one_eur, three_eur] = [await cost_eur(1), await cost_eur(3)];
    expect(one_eur).toBeGreaterThan(0.01);
    expect(three_eur).toBeGreaterThan(one_eur);
    await expect
      .poll(() => text(page, "next"))
      .toMatch(
        new RegExp(`It gets up to .*a ceiling 1\u00a0°C lower would cost ${en.money(one_eur)} more over`),
      );
  });

  test("draws past and plan, and reads them with the keyboard", async () => {
    const { page, complaints } = await open();
    const summary = () => page.locator("#chart canvas").getAttribute("aria-label");
    await expect.poll(summary).toContain("temperature: 19.4");
    expect(await summary()).toContain("planned: ");
    expect(await pixels(page.locator("#chart canvas"), "--accent")).toBeGreaterThan(300);
    expect(await pixels(page.locator("#chart canvas"), "--tempo-red-strong")).toBeGreaterThan(300);

    await page.locator("#chart").focus();
    await page.keyboard.press("ArrowRight");
    const read = await text(page, "readout");
    expect(read).toContain(`${en.clock(nowMs)} · 19.8\u00a0°C · valve `);
    expect(read).toContain(en.price(live.core.state().rate!.price));
    await page.keyboard.press("ArrowRight");
    expect(await text(page, "readout")).toContain("· planned ·");
    expect(complaints).toEqual([]);
  });

  test("shows a measurement and a decision as they happen", async () => {
    const { page } = await open();
    await decide(20.3);
    const { decision } = live.core.state();
    await expect.poll(() => text(page, "temperature")).toBe("20.3\u00a0°C");
    await expect.poll(() => text(page, "valve")).toBe(en.percent(decision!.valve_position));
    await expect.poll(() => text(page, "time")).toBe(en.date(nowMs));
  });

  test("shows what heating has cost and is expected to cost with each decision, though the store does not answer", async () => {
    const { page } = await open({}, app, async (page) => {
      const problem = { type: "about:blank", title: "Service Unavailable", status: 503 };
      await page.route("**/history?*", (route) => route.fulfill({ status: 503, json: problem }));
    });
    for (const temperature of [20.3, 20.2]) {
      await decide(temperature);
      const { savings, expected_cost } = live.core.state();
      await expect.poll(() => text(page, "time")).toBe(en.date(nowMs));
      expect(await text(page, "cost-today")).toBe(en.money(savings!.today.cost));
      expect(await text(page, "cost-month")).toBe(en.money(savings!.month.cost));
      expect(await text(page, "baseline-today")).toBe(en.money(savings!.today.baseline_cost));
      expect(await text(page, "saved-more")).toContain(`paid ${en.money(savings!.month.cost)},`);
      const { rest_of_today, tomorrow, plan_until } = expected_cost!;
      expect(await text(page, "expected-today")).toBe(`about ${en.money(rest_of_today.cost)}`);
      expect(await text(page, "expected-tomorrow")).toBe(`about ${en.money(tomorrow.cost)}`);
      expect(tomorrow.cost).toBeGreaterThan(0.1);
      expect(await text(page, "expected-more")).toBe(
        `As planned until tomorrow at ${en.clock(Date.parse(plan_until))}, then as if the home were kept at just the least comfort.`,
      );
    }
    await page.getByText("The past cannot be shown: the store does not answer.").waitFor();
  });

  test("says after midnight what holds until the morning, what begins then, and that its colour is not known", async () => {
    const night = await startTestHome(embedded);
    try {
      const calendar = join(night.folder, "colours.csv");
      writeFileSync(calendar, "date,colour\n2026-01-15,white\n");
      const sensors = await night.device();
      respond(sensors.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start }) =>
        flatPlan({ id, startMs: Date.parse(start) }),
      );
      const { core, registry } = await night.core({ tariffSpec: `tempo:${calendar}` });
      const midnightMs = Date.parse("2026-01-16T00:00:00+01:00");
      for (const atMs of [midnightMs - stepMs, midnightMs]) await sensors.decision(atMs, { temperature: 20 });
      await core.idle();
      const api = await createApp({ core, registry, version: "1.2.3", log: silent });
      try {
        await api.listen({ port: 0 });
        const { page } = await open({}, api);
        expect(await text(page, "today-label")).toBe("Now, until 06:00");
        expect(await text(page, "today")).toBe("White");
        expect(await text(page, "tomorrow-label")).toBe("Today, from 06:00");
        expect(await text(page, "tomorrow")).toBe("Not known yet");
        const { tomorrow } = core.tariff();
        expect(await text(page, "tomorrow-more")).toBe(
          `on average:\n${en.number(tomorrow.peak_price, 4)} peak\n${en.number(tomorrow.off_peak_price, 4)} off-peak`,
        );
        expect(await text(page, "cost-today")).toBe("€0.00");
        expect(await text(page, "expected-more")).toMatch(
          /^The colour is not known from 06:00 on: an average of the prices that may come is counted\./,
        );

        await sensors.decision(Date.parse("2026-01-16T09:00:00+01:00"), { temperature: 20 });
        await expect.poll(() => text(page, "tomorrow-label")).toBe("Tomorrow, from 06:00");
        expect(await text(page, "today-label")).toBe("Today");
        expect(await text(page, "tomorrow-more")).toMatch(/^known at about 11:00\n/);

        await page.getByRole("button", { name: "Manual" }).click();
        await expect
          .poll(() => text(page, "expected-more"))
          .toBe("Nothing can be expected while no plan is followed.");
      } finally {
        await context?.close();
        await api.close();
      }
    } finally {
      await night.stop();
    }
  });

  test("sets the valve by hand once the token is given, and gives the home back", async () => {
    const { page } = await open();
    await page.getByLabel("Valve position").fill("35");
    await page.getByLabel("For", { exact: true }).selectOption("2 hours");
    await page.getByRole("button", { name: "Set the valve" }).click();
    const dialog = page.getByRole("dialog", { name: "API token" });
    await dialog.getByLabel("Token").fill("wrong");
    await dialog.getByLabel("Token").press("Enter");
    await dialog.getByText("That token is not the right one.").waitFor();
    await dialog.getByLabel("Token").fill(token);
    await dialog.getByRole("button", { name: "Continue" }).click();

    await expect.poll(() => text(page, "mode")).toBe("Manual");
    const { manual } = live.core.state();
    expect(manual).toEqual({ valve_position: 35, expires_at: new Date(nowMs + 2 * 3_600_000).toISOString() });
    expect(await text(page, "mode-more")).toBe(`until ${en.instant(Date.parse(manual!.expires_at))}`);
    await expect.poll(() => text(page, "why")).toMatch(/^Set by hand: the valve stays at 35\s%/);
    expect(await page.getByRole("button", { name: "Optimise now" }).isDisabled()).toBe(true);
    await expect
      .poll(() => device.commands.all.at(-1))
      .toMatchObject({ source: "manual", valve_position: 35 });

    await page.getByRole("button", { name: "Automatic" }).click();
    await expect.poll(() => text(page, "mode")).toBe("Automatic");
    expect(live.core.state().mode).toBe("auto");
    await live.core.idle();
    const before = live.core.state().decision?.id;
    await page.getByRole("button", { name: "Optimise now" }).click();
    await page.getByText("The optimiser has been asked.").waitFor();
    await expect.poll(() => live.core.state().decision?.id).not.toBe(before);
    expect(live.core.state().decision).toMatchObject({ source: "mpc", cause: "asked for" });
  });

  test("takes comfort requests: a boost and back, an empty home, a vacation, a weekly schedule", async () => {
    const { page, complaints } = await open();
    await page.getByRole("button", { name: /^Boost/ }).click();
    await page.getByRole("dialog", { name: "API token" }).getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect
      .poll(() => text(page, "comfort-now"))
      .toBe(`At least 21.0\u00a0°C until ${en.clock(nowMs + 3_600_000)} · asked for (Boost)`);
    await expect.poll(() => live.core.plan()!.plan.temperature[1]).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Back to the schedule" }).click();
    await expect.poll(() => text(page, "comfort-now")).toBe("At least 19.0\u00a0°C · schedule (Comfort)");

    await page.getByRole("button", { name: "Nobody is home" }).click();
    await expect.poll(() => text(page, "comfort-now")).toBe("At least 17.0\u00a0°C · nobody is home (Eco)");
    await page.getByRole("button", { name: "Somebody is home" }).click();

    expect(await page.getByLabel("Meanwhile at least, °C").inputValue()).toBe("14");
    await page.getByLabel("Leaving").fill("2026-01-26T08:00");
    await page.getByLabel("Back, warm again").fill("2026-01-25T18:00");
    await page.getByRole("button", { name: "Set the vacation" }).click();
    expect(await page.locator("#vacation-until:invalid").count()).toBe(1);
    await page.getByLabel("Leaving").fill("2026-01-24T08:00");
    await page.getByLabel("Meanwhile at least, °C").fill("12.5");
    await page.getByRole("button", { name: "Set the vacation" }).click();
    await expect
      .poll(() => text(page, "vacation-text"))
      .toBe("Away from Sat 24 Jan, 08:00 until Sun 25 Jan, 18:00, meanwhile at least 12.5\u00a0°C.");
    expect(live.core.comfort.response.vacation).toEqual({
      from: "2026-01-24T07:00:00.000Z",
      until: "2026-01-25T17:00:00.000Z",
      setpoint_c: 12.5,
    });
    await page.getByRole("button", { name: "Cancel it" }).click();
    await page.getByLabel("Back, warm again").fill("2026-01-25T18:00");
    await page.getByRole("button", { name: "Set the vacation" }).click();
    await expect
      .poll(() => text(page, "vacation-text"))
      .toBe("Away until Sun 25 Jan, 18:00, meanwhile at least 14.0\u00a0°C.");
    await page.getByRole("button", { name: "Back already" }).click();
    await page.getByLabel("Back, warm again").waitFor();
    await page.getByLabel("Back, warm again").fill("25 January");
    expect(await complaint(page.getByLabel("Back, warm again"))).toMatch(/^A day and a time, such as/);
    await page.getByLabel("Back, warm again").fill("25/1 18h");
    expect(await text(page, "vacation-until-text")).toBe("Sun 25 Jan, 18:00");
    await page.locator("#vacation-until ~ .calendar").evaluate((calendar) => {
      calendar.value = "2026-01-26T09:30";
      calendar.dispatchEvent(new calendar.ownerDocument.defaultView.Event("change"));
    });
    expect(await page.getByLabel("Back, warm again").inputValue()).toBe("26/01/2026 09:30");
    expect(live.core.comfort.response.vacation).toBeNull();

    await page.getByText("Weekly schedule and setpoints").click();
    await page.getByLabel("Eco", { exact: true }).fill("16.5");
    await page.getByRole("button", { name: "Add a time: Monday" }).click();
    await page.getByLabel("Monday, from").nth(1).fill("22:30");
    await page.getByRole("button", { name: "Copy to every day: Monday" }).click();
    expect(await page.getByLabel("Sunday, from").nth(1).inputValue()).toBe("22:30");
    await page.getByRole("button", { name: "Remove: Tuesday, 22:30" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(() => live.core.comfort.response.settings)
      .toMatchObject({
        presets_c: { eco: 16.5 },
        schedule: {
          sunday: [
            { time: "00:00", preset: "comfort" },
            { time: "22:30", preset: "eco" },
          ],
          tuesday: [{ time: "00:00", preset: "comfort" }],
        },
      });
    await expect.poll(() => text(page, "comfort-now")).toContain("until 22:30 · schedule (Comfort)");

    expect(await page.locator("#operative").isVisible()).toBe(false);
    for (const asked of ["operative", "air"] as const) {
      await page.getByLabel("Temperatures are those of").selectOption(asked);
      await page.getByRole("button", { name: "Save" }).click();
      await expect.poll(() => live.core.comfort.response.of).toBe(asked);
      await expect.poll(() => page.locator("#operative").isVisible()).toBe(asked === "operative");
    }
    await page.getByLabel("Eco", { exact: true }).fill("25");
    await page.getByRole("button", { name: "Save" }).click();
    expect(await complaint(page.getByLabel("Eco", { exact: true }))).toBe(
      "Not above the temperature of Comfort",
    );
    await page.getByRole("button", { name: "Discard the changes" }).click();
    await page.getByLabel("Sunday, from").nth(1).fill("00:00");
    expect(await complaint(page.getByLabel("Sunday, from").nth(1))).toBe("This time is there twice");
    expect(live.core.comfort.response.settings.presets_c.eco).toBe(16.5);
    expect(complaints.filter((complaint) => !/status of 401/.test(complaint))).toEqual([]);
  });

  test("takes another temperature by taps, and shows the past by day, week and month", async () => {
    const { page, complaints } = await open();
    const asked_c = live.core.comfort.response.in_force.setpoint_c;
    // Both before the page asks for a token: its dialog would lie over the button.
    await page.getByRole("button", { name: "Half a degree warmer" }).dblclick();
    expect(await text(page, "asked")).toBe(en.temperature(asked_c + 1));
    await page.getByRole("dialog", { name: "API token" }).getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect.poll(() => live.core.comfort.response.in_force.setpoint_c).toBe(asked_c + 1);
    await page.getByRole("button", { name: "Back to the schedule" }).click();
    await expect.poll(() => text(page, "asked")).toBe(en.temperature(asked_c));

    await page.getByText("History", { exact: true }).click();
    await page.locator("#history-chart canvas").waitFor();
    await expect.poll(() => text(page, "history-saving")).toMatch(/^Paid: €\d/);
    expect(await text(page, "history-saving")).toMatch(/\nDifference: [+\u2212]?€\d/);
    const today = await text(page, "history-period");
    await page.getByRole("button", { name: "Week" }).click();
    await expect.poll(() => text(page, "history-period")).not.toBe(today);
    await page.getByRole("button", { name: "Earlier" }).click();
    await expect.poll(() => text(page, "history-saving")).toBe("Nothing was recorded in this time.");
    await page.getByRole("button", { name: "Later" }).click();
    await expect.poll(() => text(page, "history-saving")).toMatch(/^Paid/);
    expect(complaints.filter((complaint) => !/status of 401/.test(complaint))).toEqual([]);
  });

  test("speaks of the heating where the home has no valve", async () => {
    const setup = describedIn(home.folder, { heater: "convector" });
    const { core, registry } = live;
    const api = await createApp({ core, registry, version: "1.2.3", setup, log: silent });
    try {
      await api.listen({ port: 0 });
      const { page } = await open({ locale: "fr-FR" }, api);
      await page.getByRole("button", { name: "Régler le chauffage" }).waitFor();
      expect(await page.locator("body").textContent()).not.toMatch(/vanne/i);
    } finally {
      await context?.close();
      await api.close();
    }
  });

  test("shows all the other parts where one of them fails, and says so", async () => {
    const { page } = await open({}, app, async (page) => {
      await page.addInitScript(
        "addEventListener('DOMContentLoaded', () => document.getElementById('tomorrow-more').remove());",
      );
    });
    await page.getByText("Part of this page cannot be shown.").waitFor();
    expect(await text(page, "why")).not.toBe("");
    expect(await text(page, "cost-today")).toMatch(/€/);
    expect(await page.locator("#chart canvas").count()).toBe(1);
  });

  test.each(["en-GB", "fr-FR"])("fits the narrowest phone in %s, with everything open", async (locale) => {
    const { page } = await open({ locale, viewport: { width: 320, height: 700 } });
    await page.locator("details").evaluateAll((all) => {
      for (const one of all) one.open = true;
    });
    await page.locator("#history-chart canvas").waitFor();
    expect(await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth)).toBe(0);
  });

  test("can be installed, and printed without what only a screen can do", async () => {
    const { page } = await open();
    const manifest = await (await page.request.get(`${app.listeningOrigin}/manifest.webmanifest`)).json();
    expect(manifest).toMatchObject({ name: "Azru", start_url: "/", display: "standalone" });
    expect((await page.request.get(app.listeningOrigin + manifest.icons[0].src)).status()).toBe(200);
    const worker = await page.evaluate(
      "navigator.serviceWorker.ready.then(({ active }) => active.scriptURL)",
    );
    expect(worker).toBe(`${app.listeningOrigin}/service-worker.js`);
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button", { name: "Manual" }).isVisible()).toBe(false);
    expect(await page.locator("#cost-today").isVisible()).toBe(true);
  });

  test("says which house it plans for, and when that was learnt", async () => {
    const { page } = await open();
    const ofFile = live.model.now;
    const learnt = houseModel(ofFile.building, stepMs / 1000, {
      calibrated_at: "2025-11-12T02:30:00.000Z",
      corrects: "",
      rmse_before_k: 1,
      rmse_after_k: 0.2,
      intervals: [],
      building: ofFile.building,
    });
    live.model.propose(learnt, "the house has been learnt anew");
    await expect.poll(() => text(page, "model")).toBe("The house as learnt on 12 November 2025");
    await page.getByRole("button", { name: "Français" }).click();
    await expect.poll(() => text(page, "model")).toBe("La maison telle qu’apprise le 12 novembre 2025");
    live.model.propose(ofFile, "back to the building file");
    await expect.poll(() => text(page, "model")).toBe("La maison telle que la décrit le fichier du bâtiment");
  });

  test("changes nothing where the token is refused to it", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Manual" }).click();
    await page.getByRole("dialog").getByLabel("Token").press("Escape");
    await page.getByText("Not done: the API token is needed.").waitFor();
    expect(live.core.state().mode).toBe("auto");
  });

  test("says when the connection is lost, and goes on when it is back", async () => {
    const { page } = await open({ bypassCSP: true }); // axe is put into the page
    const { port } = new URL(app.listeningOrigin);
    await app.close();
    await page.getByText("Connection lost, trying again…").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    app = await listen(Number(port));
    await page.locator("#connection[data-state=live]").waitFor();
    await decide(20.1);
    await expect.poll(() => text(page, "temperature")).toBe("20.1\u00a0°C");
  });

  test("speaks French on a French phone, fits it, and remembers another choice", async () => {
    const { page, complaints } = await open({
      locale: "fr-FR",
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const overhang = () => page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
    const state = live.core.state();
    const situation = {
      state,
      plan: live.core.plan()!,
      tariff: live.core.tariff(),
      comfort: live.core.comfort.response,
    };
    expect(await page.locator("html").getAttribute("lang")).toBe("fr");
    expect(await text(page, "why")).toBe(sentences.fr(whyOf(situation), fr, nowMs));
    expect(await text(page, "tomorrow")).toBe("Rouge");
    expect(await overhang()).toBe(0);

    await page.getByRole("button", { name: "English" }).click();
    expect(await text(page, "tomorrow")).toBe("Red");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.reload();
    await expect.poll(() => text(page, "tomorrow")).toBe("Red");
    expect(await overhang()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test.each(["light", "dark"] as const)("passes axe's accessibility rules in %s", async (colorScheme) => {
    const { page } = await open({ colorScheme, bypassCSP: true });
    await expect.poll(() => text(page, "cost-today")).toMatch(/€/);
    await page.getByText("Weekly schedule and setpoints").click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Manual" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test("says that the fail-safe heats where there is no optimiser, and why", async () => {
    const lonely = await startTestHome(embedded);
    try {
      const sensors = await lonely.device();
      const { core, registry } = await lonely.core({ mpcTimeout_ms: 100 });
      await sensors.decision(nowMs, { temperature: 17 });
      await core.idle();
      const api = await createApp({ core, registry, version: "1.2.3", log: silent });
      try {
        await api.listen({ port: 0 });
        const { page } = await open({}, api);
        const { failsafe, decision } = core.state();
        expect(await text(page, "why")).toBe(
          `Fail-safe: the optimiser does not decide; the valve is at ${en.percent(decision!.valve_position)}.`,
        );
        const notices = async () => (await text(page, "notices")).replaceAll(/[\u00a0\u202f]/g, " ");
        expect(await notices()).toContain("the optimiser did not answer in time; the thermostat decides.");
        await page.locator(".notice", { hasText: "Fail-safe" }).getByText("Details").click();
        await page.getByText(failsafe.reason!).waitFor();
        await page.getByRole("button", { name: "Français" }).click();
        expect(await notices()).toContain("l’optimiseur n’a pas répondu à temps ; le thermostat décide.");
        expect(await page.locator("#sources").textContent()).toBe(
          "Sources\u202f: température living-room\u202f; météo année de référence\u202f; tarif prix fixes",
        );
        await page.getByRole("button", { name: "English" }).click();
        expect(await text(page, "tomorrow")).toBe("No colours");
      } finally {
        await context?.close();
        await api.close();
      }
    } finally {
      await lonely.stop();
    }
  });
});
