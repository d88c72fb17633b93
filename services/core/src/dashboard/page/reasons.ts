/** Why something stands in for what should decide, from the codes of the core, in each language. */
import type {
  FallbackCause,
  Instead,
  RoomState,
  StateResponse,
  TariffFallbackCause,
  TariffKind,
  TariffState,
  WeatherKind,
} from "@azru/contracts";
import { isPartlyFelt } from "../../home/partly-felt.ts";
import type { Format, Language } from "./format.ts";

type HeatingFault = Exclude<StateResponse["heating"]["status"], "ok">;

const en = {
  cause: {
    mpc_offline: "the optimiser is not running",
    mpc_timeout: "the optimiser did not answer in time",
    mpc_failed: "the optimiser found no plan",
    bad_plan: "the optimiser's plan cannot be right",
    broker_away: "the message broker is not reached",
    no_temperature: "no temperature can be trusted",
    no_time: "the time is not known yet",
    error: "the optimiser could not be asked",
    frost: "frost protection opens the valve",
    upper: "the room is so warm that the valve is closed",
    doubt: "the thermometer cannot be right, so the model of the house limits the heat",
    worse_plan: "the optimiser's plan is worse than the thermostat, by the model of the house",
  } satisfies Readonly<Record<FallbackCause, string>>,
  instead: {
    plan: (from: string) => `the plan of ${from} is followed`,
    thermostat: "the thermostat decides",
    holding: "the valve is where it holds the least comfort in the weather expected",
  } satisfies Readonly<Record<Exclude<Instead, "plan">, string>> & { plan(from: string): string },
  /** What is wrong with a room's reading. */
  distrust: {
    stale: (age: string) => `its last reading is ${age} old`,
    frozen: "it has said exactly the same for so long that it must be stuck",
    implausible: (temperature: string) => `it says ${temperature}, which no room reaches, or not so fast`,
    doubted: (temperature: string) => `it says ${temperature}, impossible in this house, heated as it is`,
  },
  /** How the heating does not do what it is ordered to do. */
  heating: {
    not_heating: (measured: string, expected: string) =>
      `it is ${measured} where ${expected} was to be expected. Is a breaker off, a valve stuck, the radiator's own dial down, a window open?`,
    partly: (measured: string, expected: string) =>
      `only a part of the heat ordered is felt, and it is ${measured} where ${expected} was to be expected. Is one of several heaters off, its own dial down, a window open?`,
    not_stopping: (measured: string, expected: string) =>
      `it is ${measured} where ${expected} was to be expected. Is a valve stuck open, does something else heat, is the thermometer near a heater or in the sun?`,
  } satisfies Readonly<Record<HeatingFault | "partly", (measured: string, expected: string) => string>>,
  minutes: (count: number) => `${count} minutes`,
  hours: (count: number) => `${count} hours`,
  weather: {
    reference_year: "reference year",
    scenario: "scenario",
    epw_file: "weather file",
    open_meteo: "Open-Meteo",
  } satisfies Readonly<Record<WeatherKind, string>>,
  weatherCause: {
    failed: "the forecast could not be had",
    not_yet: "no forecast has come yet",
    too_short: "the forecast ends too soon",
  },
  olderWeather: (of: string) => `that of ${of} is used`,
  referenceYear: "a usual year's weather is used",
  referenceYearFrom: (from: string) => `a usual year's weather from ${from} on`,
  tariff: {
    fixed: "fixed prices",
    published: "published colours",
    file: "colours or prices from a file",
    pushed: "prices pushed to the home",
    allotted: "made-up colours that fit the weather",
    rules: "no colours, prices on average",
  } satisfies Readonly<Record<TariffKind, string>>,
  tariffCause: {
    failed: "the colours could not be had",
    not_yet: "no colours have come yet",
    incomplete: "the colours or prices did not come as they should",
  } satisfies Readonly<Record<TariffFallbackCause, string>>,
  /** The same of prices that are pushed, which have no colours. */
  pushedCause: {
    failed: "the prices could not be had",
    not_yet: "no prices have been pushed to the home yet",
    incomplete: "what was pushed last could not be used, or does not hold the price of now",
  } satisfies Readonly<Record<TariffFallbackCause, string>>,
  usualPrices: "usual prices",
  usualPricesUsed: "usual prices are used until then",
  insteadOf: "instead of",
  averagePrices: "where a colour is not known, prices are averages",
  knownColours: "those of today and tomorrow are known",
};

/** Texts of one language; a function where a time or a value stands within. */
type Words = typeof en;

