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
 * The calendar that a weather would have brought about: every Tempo season that `[startMs, endMs]` touches,
 * allotted whole, so that its quotas hold.
 *
 * @throws what the source does when it cannot tell the weather of those seasons
 */
export async function allottedSeasons(
  weather: WeatherSource,
  startMs: number,
  endMs: number,
): Promise<TempoCalendar> {
  const firstDay = seasonDays(seasonOf(tempoDayOf(startMs)))[0];
  const lastDay = seasonDays(seasonOf(tempoDayOf(endMs))).at(-1)!;
  const fromMs = tempoDay(firstDay).startMs;
  const hours = Math.ceil((tempoDay(lastDay).endMs - fromMs) / hourMs);
  const series = await weather.series(fromMs, fromMs + hours * hourMs);
  const { dryBulbTemperature_c } = stepMeans(series, fromMs, 3600, hours);
  return allotCalendar(tempoDayMeans(fromMs, 3600, dryBulbTemperature_c));
}
