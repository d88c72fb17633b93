import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TariffState, topics } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { createLogger } from "@azru/runtime";
import { addDays } from "@azru/tariff";
import { referenceYearSource, type WeatherSource } from "@azru/weather";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collector } from "./testing/collector.ts";
import { type Device, startTestHome, type TestHome } from "./testing/test-home.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** So long that no test waits for it. */
const mpcTimeout_ms = 600_000;
const novemberMs = Date.UTC(2025, 10, 1);
const mosquitto = brokers.find(({ protocolVersion }) => protocolVersion === 5)!;

describe.skipIf(!mosquitto.available)("a winter in which sources fail", () => {
  let home: TestHome;
  let device: Device;
  beforeEach(async () => {
    home = await startTestHome(mosquitto);
    device = await home.device();
    await home.optimiser(device.messenger);
  });
  afterEach(() => home.stop());

  test("without a single Tempo colour from November to March every decision is the optimiser's, on expected prices", async () => {
    const { core } = await home.core({
      mpcTimeout_ms,
      tariffSpec: `tempo:${join(home.folder, "no-such.csv")}`,
    });
    for (let day = 0; day < 150; day += 21) {
      for (const hour of [0, 5, 8, 12, 21]) {
        const atMs = novemberMs + day * dayMs + hour * hourMs;
        expect(await device.decision(atMs, { temperature: 19 + hour / 100 })).toMatchObject({
          source: "mpc",
        });
      }
      const { today, tomorrow } = core.tariff();
      for (const known of [today, tomorrow]) {
        expect(known.colour).toBe("unknown");
        expect(known.peak_price).toBeGreaterThan(known.off_peak_price);
      }
    }
    await core.idle();
    expect(core.state()).toMatchObject({
      failsafe: { active: false },
      inputs: {
        tariff: {
          source: "rules and quotas alone",
          fallback_reason: expect.stringMatching(/no-such\.csv.*prices are expectations/),
        },
      },
    });
  });

  test("a calendar with 23 red days, one more than there can be and one on a holiday, is followed, and reported once", async () => {
    const file = join(home.folder, "colours.csv");
    const rows = Array.from({ length: 90 }, (_, k) => addDays("2025-11-01", k)).map((day) => {
      return { day, weekday: new Date(`${day}T12:00Z`).getUTCDay() };
    });
    const red = rows.filter(({ weekday }) => weekday >= 1 && weekday <= 5).slice(0, 23);
    const colours = rows.map((row) => `${row.day},${red.includes(row) ? "red" : "blue"}`);
    writeFileSync(file, `date,colour\n${colours.join("\n")}\n`);
    const logged: { level: number; msg: string }[] = [];
    const log = createLogger({
      service: "core",
      level: "warn",
      format: "json",
      destination: { write: (line) => logged.push(JSON.parse(line)) },
    });
    const { core } = await home.core({ mpcTimeout_ms, tariffSpec: `tempo:${file}`, log });
    const tariffs = collector<TariffState>();
    await device.messenger.subscribe(topics.tariff, ({ payload }) => tariffs.push(payload)).active;
    for (const day of [red[0], red[21], red[22]].map((row) => row.day)) {
      expect(await device.decision(Date.parse(`${day}T11:00Z`))).toMatchObject({ source: "mpc" });
      await tariffs.next(({ today }) => today.date === day && today.colour === "red", 0);
      await core.idle();
    }
    expect(core.tariff().remaining_days?.red).toBe(0);
    const doubts = [
      "2025-11-11 cannot be red: it is a public holiday",
      `season 2025-2026 has 23 red days, the quota is 22: beyond it ${red[22].day}`,
    ];
    expect(core.state().inputs.tariff.warning).toBe(doubts.join("; "));
    const warnings = logged.map(({ msg }) => msg).filter((message) => message.includes("colours:"));
    expect(warnings).toEqual(doubts.map((doubt) => `the tariff's colours: ${doubt}`));
    expect(core.state().failsafe).toEqual({ active: false });
  });

  test("weather that fails later: the last forecast goes on, then the reference year", async () => {
    const year = referenceYearSource();
    let isDown = false;
    const weatherSource: WeatherSource = {
      name: "station",
      async series(fromMs, toMs) {
        if (isDown) throw new Error("getaddrinfo ENOTFOUND station");
        return { ...(await year.series(fromMs, toMs)), source: "station" };
      },
    };
    const { core, registry } = await home.core({ mpcTimeout_ms, weatherSource });
    const weatherAt = async (atMs: number) => {
      expect(await device.decision(atMs)).toMatchObject({ source: "mpc" });
      await core.idle();
      return core.state().inputs.weather;
    };
    expect(await weatherAt(novemberMs)).not.toHaveProperty("fallback_reason");
    expect(await registry.metrics()).toContain('azru_substitute_active{input="weather"} 0');

    isDown = true;
    await weatherAt(novemberMs + 5.75 * dayMs); // asks anew, and decides meanwhile
    const near = await weatherAt(novemberMs + 5.75 * dayMs + hourMs);
    expect(near).toMatchObject({ source: "station", fallback_reason: expect.stringContaining("ENOTFOUND") });
    const far = await weatherAt(novemberMs + 30 * dayMs);
    expect(far).toMatchObject({
      source: expect.stringContaining("reference year"),
      fallback_reason: expect.stringContaining("ENOTFOUND"),
    });
    expect(await registry.metrics()).toContain('azru_substitute_active{input="weather"} 1');
    isDown = false;
    await weatherAt(novemberMs + 31 * dayMs);
    expect(await weatherAt(novemberMs + 31 * dayMs + hourMs)).not.toHaveProperty("fallback_reason");
  });
});
