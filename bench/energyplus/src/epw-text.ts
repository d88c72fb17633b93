/** Writes EnergyPlus weather files. */
import type { WeatherSource } from "@azru/weather";

const hourMs = 3_600_000;

/** A row in which everything is missing: EnergyPlus then takes its defaults. */
const missing = (
  "2025,1,1,1,60,?9,99.9,99.9,999,999999,9999,9999,9999,9999,9999,9999,999999,999999,999999,9999," +
  "999,999,99,99,9999,99999,9,999999999,999,.999,999,99,999,999,99"
).split(",");

const place = {
  dryBulb: 6,
  dewPoint: 7,
  relativeHumidity: 8,
  pressure: 9,
  skyInfrared: 12,
  global: 13,
  direct: 14,
  diffuse: 15,
  windDirection: 20,
  windSpeed: 21,
  totalCover: 22,
  opaqueCover: 23,
} as const;

export type EpwColumn = keyof typeof place;

interface EpwPlace {
  readonly name: string;
  readonly latitude_deg: number;
  readonly longitude_deg: number;
  readonly elevation_m: number;
}

/** The text of a file of 8760 hours (UTC+1); `row` gives the values of hour `i`, which ends `i + 1` h into the year. */
export function epwText(at: EpwPlace, row: (i: number) => Partial<Record<EpwColumn, number>>): string {
  const lines = [
    `LOCATION,${at.name},-,FRA,Azru,000000,${at.latitude_deg},${at.longitude_deg},1.0,${at.elevation_m}`,
    "DESIGN CONDITIONS,0",
    "TYPICAL/EXTREME PERIODS,0",
    "GROUND TEMPERATURES,0",
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
    "COMMENTS 1,written by bench/energyplus",
    "COMMENTS 2,",
    "DATA PERIODS,1,1,Data,Sunday,1/1,12/31",
  ];
  for (let i = 0; i < 8760; i++) {
    const begins = new Date(Date.UTC(2025, 0, 1) + i * hourMs);
    const fields = [...missing];
    fields[1] = String(begins.getUTCMonth() + 1);
    fields[2] = String(begins.getUTCDate());
    fields[3] = String(begins.getUTCHours() + 1);
    for (const [column, value] of Object.entries(row(i)))
      fields[place[column as EpwColumn]] = String(round(value));
    lines.push(fields.join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * A year of a weather source, September to August, as a file. What the source does not know is the usual of a French
 * winter: air that is near saturation at the day's least temperature, and 3 m/s of wind.
 */
export async function epwOf(source: WeatherSource, season: number): Promise<string> {
  const startMs = Date.UTC(season, 7, 31, 23); // 1 September, 00:00 in UTC+1
  const hours = 8760;
  const { location, ...series } = await source.series(startMs, startMs + hours * hourMs);
  const first = (startMs - series.startMs) / hourMs;
  const dewPoints = dailyMinima(series.dryBulbTemperature_c.subarray(first, first + hours));
  const fromJanuary = Math.round((Date.UTC(season + 1, 0, 1) - Date.UTC(season, 8, 1)) / hourMs);
  return epwText({ ...location, elevation_m: 200 }, (i) => {
    const k = (i + fromJanuary) % hours;
    const dryBulb = series.dryBulbTemperature_c[first + k + 1];
    const dewPoint = Math.min(dryBulb, dewPoints[Math.floor(k / 24)] - 1);
    const [direct, diffuse] = [
      series.directNormalIrradiance_w_m2[first + k],
      series.diffuseHorizontalIrradiance_w_m2[first + k],
    ];
    const cover = Math.round(10 * series.cloudCover[first + k]);
    return {
      ...{ dryBulb, dewPoint, relativeHumidity: humidity_percent(dryBulb, dewPoint), pressure: 99_000 },
      ...{ direct, diffuse, windDirection: 180, windSpeed: 3, totalCover: cover, opaqueCover: cover },
    };
  });
}

function dailyMinima(theta_c: Float64Array): number[] {
  return Array.from({ length: theta_c.length / 24 }, (_, day) =>
    Math.min(...theta_c.subarray(24 * day, 24 * (day + 1))),
  );
}

/** Magnus's formula over water. */
function humidity_percent(dryBulb_c: number, dewPoint_c: number): number {
  const saturation = (theta_c: number) => Math.exp((17.62 * theta_c) / (243.12 + theta_c));
  return Math.round((100 * saturation(dewPoint_c)) / saturation(dryBulb_c));
}
