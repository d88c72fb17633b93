import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedStore } from "@azru/timeseries";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type InfluxServer,
  startInfluxServer,
} from "../../../packages/timeseries/src/testing/influx-server.ts";
import { checkFileStore, checkInflux, checkSpace, judgeSpace } from "./store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the embedded store", () => {
  it("is well where it can be made, and is not made", async () => {
    const data = join(folder, "deep", "data");
    expect(await checkFileStore(data)).toMatchObject({
      status: "ok",
      message: `file ${data}/azru.db, made at the first start`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is well where it is one", async () => {
    await openEmbeddedStore({ filePath: join(folder, "azru.db") }).close();
    expect(await checkFileStore(folder)).toMatchObject({ status: "ok", message: `file ${folder}/azru.db` });
  });

  it("is a problem where the file is something else, or the folder none", async () => {
    writeFileSync(join(folder, "azru.db"), "this is no database, however long one looks at it. ".repeat(100));
    expect(await checkFileStore(folder)).toMatchObject({
      status: "problem",
      message: expect.stringContaining("azru.db cannot be written: "),
    });
    mkdirSync(join(folder, "other"));
    expect((await checkFileStore(join(folder, "azru.db"))).status).toBe("problem");
  });

  it("needs room", async () => {
    expect(judgeSpace("/data", 50 * 2 ** 20)).toMatchObject({
      status: "problem",
      message: "only 50 MB free at /data",
    });
    expect(judgeSpace("/data", 500 * 2 ** 20).status).toBe("warning");
    expect(judgeSpace("/data", 5 * 2 ** 30)).toEqual({
      check: "disk",
      status: "ok",
      message: "5.0 GB free at /data",
    });
    expect((await checkSpace(join(folder, "deep", "data"))).message).toContain(`free at ${folder}`);
  });
});

describe("an InfluxDB", () => {
  let server: InfluxServer;
  const account = () => ({ url: server.url, token: "secret-token", org: "azru", bucket: "home-energy" });
  beforeEach(async () => {
    server = await startInfluxServer();
  });
  afterEach(() => server.close());

  it("that answers is well", async () => {
    expect(await checkInflux(account())).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/, bucket home-energy$/),
    });
  });

  it("is a problem without a token, with a wrong one, and where there is no such bucket", async () => {
    expect(await checkInflux({ ...account(), token: undefined })).toMatchObject({
      status: "problem",
      advice: "set INFLUXDB_TOKEN or INFLUXDB_TOKEN_FILE",
    });
    const answering = (status: number) =>
      server.respond(({ path }) =>
        path === "/api/v2/query" ? { status, body: { code: "x", message: "no" } } : { status: 204 },
      );
    answering(401);
    const refused = await checkInflux(account());
    expect(refused.advice).toMatch(/^set INFLUXDB_TOKEN /);
    expect(JSON.stringify(refused)).not.toContain("secret-token");
    answering(404);
    expect((await checkInflux(account())).advice).toMatch(/^correct INFLUXDB_ORG and INFLUXDB_BUCKET/);
  });

  it("that is away is a problem", async () => {
    const { url } = server;
    const away = { ...account(), url };
    await server.close();
    expect(await checkInflux(away)).toMatchObject({
      status: "problem",
      advice: expect.stringMatching(/^start InfluxDB/),
    });
    server = await startInfluxServer();
  });
});
