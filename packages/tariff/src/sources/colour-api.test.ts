import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seasonDays } from "../season.ts";
import { hangUp, localServer, reply, silence } from "../testing/local-server.ts";
import { colourApi } from "./colour-api.ts";
import { TariffSourceError } from "./tariff-source-error.ts";

let server: Awaited<ReturnType<typeof localServer>>;
const api = () => colourApi({ baseUrl: server.url, retries: 2, retryDelayMs: 1 });
/** Gives up an attempt soon; an answer of the local server comes well before. */
const impatientApi = () => colourApi({ baseUrl: server.url, timeoutMs: 400, retries: 1, retryDelayMs: 1 });
const row = (dateJour: string, codeJour: number, periode = "2024-2025") => ({
  dateJour,
  codeJour,
  periode,
  libCouleur: ["Inconnu", "Bleu", "Blanc", "Rouge"][codeJour],
});
const nowMs = Date.parse("2024-11-08T12:00:00Z");
const day = "2024-11-08";
const blue = new Map([[day, "blue"]]);
const coloursOf = async (client: ReturnType<typeof api>) => (await client.colours([day], nowMs)).colours;

beforeAll(async () => {
  server = await localServer();
});
afterAll(() => server.close());

describe("what it asks and understands", () => {
  test("a few days by name, undecided ones left out", async () => {
    server.answer(reply([row("2024-11-08", 2), row("2024-11-09", 0)]));
    const answer = await api().colours(["2024-11-08", "2024-11-09"], nowMs);
    expect([...answer.colours]).toEqual([["2024-11-08", "white"]]);
    expect(answer).toMatchObject({ stale: false, warnings: [] });
    expect(server.asked).toEqual(["/api/joursTempo?dateJour[]=2024-11-08&dateJour[]=2024-11-09"]);
  });

  test("many days by season, those not asked left out", async () => {
    const days = [...seasonDays("2023-2024"), "2024-09-01"];
    server.answer((request, response) => {
      const periode = new URL(request.url!, server.url).searchParams.get("periode")!;
      reply(seasonDays(periode).map((day) => row(day, 1, periode)))(request, response);
    });
    const { colours } = await api().colours(days, nowMs);
    expect([...colours.keys()]).toEqual(days);
    expect(server.asked).toEqual(["/api/joursTempo?periode=2023-2024", "/api/joursTempo?periode=2024-2025"]);
  });

  test("no day asks nothing", async () => {
    server.answer(silence);
    expect((await api().colours([], nowMs)).colours.size).toBe(0);
    expect(server.asked).toEqual([]);
  });

  test("the price table, from its own date or from today", async () => {
    const tarifs = {
      bleuHC: 0.1325,
      bleuHP: 0.1612,
      blancHC: 0.1499,
      blancHP: 0.1871,
      rougeHC: 0.1575,
      rougeHP: 0.706,
    };
    server.answer(reply(tarifs), reply({ ...tarifs, dateDebut: "2026-02-01T00:00:00+01:00" }));
    expect(await api().prices("2026-03-05")).toEqual({
      from: "2026-03-05",
      prices_eur_kwh: {
        blue: { peak: 0.1612, offPeak: 0.1325 },
        white: { peak: 0.1871, offPeak: 0.1499 },
        red: { peak: 0.706, offPeak: 0.1575 },
      },
    });
    expect((await api().prices("2026-03-05")).from).toBe("2026-02-01");
  });
});

