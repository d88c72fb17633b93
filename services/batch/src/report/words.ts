/** What stands in the report, in each language, and how numbers and times are written in it. */
import { html } from "ghtml";
import { type Language, wordsOfCharts } from "./page/words.ts";

const en = {
  study: "Azru heating study",
  studies: (count: number) => `${count} studies`,
  languages: "Language",
  stopped: "Stopped before the end.",
  /** @param simulated "1 day", "2 to 3 days"; undefined where there is none */
  stoppedAt: (asked: string, simulated: string | undefined) =>
    `Of ${asked}, ${simulated ?? "none"} were simulated; the figures hold for these, and modes are compared only over the time that both cover.`,
  range: (least: string, most: string) => `${least} to ${most}`,
  nothing: "No step was simulated, so there is nothing to show.",
  simulated: "What was simulated",
  period: "Period",
  steps: (minutes: number) => `; steps of ${minutes} min`,
  weather: "Weather",
  tariff: "Tariff",
  notReal: "Not a real Tempo calendar.",
  notRealWhy:
    "The colours were allotted from the weather by Tempo’s rules; savings with the colours of a real winter differ.",
  buildings: (count: number): string => (count === 1 ? "Building" : "Buildings"),
  emission: (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  supply: {
    electric: "direct electric",
    heatPumpAir: "air heat pump",
    heatPumpWater: "water heat pump",
  },
  upTo: (power: string) => `up to ${power} kW of heat`,
  bySchedule: (floors: readonly string[], ceilings: readonly string[]) =>
    `comfort by schedule from ${floors.join(" or ")}, up to ${ceilings.join(" or ")} °C`,
  comfort: (floor: string, ceiling: string) => `comfort from ${floor} to ${ceiling} °C`,
  thermostat: (on: string, off: string) => `thermostat on below ${on}, off above ${off} °C`,
  moved: (floor: string) => ` at ${floor}, and moved by the schedule`,
  results: "Results",
  remarkPair:
    "Heat its walls lack: what the thermostat’s walls hold more than the MPC’s at the end, at what a kWh of heat cost the thermostat; negative where the MPC’s hold more. It counts in the saving. K h: kelvins below (above) the comfort band times hours.",
  remark: "K h: kelvins below (above) the comfort band times hours.",
  overTime: "Over time",
  stretch: "Stretch of time shown",
  earlier: "Earlier",
  later: "Later",
  day: "Day",
  week: "Week",
  all: "All",
  chartsHelp: "Charts; the left and right arrow keys move the cursor",
  needScript: "The charts need JavaScript.",
  background: "Background of the charts",
  peakHours: "darker: peak hours",
  cost: "Cost",
  energyIn: (energy: string, days: string) => `${energy} kWh in ${days}`,
  bestRule: "Against the best Tempo rule",
  thermostatNote: "thermostat",
  saving: (count: number) => (count === 1 ? "Saving of the MPC" : `Saving of the MPC in ${count} buildings`),
  sameHeat: "for the same heat in the walls",
  belowSchedule: "Below the schedule",
  aboveSchedule: "Above the warmest acceptable",
  below: (floor: string) => `Below ${floor} °C`,
  above: (ceiling: string) => `Above ${ceiling} °C`,
  measures: {
    electricity: "Electricity, kWh",
    heat: "Heat, kWh",
    peak: "Peak power, kW",
    starts: "Heater starts",
    mean: "Mean air temperature, °C",
    lowest: "Lowest air temperature, °C",
    airBelow: "Air below, K h",
    operativeBelow: "Operative temperature below, K h",
    highest: "Highest air temperature, °C",
    walls: "Walls at the end, °C",
    days: "Days simulated",
    decide: "Mean time to decide, ms",
    decide95: "95 % decided within, ms",
  },
  difference: "Difference",
  costEur: "Cost, EUR",
  heatLeft: "Heat its walls lack at the end, EUR",
  fairCost: "Cost for the same heat in the walls, EUR",
  savingPercent: "Saving, %",
  others: "Against other thermostats",
  othersOf: (name: string) => `${name}: the MPC against other thermostats`,
  savesPair: "The MPC saves, same heat in the walls",
  shifted: "shifted to cheaper hours, EUR",
  lessHeat: "by heating less, EUR",
  best: (rule: string) => `Best Tempo rule: ${rule}`,
  ofRule: (rule: string) => `Tempo rule: ${rule}`,
  baseline: {
    pi: (setpoint: string) => `Electronic thermostat at ${setpoint} °C`,
    rule: (usual: string, before: string, red: string) =>
      `${usual} °C, ${before} in the night before a red day, ${red} in red peak hours`,
  },
  overview: "Overview",
  allBuildings: "All buildings",
  savingPair: "Saving, same heat in the walls",
  discomfort: "Discomfort below, K h",
  forPrograms: "The same figures for programs: runs.csv, runs.parquet and steps.parquet beside this page.",
  columns: {
    study: "study",
    building: "building",
    controller: "controller",
    below: "K h below",
    saving: "saving, %",
  },
  /** A description of weather or tariff, where it can be said in the language; else undefined. */
  source: (text: string): string | undefined => text,
  days: (count: string) => `${count} ${count === "1" ? "day" : "days"}`,
  to: "to",
};

const emissions: Readonly<Record<string, string>> = {
  convector: "convecteurs",
  panel: "panneaux rayonnants",
  oilRadiator: "radiateurs à inertie",
  waterRadiator: "radiateurs à eau",
  floorHeating: "plancher chauffant",
  newRadiators: "radiateurs récents",
  oldRadiators: "radiateurs anciens",
  chilledBeams: "poutres froides",
  tabs: "dalle active",
  airConditioning: "air soufflé",
};

const fr: typeof en = {
  study: "Étude de chauffage Azru",
  studies: (count) => `${count} études`,
  languages: "Langue",
  stopped: "Arrêté avant la fin.",
  stoppedAt: (asked, simulated) =>
    `Sur ${asked}, ${simulated ?? "aucun"} ont été simulés\u202f; les chiffres valent pour ceux-là, et les modes ne sont comparés que sur le temps que les deux couvrent.`,
  range: (least, most) => `${least} à ${most}`,
  nothing: "Aucun pas n’a été simulé\u202f: il n’y a rien à montrer.",
  simulated: "Ce qui a été simulé",
  period: "Période",
  steps: (minutes) => `\u202f; pas de ${minutes} min`,
  weather: "Météo",
  tariff: "Tarif",
  notReal: "Pas un vrai calendrier Tempo.",
  notRealWhy:
    "Les couleurs ont été attribuées d’après la météo, selon les règles de Tempo\u202f; avec celles d’un vrai hiver, l’économie est autre.",
  buildings: (count) => (count === 1 ? "Bâtiment" : "Bâtiments"),
  emission: (name) => emissions[name] ?? en.emission(name),
  supply: {
    electric: "électrique direct",
    heatPumpAir: "pompe à chaleur air",
    heatPumpWater: "pompe à chaleur eau",
  },
  upTo: (power) => `jusqu’à ${power} kW de chaleur`,
  bySchedule: (floors, ceilings) =>
    `confort selon le programme à partir de ${floors.join(" ou ")}, jusqu’à ${ceilings.join(" ou ")} °C`,
  comfort: (floor, ceiling) => `confort de ${floor} à ${ceiling} °C`,
  thermostat: (on, off) => `thermostat en marche sous ${on}, arrêté au-dessus de ${off} °C`,
  moved: (floor) => ` à ${floor}, et décalé par le programme`,
  results: "Résultats",
  remarkPair:
    "Chaleur qui manque à ses murs\u202f: ce que les murs du thermostat contiennent à la fin de plus que ceux de la MPC, au prix qu’un kWh de chaleur a coûté au thermostat\u202f; négatif si ceux de la MPC en contiennent plus. Elle compte dans l’économie. K h\u202f: kelvins sous (au-dessus de) la plage de confort fois heures.",
  remark: "K h\u202f: kelvins sous (au-dessus de) la plage de confort fois heures.",
  overTime: "Au fil du temps",
  stretch: "Durée montrée",
  earlier: "Avant",
  later: "Après",
  day: "Jour",
  week: "Semaine",
  all: "Tout",
  chartsHelp: "Courbes\u202f; les flèches gauche et droite déplacent le curseur",
  needScript: "Les courbes ont besoin de JavaScript.",
  background: "Fond des courbes",
  peakHours: "plus foncé\u202f: heures pleines",
  cost: "Coût",
  energyIn: (energy, days) => `${energy} kWh en ${days}`,
  bestRule: "Face à la meilleure règle Tempo",
  thermostatNote: "thermostat",
  saving: (count) => (count === 1 ? "Économie de la MPC" : `Économie de la MPC dans ${count} bâtiments`),
  sameHeat: "pour la même chaleur dans les murs",
  belowSchedule: "Sous le programme",
  aboveSchedule: "Au-dessus du plus chaud acceptable",
  below: (floor) => `Sous ${floor} °C`,
  above: (ceiling) => `Au-dessus de ${ceiling} °C`,
  measures: {
    electricity: "Électricité, kWh",
    heat: "Chaleur, kWh",
    peak: "Puissance maximale, kW",
    starts: "Démarrages du chauffage",
    mean: "Température moyenne de l’air, °C",
    lowest: "Température la plus basse de l’air, °C",
    airBelow: "Air au-dessous, K h",
    operativeBelow: "Température opérative au-dessous, K h",
    highest: "Température la plus haute de l’air, °C",
    walls: "Murs à la fin, °C",
    days: "Jours simulés",
    decide: "Temps moyen d’une décision, ms",
    decide95: "95 % décidées en, ms",
  },
  difference: "Écart",
  costEur: "Coût, EUR",
  heatLeft: "Chaleur qui manque à ses murs à la fin, EUR",
  fairCost: "Coût pour la même chaleur dans les murs, EUR",
  savingPercent: "Économie, %",
  others: "Face à d’autres thermostats",
  othersOf: (name) => `${name}\u202f: la MPC face à d’autres thermostats`,
  savesPair: "La MPC économise, même chaleur dans les murs",
  shifted: "déplacé vers des heures moins chères, EUR",
  lessHeat: "en chauffant moins, EUR",
  best: (rule) => `Meilleure règle Tempo\u202f: ${rule}`,
  ofRule: (rule) => `Règle Tempo\u202f: ${rule}`,
  baseline: {
    pi: (setpoint) => `Thermostat électronique à ${setpoint} °C`,
    rule: (usual, before, red) =>
      `${usual} °C, ${before} la nuit avant un jour rouge, ${red} aux heures pleines rouges`,
  },
  overview: "Vue d’ensemble",
  allBuildings: "Tous les bâtiments",
  savingPair: "Économie, même chaleur dans les murs",
  discomfort: "Inconfort au-dessous, K h",
  forPrograms:
    "Les mêmes chiffres pour des programmes\u202f: runs.csv, runs.parquet et steps.parquet à côté de cette page.",
  columns: {
    study: "étude",
    building: "bâtiment",
    controller: "commande",
    below: "K h au-dessous",
    saving: "économie, %",
  },
  source(text) {
    const reference = /^reference year (.+), seed (\d+)$/.exec(text);
    if (reference) return `année de référence ${reference[1]}, tirage ${reference[2]}`;
    return text === "Tempo (allotted from the weather (no real calendar))"
      ? "Tempo (couleurs attribuées d’après la météo, pas de vrai calendrier)"
      : undefined;
  },
  days: (count) => `${count} ${Number(count.replace(",", ".")) < 2 ? "jour" : "jours"}`,
  to: "à",
};

type Texts = typeof en;

/** A language with its texts and its way to write numbers and times. */
export interface Words {
  readonly language: Language;
  readonly texts: Texts;
  readonly modes: Readonly<Record<"manual" | "mpc", string>>;
  readonly dayNames: Readonly<Record<"blue" | "white" | "red" | "unknown", string>>;
  /** Fixed decimals, and a true minus sign; never a negative zero. */
  readonly fixed: (value: number, decimals: number) => string;
  /** As `fixed`, with a plus sign where positive. */
  readonly signed: (value: number, decimals: number) => string;
  /** With as many decimals as it has: "19.5". */
  readonly plain: (value: number) => string;
  /** A baseline by the name that `--baseline` has for it ("pi 19.5", "rule:19.5/24/19"), in words. */
  readonly baseline: (name: string) => string;
  /** "1 day", "1.5 days" */
  readonly dayCount: (days: number) => string;
  /** The days from `startMs` to `endMs` (exclusive) in Europe/Paris: "1 – 4 February 2026". */
  readonly days: (startMs: number, endMs: number) => string;
  /** An instant in Europe/Paris: "Sun, 1 Feb 2026, 00:00". */
  readonly instant: (timeMs: number) => string;
}

function createWords(language: Language, texts: Texts): Words {
  const { number, time, modes, dayNames, locale } = wordsOfCharts(language);
  const fixed = (value: number, decimals: number) => {
    const text = number(value, decimals);
    return /[1-9]/.test(text) ? text : text.replace("\u2212", "");
  };
  const plain = (value: number) => {
    const text = String(value).replace("-", "\u2212");
    return language === "fr" ? text.replace(".", ",") : text;
  };
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: "Europe/Paris",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  return {
    ...{ language, texts, modes, dayNames, fixed, plain },
    signed: (value, decimals) =>
      (value > 0 && /[1-9]/.test(fixed(value, decimals)) ? "+" : "") + fixed(value, decimals),
    baseline(name) {
      const numbers = (name.match(/[\d.]+/g) ?? []).map((text) => plain(Number(text)));
      if (name.startsWith("pi ")) return texts.baseline.pi(numbers[0]);
      return texts.baseline.rule(numbers[0], numbers[1], numbers[2]);
    },
    dayCount: (days) => texts.days(plain(Number(days.toFixed(1)))),
    days: (startMs, endMs) => day.formatRange(startMs, endMs - 1),
    instant: (timeMs) => time.instant(timeMs / 1000),
  };
}

export const words: Readonly<Record<Language, Words>> = {
  en: createWords("en", en),
  fr: createWords("fr", fr),
};

const names: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

/** Links to the same page in each language. */
export function languageLinks({ language, texts }: Words): string {
  const links = (["en", "fr"] as const).map((one) => {
    const current = one === language ? ' aria-current="true"' : "";
    return html`<a href="#${one}" lang="${one}"!${current}>${names[one]}</a>`;
  });
  return html`<nav class="languages" aria-label="${texts.languages}">!${links.join(" ")}</nav>`;
}
