import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "./open-store.ts";
import { healthy, type InfluxServer, startInfluxServer } from "./testing/influx-server.ts";

const influx = { token: "secret", org: "azru", bucket: "home-energy" };

let folder: string;
let filePath: string;
let server: InfluxServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "azru-open-"));
  filePath = join(folder, "azru.db");
  server = await startInfluxServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** An address at which nothing listens. */
async function deadUrl(): Promise<string> {
  const gone = await startInfluxServer();
  await gone.close();
  return gone.url;
}

const refusing: Parameters<InfluxServer["respond"]>[0] = (request) =>
  request.path === "/ping" ? healthy(request) : { status: 401, body: { message: "unauthorized access" } };

async function opened(
  options: Parameters<typeof openStore>[0],
): Promise<{ description: string; reason: string }> {
  const { store, reason } = await openStore(options);
  await store.close();
  return { description: store.description, reason };
}

describe("openStore with an address", () => {
  it("uses the InfluxDB there", async () => {
    const description = `InfluxDB ${server.url}, bucket home-energy`;
    expect(await opened({ influx: { ...influx, url: server.url }, filePath })).toEqual({
      description,
      reason: `${description}, as configured`,
    });
    expect(server.requests.map(({ path }) => path)).toEqual(["/ping", "/api/v2/query"]);
  });

  it("does not show the password in the address", async () => {
    const url = server.url.replace("//", "//user:password@");
    const { description } = await opened({ influx: { ...influx, url }, filePath });
    expect(description).not.toContain("password");
  });

  it("fails where nothing answers", async () => {
    const url = await deadUrl();
    await expect(openStore({ influx: { ...influx, url }, filePath })).rejects.toMatchObject({
      code: "unreachable",
      message: `InfluxDB ${url} is unreachable (ECONNREFUSED)`,
    });
  });

  it("fails where the token is refused", async () => {
    server.respond(refusing);
    await expect(openStore({ influx: { ...influx, url: server.url }, filePath })).rejects.toThrow(
      /^InfluxDB \S+, bucket home-energy refuses the token \(HTTP 401: unauthorized access\)$/,
    );
  });

  it("fails where the bucket does not exist", async () => {
    server.respond((request) =>
      request.path === "/ping"
        ? healthy(request)
        : { status: 404, body: { code: "not found", message: 'could not find bucket "home-energy"' } },
    );
    await expect(openStore({ influx: { ...influx, url: server.url }, filePath })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it.each([
    ["no URL", { ...influx, url: "localhost:8086" }, 'must be an http or https URL, got "localhost:8086"'],
    [
      "no token",
      { ...influx, url: "http://localhost", token: "" },
      "needs a token: set INFLUXDB_TOKEN (or INFLUXDB_TOKEN_FILE)",
    ],
    ["no organisation", { ...influx, url: "http://localhost", org: undefined }, "needs an organisation"],
    ["no bucket", { ...influx, url: "http://localhost", bucket: undefined }, "needs a bucket"],
  ])("fails without asking where the configuration is incomplete: %s", async (_, incomplete, message) => {
    await expect(openStore({ influx: incomplete, filePath })).rejects.toThrow(message);
  });
});

describe("openStore with an address and a queue", () => {
  const queue = () => ({ filePath: join(folder, "queue.db"), maxPoints: 1_000 });

  it("opens although nothing answers, says so, and counts what waits", async () => {
    const url = await deadUrl();
    const { store, reason, isLocal } = await openStore({
      influx: { ...influx, url },
      filePath,
      queue: queue(),
    });
    expect(isLocal).toBe(false);
    expect(reason).toBe(
      `InfluxDB ${url}, bucket home-energy, as configured; points wait in ${queue().filePath}, as InfluxDB ${url} is unreachable (ECONNREFUSED)`,
    );
    store.write([{ measurement: "m", tags: {}, fields: { f: 1 }, timeMs: 0 }]);
    await store.close();
    const again = await opened({ influx: { ...influx, url }, filePath, queue: queue() });
    expect(again.reason).toContain(`1 point is waiting in ${queue().filePath} from an earlier run`);
  });

  it("fails where the token is refused", async () => {
    server.respond(refusing);
    const options = { influx: { ...influx, url: server.url }, filePath, queue: queue() };
    await expect(openStore(options)).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("openStore without an address", () => {
  it("uses the InfluxDB that answers, if it takes the token", async () => {
    const description = `InfluxDB ${server.url}, bucket home-energy`;
    expect(await opened({ influx, filePath, probeUrl: server.url })).toEqual({
      description,
      reason: `${description}, which answers there`,
    });
  });

  const fallbacks: [string, Partial<Parameters<typeof openStore>[0]>, () => void, RegExp][] = [
    [
      "the token is refused",
      {},
      () => server.respond(refusing),
      /refuses the token \(HTTP 401: unauthorized access\)$/,
    ],
    [
      "something else answers",
      {},
      () => server.respond(() => ({ headers: { "x-influxdb-version": [] }, body: "hello" })),
      /http:\S+ answers, but is no InfluxDB$/,
    ],
    [
      "it does not answer in time",
      { timeoutMs: 20 },
      () => server.respond(() => "hang"),
      /does not answer in time$/,
    ],
  ];
  it.each(fallbacks)("uses the file where %s, and says so", async (_, options, prepare, reason) => {
    prepare();
    const result = await opened({ influx, filePath, probeUrl: server.url, ...options });
    expect(result.description).toBe(`file ${filePath}`);
    expect(result.reason).toMatch(reason);
    expect(result.reason).toMatch(/^file \S+azru\.db, as [^\n]*$/);
  });

  it("uses the file where nothing answers, and says so", async () => {
    const probeUrl = await deadUrl();
    expect(await opened({ influx, filePath, probeUrl })).toEqual({
      description: `file ${filePath}`,
      reason: `file ${filePath}, as InfluxDB ${probeUrl} is unreachable (ECONNREFUSED)`,
    });
  });

  it("asks nobody where no token is known, and speaks of no InfluxDB", async () => {
    const { reason } = await opened({ influx: { org: "azru" }, filePath, probeUrl: server.url });
    expect(reason).toBe(`file ${filePath}`);
    expect(server.requests).toEqual([]);
  });

  it("fails where the file cannot be used either", async () => {
    const probeUrl = await deadUrl();
    await expect(openStore({ filePath: folder, probeUrl })).rejects.toMatchObject({ code: "unwritable" });
  });
});
