/** How likely a colour was to be, by the weather forecasts that were there to be read. */
import { hourMs } from "@azru/runtime";
import { seasonOf, temperatureExpectation, tempoDayMeans, tempoDayOf } from "@azru/tariff";
import {
  cutSteps,
  forecastSteps,
  normalTemperature_c,
  stepMeans,
  type WeatherSource,
  type WeatherSteps,
} from "@azru/weather";

const run_h = 6; // hours from one forecast to the next
const reach_h = 96; // of a forecast: the Tempo day after tomorrow ends within it

/**
 * The odds of colours that are not published yet, for `tempoTariff`, where the season was allotted from a weather:
 * by rules, quotas, the first season's annual cycle of temperature and the daily means of the forecast that held at
 * the moment of asking (`temperatureExpectation`).
 *
 * @param means_c mean temperature of the days of the seasons, see `seasonTemperatures`
 * @param startMs of the replay, Unix time
 * @param endMs up to when colours are asked for
 * @param seed of the forecasts' errors; absent where forecasts are right
 * @throws what the source does when it does not have the weather of the days up to the end and after it
 */
export async function oddsFromForecasts(
  source: WeatherSource,
  means_c: ReadonlyMap<string, number>,
  startMs: number,
  endMs: number,
  seed: number | undefined,
): Promise<ReturnType<typeof temperatureExpectation>> {
  const truth = await hourly(source, runBefore(startMs), endMs + reach_h * hourMs);
  const meansOf = new Map<number, ReadonlyMap<string, number>>();
  const issue = (knownAtMs: number): ReadonlyMap<string, number> => {
    const issuedMs = Math.max(truth.startMs, runBefore(knownAtMs));
    let means = meansOf.get(issuedMs);
    if (!means) {
      const from = (issuedMs - truth.startMs) / hourMs;
      const ahead = cutSteps(truth, from, reach_h);
      const { dryBulbTemperature_c } = seed === undefined ? ahead : forecastSteps(ahead, issuedMs, { seed });
      means = tempoDayMeans(issuedMs, 3600, dryBulbTemperature_c);
      meansOf.set(issuedMs, means);
    }
    return means;
  };
  return temperatureExpectation({
    normal_c: normalTemperature_c(monthlyMeans(means_c, seasonOf(tempoDayOf(startMs)))),
    forecast_c: (day, knownAtMs) => issue(knownAtMs).get(day),
  });
}

function runBefore(timeMs: number): number {
  return Math.floor(timeMs / (run_h * hourMs)) * run_h * hourMs;
}

async function hourly(source: WeatherSource, fromMs: number, untilMs: number): Promise<WeatherSteps> {
  const hours = Math.ceil((untilMs - fromMs) / hourMs);
  return stepMeans(await source.series(fromMs, fromMs + hours * hourMs), fromMs, 3600, hours);
}

/** Mean temperature of each month of a season, as its normals. */
function monthlyMeans(means_c: ReadonlyMap<string, number>, season: string) {
  const months = Array.from({ length: 12 }, () => ({ sum: 0, days: 0 }));
  for (const [day, mean_c] of means_c) {
    if (seasonOf(day) !== season) continue;
    const month = months[Number(day.slice(5, 7)) - 1];
    month.sum += mean_c;
    month.days++;
  }
  const means = months.map(({ sum, days }) => sum / days);
  return { min_c: means, max_c: means };
}
