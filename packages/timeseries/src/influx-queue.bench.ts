/**
 * What waiting on disk costs beside waiting in memory: one iteration writes 20,000 points and waits until a local
 * server has acknowledged them all.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { openInfluxStore } from "./influx.ts";
import { startInfluxServer } from "./testing/influx-server.ts";
import { numberedPoints } from "./testing/points.ts";

const count = 20_000;
const batchSize = 2_000;
const options = { iterations: 10, warmupIterations: 2, time: 0, warmupTime: 0 };
const points = numberedPoints(count);
const folder = mkdtempSync(join(tmpdir(), "azru-queue-bench-"));
const server = await startInfluxServer();
const account = { url: server.url, token: "secret", org: "azru", bucket: "home-energy", batchSize };
const stores = {
  "in memory": await openInfluxStore(account),
  "on disk": await openInfluxStore({ ...account, queueFile: join(folder, "queue.db") }),
};

afterAll(async () => {
  for (const store of Object.values(stores)) await store.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

describe(`InfluxDB store, ${count} points that wait`, () => {
  for (const [where, store] of Object.entries(stores)) {
    bench(
      where,
      async () => {
        for (let i = 0; i < count; i += batchSize) store.write(points.slice(i, i + batchSize));
        await store.flush();
      },
      options,
    );
  }
});
