import { bench, describe } from "vitest";
import { forecastSteps } from "./forecast-error.ts";
import { referenceYearSource } from "./reference-year.ts";
import { stepMeans } from "./resample.ts";

const beginMs = Date.UTC(2026, 0, 1);
const yearMs = 365 * 86_400_000;
const year = await referenceYearSource().series(beginMs, beginMs + yearMs);
const day = stepMeans(year, beginMs, 900, 96);

describe("weather of a year", () => {
  bench("generate 8760 hours", async () => {
    await referenceYearSource().series(beginMs, beginMs + yearMs);
  });
  bench("resample to 35040 steps of 15 min", () => {
    stepMeans(year, beginMs, 900, 35_040);
  });
  bench("forecast of 96 steps, with errors", () => {
    forecastSteps(day, beginMs);
  });
});