describe("a server in trouble", () => {
  test.each([
    ["fails", reply("oops", 500)],
    ["is overloaded", reply("wait", 503)],
    ["hangs up", hangUp],
  ])("that %s and then recovers is asked again", async (_what, trouble) => {
    server.answer(trouble, trouble, reply([row(day, 1)]));
    expect(await coloursOf(api())).toEqual(blue);
    expect(server.asked).toHaveLength(3);
  });

  test.each([
    ["keeps failing", reply("oops", 502), /HTTP 502$/, 3],
    ["refuses", reply("no", 403), /HTTP 403$/, 1],
    [
      "sends a page instead of JSON",
      reply("<!doctype html><p>Maintenance"),
      /gave no JSON but "<!doctype html>/,
      1,
    ],
  ])("that %s is given up with the reason", async (_what, trouble, message, attempts) => {
    server.answer(trouble);
    const failure = coloursOf(api());
    await expect(failure).rejects.toThrow(TariffSourceError);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(`${server.url}/api/joursTempo?dateJour%5B%5D=2024-11-08`);
    expect(server.asked).toHaveLength(attempts);
  });

  test("that does not answer in time is asked again", async () => {
    server.answer(silence, reply([row(day, 1)]));
    expect(await coloursOf(impatientApi())).toEqual(blue);
    expect(server.asked).toHaveLength(2);
  });

  test("that never answers is given up with the reason", async () => {
    server.answer(silence);
    await expect(coloursOf(impatientApi())).rejects.toThrow(/2024-11-08 failed: Headers Timeout/);
    expect(server.asked).toHaveLength(2);
  });

  test("has no longer than the deadline for all attempts", async () => {
    server.answer(silence);
    const hurried = colourApi({ baseUrl: server.url, timeoutMs: 30_000, deadlineMs: 100 });
    await expect(coloursOf(hurried)).rejects.toThrow(
      /2024-11-08 failed: The operation was aborted due to timeout/,
    );
    expect(server.asked).toHaveLength(1);
  });

  test("that cannot be reached at all is named", async () => {
    const gone = await localServer();
    await gone.close();
    const failure = coloursOf(colourApi({ baseUrl: gone.url, retries: 1, retryDelayMs: 1 }));
    await expect(failure).rejects.toThrow(/ECONNREFUSED/);
    await expect(failure).rejects.toMatchObject({ source: new URL(gone.url).host });
  });
});

describe("a wrong value is refused, naming field and value", () => {
  test.each([
    ["a code out of range", row("2024-11-08", 7), "codeJour is wrong (must be 0, 1, 2 or 3), got 7"],
    [
      "a code as text",
      { ...row("2024-11-08", 1), codeJour: "1" },
      'codeJour is wrong (must be 0, 1, 2 or 3), got "1"',
    ],
    ["a date that is none", row("2024-02-30", 1), 'got "2024-02-30"'],
    ["another day", row("2024-11-09", 1), 'dateJour must be a day that was asked, got "2024-11-09"'],
    [
      "another season",
      row("2024-11-08", 1, "2023-2024"),
      'periode of 2024-11-08 must be 2024-2025, got "2023-2024"',
    ],
    ["a missing field", { dateJour: "2024-11-08", periode: "2024-2025" }, "codeJour is wrong"],
    ["null", null, "[0] is wrong"],
  ])("%s", async (_what, body, message) => {
    server.answer(reply([body]));
    await expect(coloursOf(api())).rejects.toThrow(message);
  });

  test("in a list, with its index", async () => {
    server.answer(reply([row("2024-11-08", 1), row("2024-11-10", 1)]));
    await expect(api().colours(["2024-11-08", "2024-11-09"], nowMs)).rejects.toThrow(
      '[1].dateJour must be a day that was asked, got "2024-11-10"',
    );
    server.answer(reply([row("2024-11-08", 1), row("2024-11-09", -1)]));
    await expect(api().colours(["2024-11-08", "2024-11-09"], nowMs)).rejects.toMatchObject({
      field: "[1].codeJour",
      value: -1,
    });
  });

  test("a price of zero or in cents", async () => {
    const tarifs = { bleuHC: 0.1, bleuHP: 0.1, blancHC: 0.1, blancHP: 0.1, rougeHC: 0.1, rougeHP: 70.6 };
    server.answer(reply(tarifs), reply({ ...tarifs, rougeHP: 0 }));
    await expect(api().prices("2026-03-05")).rejects.toThrow(/rougeHP is wrong .*, got 70.6/);
    await expect(api().prices("2026-03-05")).rejects.toThrow(/rougeHP is wrong .*, got 0/);
  });
});

test("a day that is no date and a base that is no URL are the caller's mistake", async () => {
  await expect(api().prices("tomorrow")).rejects.toThrow(RangeError);
  expect(() => colourApi({ baseUrl: "not a url" })).toThrow(TypeError);
});
