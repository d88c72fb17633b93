import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InfluxDB } from "@influxdata/influxdb-client";
import type { Authorization } from "@influxdata/influxdb-client-apis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureTokens } from "./tokens.ts";

const target = { org: "azru", bucket: "home-energy" };
const orgID = "ec61672214ad8ad7";
const bucketID = "1b6c4ad2160e921a";

let server: http.Server;
let authorizations: Partial<Authorization>[];
let url: string;
let client: InfluxDB;
let folder: string;

beforeEach(async () => {
  authorizations = [{ description: "azru's Token", status: "active", token: "operator" }];
  server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body } = answer(request, Buffer.concat(chunks).toString());
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  client = new InfluxDB({ url, token: "operator", timeout: 5_000 });
  folder = mkdtempSync(join(tmpdir(), "azru-tokens-"));
  for (const service of ["core", "grafana"]) mkdirSync(join(folder, service));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** As InfluxDB 2.7.12 answers, less what nobody reads. */
function answer(
  { method, url: path, headers }: http.IncomingMessage,
  body: string,
): { status: number; body: unknown } {
  const { pathname, searchParams } = new URL(path!, "http://localhost");
  if (headers.authorization !== "Token operator") {
    return { status: 401, body: { code: "unauthorized", message: "unauthorized access" } };
  }
  if (pathname === "/api/v2/orgs") return { status: 200, body: { orgs: [{ id: orgID, name: "azru" }] } };
  if (pathname === "/api/v2/buckets") {
    return searchParams.get("name") === "home-energy"
      ? { status: 200, body: { buckets: [{ id: bucketID, orgID, type: "user", name: "home-energy" }] } }
      : { status: 404, body: { code: "not found", message: 'bucket "attic" not found' } };
  }
  if (method === "GET") return { status: 200, body: { authorizations } };
  const created = { ...JSON.parse(body), status: "active", token: `token ${authorizations.length}` };
  authorizations.push(created);
  return { status: 201, body: created };
}

const token = (service: string) => readFileSync(join(folder, service, "influxdb_token"), "utf8");

describe("ensureTokens", () => {
  it("lets the core write and read the bucket, and Grafana only read it", async () => {
    const files = await ensureTokens(client, target, folder);
    expect(files.map(({ created }) => created)).toEqual([true, true]);
    const resource = { type: "buckets", id: bucketID, orgID };
    expect(authorizations.slice(1)).toMatchObject([
      {
        description: "azru core",
        orgID,
        token: token("core"),
        permissions: [
          { action: "read", resource },
          { action: "write", resource },
        ],
      },
      {
        description: "azru grafana",
        orgID,
        token: token("grafana"),
        permissions: [{ action: "read", resource }],
      },
    ]);
  });

  it("hands each file to the owner of its folder alone", async () => {
    if (process.getuid?.() === 0) {
      chownSync(join(folder, "core"), 1000, 1000);
      chownSync(join(folder, "grafana"), 472, 472);
    }
    await ensureTokens(client, target, folder);
    for (const service of ["core", "grafana"]) {
      const { mode, uid } = statSync(join(folder, service, "influxdb_token"));
      expect([mode & 0o777, uid]).toEqual([0o400, statSync(join(folder, service)).uid]);
    }
  });

  it("makes no second token, also where a file was lost", async () => {
    await ensureTokens(client, target, folder);
    const before = token("core");
    rmSync(join(folder, "core", "influxdb_token"));
    const files = await ensureTokens(client, target, folder);
    expect(files.map(({ created }) => created)).toEqual([true, false]);
    expect(token("core")).toBe(before);
    expect(authorizations).toHaveLength(3);
  });

  it("replaces a token that this InfluxDB does not know, or does not take any more", async () => {
    await ensureTokens(client, target, folder);
    authorizations = authorizations.filter(({ description }) => description !== "azru core");
    authorizations.find(({ description }) => description === "azru grafana")!.status = "inactive";
    const core = join(folder, "core", "influxdb_token");
    chmodSync(core, 0o600);
    writeFileSync(core, "from another InfluxDB");
    expect((await ensureTokens(client, target, folder)).map(({ created }) => created)).toEqual([true, true]);
    const active = authorizations.filter(
      ({ status, description }) => status === "active" && /^azru /.test(description!),
    );
    expect(active.map(({ token }) => token)).toEqual([token("core"), token("grafana")]);
  });

  it("says what is missing, and writes nothing", async () => {
    await expect(ensureTokens(client, { ...target, bucket: "attic" }, folder)).rejects.toThrow(
      'bucket "attic" not found',
    );
    expect(authorizations).toHaveLength(1);
    const stranger = new InfluxDB({ url, token: "guess" });
    await expect(ensureTokens(stranger, target, folder)).rejects.toThrow("unauthorized access");
  });
});
