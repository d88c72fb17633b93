import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { season2022 } from "../fixtures/season-2022-2023.ts";
import { lastPublishedDay } from "../tempo-day.ts";
import { localServer, reply } from "../testing/local-server.ts";
import { cachedCalendar } from "./cached.ts";
import { calendarFile } from "./calendar-file.ts";
import { type CalendarSource, loadCalendar } from "./calendar-source.ts";
import { colourApi } from "./colour-api.ts";
import { fallbackCalendar } from "./fallback.ts";
import { rteOpenData } from "./rte.ts";

/** Serves both APIs with the season 2022-2023 as far as it was published at `clockMs`. */
let server: Awaited<ReturnType<typeof localServer>>;
let clockMs: number;
let apiIsDown = false;
let folder: string;

const codeOf = { blue: 1, white: 2, red: 3 } as const;
const http = { retries: 0 };
const api = () => colourApi({ ...http, baseUrl: server.url });
const rte = () => rteOpenData({ ...http, baseUrl: `${server.url}/rte` });

function serve(): void {
  server.answer((request, response) => {
    const published = [...season2022.colours].filter(([day]) => day <= lastPublishedDay(clockMs));
    const url = new URL(request.url!, server.url);
    if (url.pathname.startsWith("/rte/")) {
      const values = Object.fromEntries(published.map(([day, colour]) => [day, colour.toUpperCase()]));
      reply({ values })(request, response);
    } else if (apiIsDown) {
      reply("down", 500)(request, response);
    } else {
      const asked = url.searchParams.getAll("dateJour[]");
      const rows = published
        .filter(([day]) => asked.length === 0 || asked.includes(day))
        .map(([dateJour, colour]) => ({ dateJour, codeJour: codeOf[colour], periode: "2022-2023" }));
      reply(rows)(request, response);
    }
  });
}

beforeAll(async () => {
  server = await localServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "azru-tempo-"));
  clockMs = Date.parse("2023-01-16T12:00:00Z");
  apiIsDown = false;
  serve();
});
afterEach(() => rm(folder, { recursive: true }));

const load = (source: CalendarSource, from: string, to: string) => loadCalendar(source, from, to, clockMs);

describe("loading", () => {
  test("begins with the season, which the quotas need, and ends with what is published", async () => {
    const calendar = await load(api(), "2023-01-16", "2023-01-20");
    const days = [...calendar.colours.keys()];
    expect([days[0], days.at(-1)]).toEqual(["2022-09-01", "2023-01-17"]);
    expect(calendar).toMatchObject({ warnings: [], stale: false });
  });

  test("the future alone asks nothing", async () => {
    const calendar = await load(api(), "2023-09-01", "2023-09-05");
    expect(calendar.colours.size).toBe(0);
    expect(server.asked).toEqual([]);
  });

  test("days that a source lacks are reported", async () => {
    const path = join(folder, "tempo.csv");
    await writeFile(path, "date,colour\n2022-09-01,blue\n2022-09-03,blue\n");
    const calendar = await loadCalendar(calendarFile(path), "2022-09-01", "2022-09-04", clockMs);
    expect(calendar.warnings).toEqual([`${path}: no colour for 2 of 4 days (2022-09-02, 2022-09-04)`]);
  });

  test("an interval that is none is refused", async () => {
    await expect(load(api(), "2023-01-16", "2023-01-15")).rejects.toThrow(
      "lastDay must not be before 2023-01-16, got 2023-01-15",
    );
  });
});

