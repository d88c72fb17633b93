import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseBuilding } from "@azru/contracts";
import type { Tariff } from "@azru/tariff";
import { validateSeries, type WeatherSource } from "@azru/weather";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/extending.md"), "utf8");

/** The block of code that the page shows under the name of a file. */
function shown(file: string): string {
  const after = page.split(`\n\`${file}\`\n`)[1] ?? "";
  const block = /^\n```\w+\n(.*?)```/s.exec(after)?.[1];
  if (block === undefined) throw new Error(`docs/extending.md shows no ${file}`);
  return block;
}

/** Loads a file that the page shows as if it lay where the page puts it. */
async function loaded<Module>(folder: string, name: string): Promise<Module> {
  const directory = mkdtempSync(join(tmpdir(), "azru-extending-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const sibling of readdirSync(join(root, folder)))
    symlinkSync(join(root, folder, sibling), join(directory, sibling));
  const file = join(directory, name);
  writeFileSync(file, shown(`${folder}/${name}`));
  return import(pathToFileURL(file).href);
}

test("the building that the page shows is one", () => {
  expect(parseBuilding(shown("my-home.json"), "my-home.json").name).toBe("my-home");
});

test("the tariff that the page shows is cheap at night and at weekends", async () => {
  const { weekendTariff } = await loaded<{
    weekendTariff: (prices: Record<"peak" | "offPeak", number>) => Tariff;
  }>("packages/tariff/src", "weekend.ts");
  const rates = weekendTariff({ peak: 0.28, offPeak: 0.2 }).rates(
    Date.parse("2026-01-16T06:00+01:00"),
    Date.parse("2026-01-19T06:00+01:00"),
  );
  expect(rates.map((rate) => rate.price_eur_kwh)).toEqual([0.28, 0.2, 0.2, 0.2, 0.2, 0.2]);
});

test("the weather that the page shows covers the time asked for", async () => {
  const { constantSource } = await loaded<{ constantSource: (temperature_c: number) => WeatherSource }>(
    "packages/weather/src",
    "constant.ts",
  );
  const startMs = Date.parse("2026-01-16T12:30Z");
  const series = validateSeries(await constantSource(-7).series(startMs, startMs + 3_600_000));
  expect([...series.dryBulbTemperature_c]).toEqual([-7, -7, -7]);
});
