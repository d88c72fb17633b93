import { afterAll, beforeAll, expect, test } from "vitest";
import { hangUp, localServer, reply } from "../testing/local-server.ts";
import { rteOpenData } from "./rte.ts";

let server: Awaited<ReturnType<typeof localServer>>;
const rte = () => rteOpenData({ baseUrl: server.url, retries: 1, retryDelayMs: 1 });
const nowMs = Date.parse("2024-11-08T12:00:00Z");

beforeAll(async () => {
  server = await localServer();
});
afterAll(() => server.close());

test("the days asked, of every season that they touch", async () => {
  const values = {
    "2023-2024": { "2024-08-30": "BLUE", "2024-08-31": "BLUE" },
    "2024-2025": { "2024-09-01": "BLUE", "2024-09-02": "WHITE" },
  };
  server.answer((request, response) => {
    const season = new URL(request.url!, server.url).searchParams.get("season");
    reply({ values: values[season as keyof typeof values] })(request, response);
  });
  const { colours, source } = await rte().colours(
    ["2024-08-31", "2024-09-01", "2024-09-02", "2024-09-03"],
    nowMs,
  );
  expect(Object.fromEntries(colours)).toEqual({
    "2024-08-31": "blue",
    "2024-09-01": "blue",
    "2024-09-02": "white",
  });
  expect(source).toBe(new URL(server.url).host);
  expect(server.asked).toEqual([
    "/cms/open_data/v1/tempo?season=2023-2024",
    "/cms/open_data/v1/tempo?season=2024-2025",
  ]);
});

test("a colour marked as a fallback was not decided", async () => {
  const values = {
    "2024-11-07": "RED",
    "2024-11-07-fallback": "false",
    "2024-11-08": "BLUE",
    "2024-11-08-fallback": "true",
  };
  server.answer(reply({ values }));
  const { colours } = await rte().colours(["2024-11-07", "2024-11-08"], nowMs);
  expect([...colours]).toEqual([["2024-11-07", "red"]]);
});

test.each([
  [{ values: { "2024-11-08": "GREEN" } }, 'values.2024-11-08 must be BLUE, WHITE or RED, got "GREEN"'],
  [{ values: { "2023-11-08": "BLUE" } }, "values.2023-11-08 must lie within 2024-2025"],
  [{ values: { "2024-11-08": 1 } }, "values.2024-11-08 must be BLUE, WHITE or RED, got 1"],
  [{ error: "season" }, "values is wrong"],
])("%j is refused", async (body, message) => {
  server.answer(reply(body));
  await expect(rte().colours(["2024-11-08"], nowMs)).rejects.toThrow(message);
});

test("an odd day costs that day alone, and is warned of", async () => {
  const values = { "2024-11-06": "BLUE", "2024-11-07": 7, "2024-11-08": "RED", "2023-11-09": "BLUE" };
  server.answer(reply({ values }));
  const { colours, warnings } = await rte().colours(["2024-11-06", "2024-11-07", "2024-11-08"], nowMs);
  expect([...colours]).toEqual([
    ["2024-11-06", "blue"],
    ["2024-11-08", "red"],
  ]);
  expect(warnings).toEqual([
    expect.stringContaining("values.2024-11-07 must be BLUE, WHITE or RED, got 7"),
    expect.stringContaining("values.2023-11-09 must lie within 2024-2025"),
  ]);
});

test("a server that hangs up once is asked again, one that is down is an error", async () => {
  server.answer(hangUp, reply({ values: { "2024-11-08": "BLUE" } }));
  expect((await rte().colours(["2024-11-08"], nowMs)).colours.size).toBe(1);
  server.answer(reply("", 503));
  await expect(rte().colours(["2024-11-08"], nowMs)).rejects.toThrow("HTTP 503");
});
