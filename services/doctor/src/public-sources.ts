/** The public services; there is a substitute for each, so that none of them is a problem. */
import { hourMs } from "@azru/runtime";
import { colourApi, rteOpenData, TariffSourceError, tempoDayOf } from "@azru/tariff";
import { type Location, openMeteoSource, WeatherSourceError } from "@azru/weather";
import { type Finding, inEnglish, ok, type Say, warning } from "./finding.ts";

/** Where they are, for tests; the public ones when absent. */
export interface SourceAddresses {
  readonly tempo?: string;
  readonly rte?: string;
  readonly openMeteo?: string;
}

const impatient = { retries: 0, timeoutMs: 5_000, deadlineMs: 6_000 };

export async function checkTempo(nowMs: number, baseUrl?: string, say: Say = inEnglish): Promise<Finding> {
  const instead = say(
    "RTE's open data are asked instead",
    "les données ouvertes de RTE sont demandées à la place",
  );
  return checked("tempo", instead, say, async () => {
    const day = tempoDayOf(nowMs);
    const { colours } = await colourApi({ ...impatient, ...(baseUrl && { baseUrl }) }).colours([day], nowMs);
    const colour = colours.get(day) ?? "unknown";
    const couleur = { blue: "bleu", white: "blanc", red: "rouge", unknown: "inconnu" }[colour];
    return say(
      `api-couleur-tempo.fr answers: ${day} is ${colour}`,
      `api-couleur-tempo.fr répond : le ${day} est ${couleur}`,
    );
  });
}

export async function checkRte(nowMs: number, baseUrl?: string, say: Say = inEnglish): Promise<Finding> {
  const instead = say(
    "without both sources, unknown days have the expected price",
    "sans ces deux sources, les jours inconnus ont le prix attendu",
  );
  return checked("rte", instead, say, async () => {
    const { colours } = await rteOpenData({ ...impatient, ...(baseUrl && { baseUrl }) }).colours(
      [tempoDayOf(nowMs)],
      nowMs,
    );
    return say(
      `RTE's open data answer, with ${colours.size === 0 ? "no colour for" : "the colour of"} today`,
      `les données ouvertes de RTE répondent, ${colours.size === 0 ? "sans la couleur" : "avec la couleur"} d'aujourd'hui`,
    );
  });
}

export async function checkOpenMeteo(
  location: Location,
  nowMs: number,
  forecastUrl?: string,
  say: Say = inEnglish,
): Promise<Finding> {
  const instead = say(
    "the last forecast, then a typical year is used instead",
    "la dernière prévision, puis une année type la remplacent",
  );
  return checked("open-meteo", instead, say, async () => {
    const source = openMeteoSource({
      location,
      now: () => nowMs,
      ...impatient,
      ...(forecastUrl && { forecastUrl, archiveUrl: forecastUrl }),
    });
    const { dryBulbTemperature_c } = await source.series(nowMs, nowMs + hourMs);
    const outdoor_c = dryBulbTemperature_c[0].toFixed(1);
    return say(
      `Open-Meteo answers: ${outdoor_c} degrees outside in ${location.name}`,
      `Open-Meteo répond : ${outdoor_c.replace(".", ",")} degrés dehors à ${location.name}`,
    );
  });
}

async function checked(
  check: string,
  instead: string,
  say: Say,
  ask: () => Promise<string>,
): Promise<Finding> {
  try {
    return ok(check, await ask());
  } catch (error) {
    if (!(error instanceof TariffSourceError) && !(error instanceof WeatherSourceError)) throw error;
    return warning(
      check,
      `${error.message}${say(";", " ;")} ${instead}`,
      say(
        "nothing, if the network is known to be away; otherwise check it, its DNS and its proxy",
        "rien, si le réseau est coupé ; sinon, le vérifier, avec son DNS et son proxy",
      ),
    );
  }
}