describe("the cache", () => {
  test("asks the whole season once and then new days only", async () => {
    const source = cachedCalendar(api(), folder);
    const first = await load(source, "2023-01-16", "2023-01-17");
    expect(server.asked).toEqual(["/api/joursTempo?periode=2022-2023"]);
    serve();
    expect((await load(source, "2023-01-16", "2023-01-17")).colours).toEqual(first.colours);
    expect(server.asked).toEqual([]);
    clockMs = Date.parse("2023-01-17T12:00:00Z");
    const next = await load(source, "2023-01-16", "2023-01-18");
    expect(server.asked).toEqual(["/api/joursTempo?dateJour[]=2023-01-18"]);
    expect(next.colours.get("2023-01-18")).toBe("red");
  });

  test("keeps what it learnt over a restart, in one readable file a season", async () => {
    await load(cachedCalendar(api(), folder), "2023-01-16", "2023-01-17");
    expect(await readdir(folder)).toEqual(["tempo-2022-2023.json"]);
    const file = JSON.parse(await readFile(join(folder, "tempo-2022-2023.json"), "utf8"));
    expect(file).toMatchObject({ updated: "2023-01-16T12:00:00.000Z", provisional: [] });
    expect(file.colours["2023-01-17"]).toBe("red");
    apiIsDown = true;
    const calendar = await load(cachedCalendar(api(), folder), "2023-01-16", "2023-01-17");
    expect(calendar).toMatchObject({ stale: false, warnings: [] });
  });

  test("asks again for a colour learnt before noon of its eve", async () => {
    clockMs = Date.parse("2023-01-16T10:30:00Z"); // 11:30 in Paris
    const source = cachedCalendar(api(), folder);
    await load(source, "2023-01-16", "2023-01-17");
    clockMs = Date.parse("2023-01-16T11:00:00Z");
    serve();
    await load(source, "2023-01-16", "2023-01-17");
    expect(server.asked).toEqual(["/api/joursTempo?dateJour[]=2023-01-17"]);
    serve();
    await load(source, "2023-01-16", "2023-01-17");
    expect(server.asked).toEqual([]);
  });

  test("survives an outage with the last good data, and says how old they are", async () => {
    const source = cachedCalendar(api(), folder);
    await load(source, "2023-01-16", "2023-01-17");
    apiIsDown = true;
    clockMs = Date.parse("2023-01-18T12:00:00Z");
    const calendar = await load(source, "2023-01-16", "2023-01-19");
    expect(calendar.stale).toBe(true);
    expect([...calendar.colours.keys()].at(-1)).toBe("2023-01-17");
    expect(calendar.warnings[0]).toMatch(/HTTP 500; using stale data of 2023-01-16T12:00:00.000Z$/);
    apiIsDown = false;
    const recovered = await load(source, "2023-01-16", "2023-01-19");
    expect(recovered).toMatchObject({ stale: false, warnings: [] });
    expect(recovered.colours.get("2023-01-19")).toBe("red");
  });

  test("with nothing to give passes the failure on", async () => {
    apiIsDown = true;
    await expect(load(cachedCalendar(api(), folder), "2023-01-16", "2023-01-17")).rejects.toThrow("HTTP 500");
  });

  test.each([
    ["torn", '{"source":"api"', /JSON.*; cache file replaced$/],
    ["of another make", '{"colours":{"2023-01-16":"green"}}', /source is wrong .*; cache file replaced$/],
  ])("replaces a file that is %s, and says so", async (_what, content, warning) => {
    const path = join(folder, "tempo-2022-2023.json");
    await writeFile(path, content);
    const calendar = await load(cachedCalendar(api(), folder), "2023-01-16", "2023-01-17");
    expect(calendar.colours.get("2023-01-17")).toBe("red");
    expect(calendar.warnings).toEqual([expect.stringMatching(warning)]);
    expect(calendar.warnings[0]).toContain(path);
    expect((await load(cachedCalendar(api(), folder), "2023-01-16", "2023-01-17")).warnings).toEqual([]);
  });

  test("that cannot be written still answers, and says so", async () => {
    const occupied = join(folder, "a-file");
    await writeFile(occupied, "");
    const calendar = await load(cachedCalendar(api(), join(occupied, "cache")), "2023-01-16", "2023-01-17");
    expect(calendar.colours.get("2023-01-17")).toBe("red");
    expect(calendar.warnings.at(-1)).toMatch(/not written \(ENOTDIR\)$/);
  });
});

describe("falling back", () => {
  test("uses the first source alone when it knows all", async () => {
    const calendar = await load(fallbackCalendar([api(), rte()]), "2023-01-16", "2023-01-17");
    expect(calendar.source).toBe(api().name);
    expect(server.asked.every((path) => path.startsWith("/api/"))).toBe(true);
  });

  test("asks the second when the first fails, and says why", async () => {
    apiIsDown = true;
    const calendar = await load(fallbackCalendar([api(), rte()]), "2023-01-16", "2023-01-17");
    expect(calendar.colours.get("2023-01-17")).toBe("red");
    expect(calendar.source).toBe(rte().name);
    expect(calendar.stale).toBe(false);
    expect(calendar.warnings).toEqual([expect.stringContaining("HTTP 500")]);
  });

  test("merges: a file decides the days that it has, the API the others", async () => {
    const path = join(folder, "mine.csv");
    await writeFile(path, "date,colour\n2023-01-16,blue\n");
    const calendar = await load(fallbackCalendar([calendarFile(path), api()]), "2023-01-16", "2023-01-17");
    expect(calendar.colours.get("2023-01-16")).toBe("blue"); // RTE drew white
    expect(calendar.colours.get("2023-01-17")).toBe("red");
    expect(calendar.source).toBe(`${path} + ${api().name}`);
  });

  test("stale data of one source are completed by the next", async () => {
    const source = fallbackCalendar([cachedCalendar(api(), folder), rte()]);
    await load(source, "2023-01-16", "2023-01-17");
    apiIsDown = true;
    clockMs = Date.parse("2023-01-17T12:00:00Z");
    const calendar = await load(source, "2023-01-16", "2023-01-18");
    expect(calendar.colours.get("2023-01-18")).toBe("red");
    expect(calendar.stale).toBe(false);
    expect(calendar.warnings).toEqual([expect.stringContaining("stale data")]);
  });

  test("fails with every reason when nobody answers", async () => {
    apiIsDown = true;
    const none = join(folder, "none.csv");
    const all = fallbackCalendar([api(), calendarFile(none)]);
    await expect(load(all, "2023-01-16", "2023-01-17")).rejects.toThrow(
      /every source failed: .*HTTP 500; .*ENOENT/,
    );
    expect(() => fallbackCalendar([])).toThrow("sources must not be empty");
  });
});
