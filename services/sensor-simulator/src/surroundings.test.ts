import { disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans, type WeatherSource } from "@azru/weather";
import { describe, expect, it } from "vitest";
import { createSurroundings } from "./surroundings.ts";
import { building, keptLog } from "./testing/home.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const dtSeconds = 900;
const dtMs = dtSeconds * 1000;
const startMs = Date.UTC(2026, 0, 11) + 5 * hourMs;
const reference = referenceYearSource();

/** The reference year, noting when which day is asked for; fails while set to. */
function watched() {
  const asked: string[] = [];
  const fault: { message: string | undefined } = { message: undefined };
  const source: WeatherSource = {
    name: "watched",
    series(fromMs, toMs) {
      asked.push(new Date(fromMs).toISOString().slice(0, 10));
      if (fault.message !== undefined) return Promise.reject(new RangeError(fault.message));
      return reference.series(fromMs, toMs);
    },
  };
  return { source, asked, fault };
}

describe("the surroundings", () => {
  it("are the weather's, day after day, from any hour on", async () => {
    const count = (3 * dayMs) / dtMs;
    const series = await reference.series(startMs, startMs + 3 * dayMs);
    const whole = disturbances(building, stepMeans(series, startMs, dtSeconds, count));
    const surroundings = createSurroundings({ source: reference, building, dtSeconds, log: keptLog().log });
    for (let k = 0; k < count; k++) {
      const { theta_e_c, phi_sol_w, phi_int_w, cop } = await surroundings.at(startMs + k * dtMs);
      expect(theta_e_c).toBeCloseTo(whole.theta_e_c[k], 9);
      expect(phi_sol_w).toBeCloseTo(whole.phi_sol_w[k], 6);
      expect([phi_int_w, cop]).toEqual([whole.phi_int_w[k], expect.closeTo(whole.cop[k], 9)]);
    }
  });

  it("are fetched half a day ahead, once", async () => {
    const { source, asked } = watched();
    const surroundings = createSurroundings({ source, building, dtSeconds, log: keptLog().log });
    for (let timeMs = startMs; timeMs < startMs + 6 * hourMs; timeMs += dtMs) await surroundings.at(timeMs);
    expect(asked).toEqual(["2026-01-11"]);
    for (let h = 6; h < 40; h++) await surroundings.at(startMs + h * hourMs);
    expect(asked).toEqual(["2026-01-11", "2026-01-12", "2026-01-13"]);
  });

  it("ask again every hour while the source fails, and are right as soon as it answers", async () => {
    const { source, asked, fault } = watched();
    const { log, messages } = keptLog();
    const surroundings = createSurroundings({ source, building, dtSeconds, log });
    const midnightMs = Date.UTC(2026, 0, 12);
    await surroundings.at(midnightMs - 13 * hourMs);
    fault.message = "no answer";
    for (let timeMs = midnightMs - 12 * hourMs; timeMs < midnightMs - hourMs; timeMs += dtMs) {
      await surroundings.at(timeMs);
    }
    expect(asked).toHaveLength(12);
    fault.message = undefined;
    await surroundings.at(midnightMs - hourMs);
    const { theta_e_c } = await surroundings.at(midnightMs);
    const series = await reference.series(midnightMs, midnightMs + dayMs);
    expect(theta_e_c).toBe(stepMeans(series, midnightMs, dtSeconds, 1).dryBulbTemperature_c[0]);
    expect(new Set(messages())).toEqual(new Set(["no weather for the day to come yet"]));
  });

  it("repeat the last day where the source has nothing more", async () => {
    const { source, fault } = watched();
    const { log, messages } = keptLog();
    const surroundings = createSurroundings({ source, building, dtSeconds, log });
    const before = [];
    const again = [];
    for (let timeMs = startMs; timeMs < startMs + dayMs; timeMs += dtMs) {
      before.push(await surroundings.at(timeMs));
      fault.message = "no answer";
    }
    for (let timeMs = startMs + dayMs; timeMs < startMs + 2 * dayMs; timeMs += dtMs) {
      again.push(await surroundings.at(timeMs));
    }
    const sameDay = (19 * hourMs) / dtMs;
    expect(again.slice(0, sameDay)).toEqual(before.slice(0, sameDay));
    expect(messages().filter((message) => message.includes("again"))).toHaveLength(2);
  });

  it("do not begin without weather", async () => {
    const { source, fault } = watched();
    fault.message = "no such file";
    const surroundings = createSurroundings({ source, building, dtSeconds, log: keptLog().log });
    await expect(surroundings.at(startMs)).rejects.toThrow("no such file");
  });
});