const fr: Words = {
  cause: {
    mpc_offline: "l’optimiseur ne tourne pas",
    mpc_timeout: "l’optimiseur n’a pas répondu à temps",
    mpc_failed: "l’optimiseur n’a pas trouvé de plan",
    bad_plan: "le plan de l’optimiseur ne peut pas être juste",
    broker_away: "le serveur de messages est injoignable",
    no_temperature: "aucune température n’est fiable",
    no_time: "l’heure n’est pas encore connue",
    error: "l’optimiseur n’a pas pu être interrogé",
    frost: "la protection contre le gel ouvre la vanne",
    upper: "il fait si chaud que la vanne est fermée",
    doubt: "le thermomètre ne peut pas dire vrai, le modèle de la maison limite donc le chauffage",
    worse_plan: "le plan de l’optimiseur est pire que le thermostat, d’après le modèle de la maison",
  },
  instead: {
    plan: (from) => `le plan de ${from} est suivi`,
    thermostat: "le thermostat décide",
    holding: "la vanne est là où elle tient le confort minimal par le temps prévu",
  },
  distrust: {
    stale: (age) => `sa dernière mesure date de ${age}`,
    frozen: "il dit exactement la même chose depuis si longtemps qu’il doit être bloqué",
    implausible: (temperature) => `il dit ${temperature}, ce qu’aucune pièce n’atteint, ou pas si vite`,
    doubted: (temperature) => `il dit ${temperature}, impossible dans cette maison chauffée comme elle l’est`,
  },
  heating: {
    not_heating: (measured, expected) =>
      `il fait ${measured} au lieu des ${expected} attendus. Un disjoncteur coupé, une vanne bloquée, le bouton du radiateur baissé, une fenêtre ouverte\u202f?`,
    partly: (measured, expected) =>
      `une partie seulement de la chaleur demandée arrive, et il fait ${measured} au lieu des ${expected} attendus. Un radiateur sur plusieurs éteint, son bouton baissé, une fenêtre ouverte\u202f?`,
    not_stopping: (measured, expected) =>
      `il fait ${measured} au lieu des ${expected} attendus. Une vanne bloquée ouverte, une autre source de chaleur, un thermomètre près d’un radiateur ou au soleil\u202f?`,
  },
  minutes: (count) => `${count} minutes`,
  hours: (count) => `${count} heures`,
  weather: {
    reference_year: "année de référence",
    scenario: "scénario",
    epw_file: "fichier météo",
    open_meteo: "Open-Meteo",
  },
  weatherCause: {
    failed: "la prévision n’a pas pu être obtenue",
    not_yet: "aucune prévision n’est encore arrivée",
    too_short: "la prévision s’arrête trop tôt",
  },
  olderWeather: (of) => `celle de ${of} est utilisée`,
  referenceYear: "le temps d’une année habituelle est utilisé",
  referenceYearFrom: (from) => `le temps d’une année habituelle à partir de ${from}`,
  tariff: {
    fixed: "prix fixes",
    published: "couleurs publiées",
    file: "couleurs ou prix d’un fichier",
    pushed: "prix envoyés à la maison",
    allotted: "couleurs inventées selon la météo",
    rules: "pas de couleurs, prix moyens",
  },
  tariffCause: {
    failed: "les couleurs n’ont pas pu être obtenues",
    not_yet: "aucune couleur n’est encore arrivée",
    incomplete: "les couleurs ou les prix ne sont pas arrivés comme il faut",
  },
  pushedCause: {
    failed: "les prix n’ont pas pu être obtenus",
    not_yet: "aucun prix n’a encore été envoyé à la maison",
    incomplete: "le dernier envoi n’a pas pu être utilisé, ou ne contient pas le prix de maintenant",
  },
  usualPrices: "prix habituels",
  usualPricesUsed: "en attendant, des prix habituels sont utilisés",
  insteadOf: "au lieu de",
  averagePrices: "là où une couleur n’est pas connue, les prix sont des moyennes",
  knownColours: "celles d’aujourd’hui et de demain sont connues",
};

const words: Readonly<Record<Language, Words>> = { en, fr };

/** The same of a home whose heating is switched, and has no valve. */
const ofHeating: Readonly<
  Record<Language, { readonly frost: string; readonly upper: string; readonly holding: string }>
> = {
  en: {
    frost: "frost protection heats",
    upper: "the room is so warm that nothing heats",
    holding: "it heats what holds the least comfort in the weather expected",
  },
  fr: {
    frost: "la protection contre le gel chauffe",
    upper: "il fait si chaud que rien ne chauffe",
    holding: "il chauffe juste ce qui tient le confort minimal par le temps prévu",
  },
};
const semicolon: Readonly<Record<Language, string>> = { en: "; ", fr: "\u202f; " };

type Inputs = StateResponse["inputs"];

