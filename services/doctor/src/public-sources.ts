/** The public services; there is a substitute for each, so that none of them is a problem. */
import { colourApi, rteOpenData, TariffSourceError, tempoDayOf } from "@azru/tariff";
import { type Location, openMeteoSource, WeatherSourceError } from "@azru/weather";
import { type Finding, ok, warning } from "./finding.ts";

/** Where they are, for tests; the public ones when absent. */
export interface SourceAddresses {
  readonly tempo?: string;
  readonly rte?: string;
  readonly openMeteo?: string;
}

const impatient = { retries: 0, timeoutMs: 5_000, deadlineMs: 6_000 };
const later = "nothing, if the network is known to be away; otherwise check it, its DNS and its proxy";

export async function checkTempo(nowMs: number, baseUrl?: string): Promise<Finding> {
  return checked("tempo", "RTE's open data are asked instead", async () => {
    const { day, colour } = await colourApi({ ...impatient, ...(baseUrl && { baseUrl }) }).day(
      tempoDayOf(nowMs),
    );
    return `api-couleur-tempo.fr answers: ${day} is ${colour}`;
  });
}

export async function checkRte(nowMs: number, baseUrl?: string): Promise<Finding> {
  return checked("rte", "without both sources, unknown days have the expected price", async () => {
    const { colours } = await rteOpenData({ ...impatient, ...(baseUrl && { baseUrl }) }).colours(
      [tempoDayOf(nowMs)],
      nowMs,
    );
    return `RTE's open data answer, with ${colours.size === 0 ? "no colour for" : "the colour of"} today`;
  });
}

export async function checkOpenMeteo(
  location: Location,
  nowMs: number,
  forecastUrl?: string,
): Promise<Finding> {
  return checked("open-meteo", "the last forecast, then a typical year is used instead", async () => {
    const source = openMeteoSource({
      location,
      now: () => nowMs,
      ...impatient,
      ...(forecastUrl && { forecastUrl, archiveUrl: forecastUrl }),
    });
    const hour_ms = 3_600_000;
    const { dryBulbTemperature_c } = await source.series(nowMs, nowMs + hour_ms);
    return `Open-Meteo answers: ${dryBulbTemperature_c[0].toFixed(1)} degrees outside in ${location.name}`;
  });
}

async function checked(check: string, instead: string, ask: () => Promise<string>): Promise<Finding> {
  try {
    return ok(check, await ask());
  } catch (error) {
    if (!(error instanceof TariffSourceError) && !(error instanceof WeatherSourceError)) throw error;
    return warning(check, `${error.message}; ${instead}`, later);
  }
}
