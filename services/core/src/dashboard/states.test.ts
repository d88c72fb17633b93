/** The page of homes in which something is out of the ordinary passes axe's accessibility rules, in light and in dark. */
import { type HeatedRoom, isoTimeOf, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import {
  accessibilityViolations,
  chromiumNote,
  chromiumPath,
  launchChromium,
  patience_ms,
} from "@azru/page/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createApp } from "../app.ts";
import { liveIn } from "../testing/life.ts";
import {
  type LiveCore,
  room,
  silent,
  startMs,
  startTestHome,
  stepMs,
  type TestHome,
} from "../testing/test-home.ts";

describe.skipIf(!chromiumPath)(`the page in other states${chromiumNote}`, () => {
  let browser: Browser;
  let home: TestHome;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    home = await startTestHome(brokers[0]);
  });
  afterEach(() => home.stop());

  async function open({ core, registry }: LiveCore): Promise<Page> {
    const app = await createApp({ core, registry, version: "1.2.3", log: silent });
    onTestFinished(() => app.close());
    await app.listen({ port: 0 });
    // axe is put into the page.
    const context = await browser.newContext({ locale: "en-GB", bypassCSP: true });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(patience_ms);
    const page = await context.newPage();
    await page.goto(`${app.listeningOrigin}/`);
    await page.locator("#connection[data-state=live]").waitFor();
    await page.locator("#chart canvas").waitFor();
    await page.locator("#cost-today", { hasText: "€" }).waitFor();
    return page;
  }

  const noticed = (page: Page, text: string) => page.locator(".notice", { hasText: text }).waitFor();

  async function expectAccessible(page: Page): Promise<void> {
    await page.locator("details").evaluateAll((all) => {
      for (const one of all) one.open = true;
    });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityViolations(page), colorScheme).toEqual([]);
    }
  }

  test("a thermometer that is doubted", async () => {
    const sensor = (air_c: number, hour: number) => (hour < 12 ? air_c : 5);
    const { running, last } = await liveIn(home, { hours: 20, sensor });
    expect(last.state.rooms[0].status).toBe("doubted");
    const page = await open(running);
    await noticed(page, "impossible in this house");
    await expectAccessible(page);
  });

  test("heating that does not heat", async () => {
    const heater = (heat_w: number, hour: number) => (hour < 12 ? heat_w : 0);
    const { running, last } = await liveIn(home, { hours: 28, heater });
    expect(last.state.heating.status).toBe("not_heating");
    const page = await open(running);
    await noticed(page, "The heating does not heat:");
    await expectAccessible(page);
  });

  test("several rooms, one with an open window, one that has been silent", async () => {
    const heatedRooms = new Map<string, HeatedRoom>([
      [room, { power_w: 3000 }],
      ["Chambre d'amis", { power_w: 1500, off: [{ from: "21:00", until: "09:00" }] }],
      ["Salle de bain", { power_w: 1000 }],
    ]);
    const live = await home.core({
      heatedRooms,
      mpcTimeout_ms: 200, // nobody is there to be asked
      rooms: { deciding: [...heatedRooms.keys()], mostRooms: 32, forgetAfter_ms: 72 * 3_600_000 },
    });
    live.core.setMode("thermostat");
    await live.core.idle();
    const device = await home.device();
    const publish = (name: string, timeMs: number, window_open: 0 | 1) =>
      device.messenger.publish(
        topics.sensorMetrics,
        { room: name },
        { temperature: 18, window_open, sim_time: isoTimeOf(timeMs) },
      );
    await publish("Salle de bain", startMs, 0);
    await publish("Chambre d'amis", startMs + 3 * stepMs, 1);
    await device.decision(startMs + 3 * stepMs, { temperature: 18.5 });
    await live.core.idle();
    const rooms = live.core.state().rooms;
    expect(rooms.find(({ window }) => window)?.room).toBe("Chambre d'amis");
    expect(rooms.find(({ status }) => status === "stale")?.room).toBe("Salle de bain");

    const page = await open(live);
    expect(await page.locator("#rooms-rows tr").count()).toBe(3);
    await noticed(page, "Chambre d'amis");
    await noticed(page, "Salle de bain");
    await expectAccessible(page);
  });
});
