import fc from "fast-check";
import { getPosition, getTimes } from "suncalc";
import { describe, expect, it } from "vitest";
import { solarDay, sunOver } from "./sun.ts";

const place = (latitude_deg: number, longitude_deg: number) => ({ name: "", latitude_deg, longitude_deg });
const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
const latitudes = fc.integer({ min: -65, max: 65 });
const longitudes = fc.integer({ min: -180, max: 180 });
const degrees = (sin: number) => (Math.asin(sin) * 180) / Math.PI;

describe("sunOver", () => {
  it("has suncalc's elevation within 0.12 degrees where refraction is small, over a century", () => {
    fc.assert(
      fc.property(instants, latitudes, longitudes, (ms, latitude, longitude) => {
        const { altitude } = getPosition(new Date(ms), latitude, longitude);
        fc.pre(altitude > 10 && altitude < 80);
        const sun = sunOver(place(latitude, longitude), ms - 500, 1);
        expect(Math.abs(degrees(sun.sinElevation) - altitude)).toBeLessThan(0.12);
      }),
      { numRuns: 500 },
    );
  });

  it("averages: an hour is the mean of its minutes, a day of its hours", () => {
    fc.assert(
      fc.property(instants, latitudes, longitudes, (ms, latitude, longitude) => {
        const at = place(latitude, longitude);
        const hour = sunOver(at, ms, 3600);
        const minutes = Array.from({ length: 60 }, (_, i) => sunOver(at, ms + i * 60_000, 60));
        const mean = minutes.reduce((sum, minute) => sum + minute.sinElevation, 0) / 60;
        const daylight = minutes.reduce((sum, minute) => sum + minute.daylight, 0) / 60;
        expect(hour.sinElevation).toBeCloseTo(mean, 4);
        expect(hour.daylight).toBeCloseTo(daylight, 2);
        const day = sunOver(at, ms, 86_400);
        const hours = Array.from({ length: 24 }, (_, i) => sunOver(at, ms + i * 3_600_000, 3600));
        expect(day.sinElevation).toBeCloseTo(hours.reduce((sum, h) => sum + h.sinElevation, 0) / 24, 2);
      }),
    );
  });

  it("is dark in the polar night and light under the midnight sun", () => {
    expect(sunOver(place(75, 20), Date.UTC(2026, 11, 21, 11), 3600)).toMatchObject({
      sinElevation: 0,
      daylight: 0,
    });
    expect(sunOver(place(75, 20), Date.UTC(2026, 5, 21, 23), 3600).daylight).toBeCloseTo(1, 12);
  });
});

describe("solarDay", () => {
  it("has suncalc's noon within a minute and its length within twenty minutes (refraction and disc)", () => {
    fc.assert(
      fc.property(instants, latitudes, (ms, latitude) => {
        const noon = new Date(Math.floor(ms / 86_400_000) * 86_400_000 + 43_200_000);
        const { sunrise, sunset, solarNoon } = getTimes(noon, latitude, 5);
        fc.pre(sunrise !== null && sunset !== null && Math.abs(latitude) < 55);
        const day = solarDay(place(latitude, 5), noon.getTime());
        expect(Math.abs(day.noonMs - solarNoon.getTime())).toBeLessThan(60_000);
        const visibleMs = sunset.getTime() - sunrise.getTime();
        expect(visibleMs - day.daylightMs).toBeGreaterThan(0);
        expect(visibleMs - day.daylightMs).toBeLessThan(20 * 60_000);
      }),
    );
  });
});