/** Why the optimiser does not decide, and what does; undefined where the core gives no code. */
export function failsafeReason(
  { cause, instead, plan_from }: StateResponse["failsafe"],
  language: Language,
  format: Format,
): string | undefined {
  if (cause === undefined) return undefined;
  const own = format.hasValve ? {} : ofHeating[language];
  const causes = { ...words[language].cause, ...own };
  const deciders = { ...words[language].instead, ...own };
  const deciding =
    instead === "plan"
      ? plan_from && deciders.plan(format.instant(Date.parse(plan_from)))
      : instead && deciders[instead];
  return sentence(language, causes[cause], deciding);
}

/** Why a room's reading does not count. */
export function roomReason(room: RoomState, language: Language, format: Format): string {
  const { distrust, minutes, hours } = words[language];
  const colon = language === "fr" ? "\u202f: " : ": ";
  switch (room.status) {
    case "stale": {
      const age_min = Math.round(room.age_s / 60);
      const age = age_min < 120 ? minutes(age_min) : hours(Math.round(age_min / 60));
      return `${room.room}${colon}${distrust.stale(age)}.`;
    }
    case "implausible":
      return `${room.room}${colon}${distrust.implausible(format.temperature(room.metrics.temperature))}.`;
    case "doubted":
      return `${room.room}${colon}${distrust.doubted(format.temperature(room.metrics.temperature))}.`;
    default:
      return `${room.room}${colon}${distrust.frozen}.`;
  }
}

/** Whether some of the heat ordered is felt, but too little. */
export function isPartlyHeating(heating: StateResponse["heating"]): boolean {
  return heating.status === "not_heating" && isPartlyFelt(heating);
}

/** How the heating does not do what it is ordered to do; undefined where it does. */
export function heatingReason(
  heating: StateResponse["heating"],
  language: Language,
  format: Format,
): string | undefined {
  const { status, measured, expected } = heating;
  if (status === "ok" || measured === undefined || expected === undefined) return undefined;
  const fault = isPartlyHeating(heating) ? "partly" : status;
  return words[language].heating[fault](format.temperature(measured), format.temperature(expected));
}

/** Which weather stands in, and why; undefined where none does. */
export function weatherReason(
  { fallback, issued_at }: Inputs["weather"],
  nowMs: number,
  language: Language,
  format: Format,
): string | undefined {
  if (!fallback) return undefined;
  const text = words[language];
  const fromMs = fallback.reference_year_from && Date.parse(fallback.reference_year_from);
  if (typeof fromMs === "number" && fromMs <= nowMs) {
    return sentence(language, text.weatherCause[fallback.cause], text.referenceYear);
  }
  const older = issued_at && text.olderWeather(format.instant(Date.parse(issued_at)));
  const beyond = typeof fromMs === "number" ? text.referenceYearFrom(format.instant(fromMs)) : undefined;
  return sentence(language, text.weatherCause[fallback.cause], older, beyond);
}

/** Which prices stand in, and why; undefined where none do. */
export function tariffReason(
  { fallback, kind }: Pick<Inputs["tariff"], "fallback" | "kind">,
  tariff: TariffState | null,
  language: Language,
): string | undefined {
  if (!fallback) return undefined;
  const text = words[language];
  if (kind === "pushed") return sentence(language, text.pushedCause[fallback.cause], text.usualPricesUsed);
  const isKnown = tariff && ![tariff.today.colour, tariff.tomorrow.colour].includes("unknown");
  return sentence(
    language,
    text.tariffCause[fallback.cause],
    isKnown ? text.knownColours : text.averagePrices,
  );
}

/** Where the weather in use comes from; behind it what was asked for, where that is another. */
export function weatherName(
  { kind, source, fallback }: Inputs["weather"],
  language: Language,
  nowMs = Number.NEGATIVE_INFINITY,
): string {
  const text = words[language];
  const name = text.weather[kind];
  const asked = kind === "epw_file" || kind === "scenario" ? `${name} (${source})` : name;
  const fromMs = fallback?.reference_year_from && Date.parse(fallback.reference_year_from);
  if (typeof fromMs !== "number" || fromMs > nowMs || kind === "reference_year") return asked;
  return `${text.weather.reference_year} (${text.insteadOf} ${asked})`;
}

/** Where colours and prices in use come from; behind it what was asked for, where that is another. */
export function tariffName(
  { kind, source, fallback }: Inputs["tariff"],
  language: Language,
  tariff: TariffState | null = null,
): string {
  const text = words[language];
  const name = text.tariff[kind];
  if (kind === "pushed")
    return fallback ? `${text.usualPrices} (${text.insteadOf} ${name})` : `${name} (${source})`;
  const asked = kind === "published" || kind === "file" ? `${name} (${source})` : name;
  const isKnown = tariff && ![tariff.today.colour, tariff.tomorrow.colour].includes("unknown");
  if (!fallback || isKnown || kind === "rules") return asked;
  return `${text.tariff.rules} (${text.insteadOf} ${asked})`;
}

function sentence(language: Language, ...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part).join(semicolon[language])}.`;
}
