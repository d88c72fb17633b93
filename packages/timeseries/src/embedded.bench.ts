/** Points a second into the embedded store, by batch size. One iteration writes and stores 20,000 points. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Point } from "@azru/contracts";
import { afterAll, bench, describe } from "vitest";
import { openEmbeddedStore } from "./embedded.ts";

const folder = mkdtempSync(join(tmpdir(), "azru-bench-"));
const count = 20_000;
const options = { iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 };

const points = Array.from(
  { length: count },
  (_, i): Point => ({
    measurement: "sensors",
    tags: { location: `room-${i % 10}` },
    fields: {
      temperature: 19 + Math.sin(i),
      mass_temperature: 19.5 + Math.sin(i / 7),
      external_temperature: Math.cos(i / 100),
      power_consumption: 2_250 + i / 3,
      solar_power: i / 11,
      valve_position: i % 100,
      electricity_price: 0.1612,
      heating_cost_cumulative: i / 1_000,
    },
    timeMs: Date.UTC(2026, 1, 1) + i * 1_000,
  }),
);

describe(`embedded store, ${count} points of 8 fields`, () => {
  for (const batchSize of [1, 10, 100, 1_000, 5_000, 20_000]) {
    const store = openEmbeddedStore({ filePath: join(folder, `${batchSize}.db`), batchSize });
    afterAll(() => store.close());
    bench(
      `write, ${batchSize} a transaction`,
      async () => {
        for (let i = 0; i < count; i += batchSize) store.write(points.slice(i, i + batchSize));
        await store.flush();
      },
      options,
    );
  }
});

describe(`embedded store, a day of 1 s values among ${count}`, () => {
  const store = openEmbeddedStore({ filePath: join(folder, "read.db") });
  store.write(points);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const range = { startMs: points[0].timeMs, stopMs: points.at(-1)!.timeMs + 1 };
  const query = { measurement: "sensors", fields: ["temperature"], ...range };

  bench("every value", async () => void (await store.query(query)), options);
  bench("means of 15 minutes", async () => void (await store.query({ ...query, everyMs: 900_000 })), options);
  bench("the latest values", async () => void (await store.last({ measurement: "sensors" })), options);
});
