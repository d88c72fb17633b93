/** What a replay expects of colours that are not published yet. */
import { expect, test } from "vitest";
import { parseCommand } from "./command.ts";
import { gatherWorld, type World } from "./world.ts";

const horizon = 48 * 4;

async function worldOf(...options: string[]): Promise<World> {
  const season = ["--start", "2025-12-15", "--end", "2026-02-15"];
  const request = parseCommand([...season, ...options]);
  if (!request?.study) throw new RangeError(`no study in ${options.join(" ")}`);
  return gatherWorld(request.study, "data/cache", Date.now());
}

/** Mean distance of the price expected for the steps two days ahead from what they cost in the end, EUR/kWh. */
function errorOf({ priceOutlook, price_eur_kwh }: World): number {
  const { issues, everySteps } = priceOutlook;
  let sum = 0;
  let count = 0;
  for (const [i, issue] of issues.entries()) {
    for (let k = 24 * 4; k < horizon; k++, count++)
      sum += Math.abs(issue[k] - price_eur_kwh[i * everySteps + k]);
  }
  return sum / count;
}

test("knowing how cold it will be gives the prices two days ahead better than the rules alone", async () => {
  const byRules = errorOf(await worldOf("--odds", "rules"));
  const byTemperature = errorOf(await worldOf());
  const byForecast = errorOf(await worldOf("--forecast", "realistic"));
  expect(byRules).toBeGreaterThan(0.02);
  expect(byTemperature).toBeLessThan(0.7 * byRules);
  expect(byForecast).toBeLessThan(0.8 * byRules);
  expect(byForecast).toBeGreaterThan(byTemperature);
});

test("is refused where no colour is unknown", () => {
  const everything = ["--start", "2025-12-15", "--end", "2026-02-15", "--colours", "perfect"];
  expect(() => parseCommand([...everything, "--odds", "rules"])).toThrow("no colour is unknown then");
  const winter = everything.slice(0, 4);
  const asked =
    (...options: string[]) =>
    () =>
      parseCommand([...winter, "--odds", "rules", ...options]);
  expect(asked("--tariff", "peak")).toThrow("--odds needs --tariff tempo");
  expect(asked("--weather", "open-meteo:45.76,4.84")).not.toThrow();
  expect(asked("--mode", "manual")).toThrow("--odds needs --mode mpc or --compare");
  expect(asked("--compare")).not.toThrow();
});
