import {
  allotCalendar,
  seasonDays,
  seasonOf,
  type TempoCalendar,
  tempoDay,
  tempoDayMeans,
  tempoDayOf,
} from "@azru/tariff";
import { stepMeans, type WeatherSource } from "@azru/weather";

const hourMs = 3_600_000;

/**
 * The mean outdoor temperature of each Tempo day of every season that `[startMs, endMs]` touches, whole, degrees C by
 * day, YYYY-MM-DD: what `allotCalendar` allots those seasons from, so that their quotas hold.
 *
 * @throws what the source does when it does not have the weather of those seasons
 */
export async function seasonTemperatures(
  weather: WeatherSource,
  startMs: number,
  endMs: number,
): Promise<ReadonlyMap<string, number>> {
  const firstDay = seasonDays(seasonOf(tempoDayOf(startMs)))[0];
  const lastDay = seasonDays(seasonOf(tempoDayOf(endMs))).at(-1)!;
  const fromMs = tempoDay(firstDay).startMs;
  const hours = Math.ceil((tempoDay(lastDay).endMs - fromMs) / hourMs);
  const series = await weather.series(fromMs, fromMs + hours * hourMs);
  const { dryBulbTemperature_c } = stepMeans(series, fromMs, 3600, hours);
  return tempoDayMeans(fromMs, 3600, dryBulbTemperature_c);
}

/**
 * The calendar that a weather would have brought about in every Tempo season that `[startMs, endMs]` touches.
 *
 * @throws what the source does when it does not have the weather of those seasons
 */
export async function allottedSeasons(
  weather: WeatherSource,
  startMs: number,
  endMs: number,
): Promise<TempoCalendar> {
  return allotCalendar(await seasonTemperatures(weather, startMs, endMs));
}
