/** What stands in the charts, in each language, and how numbers are written in it. Runs in the browser too. */
import { createTimeFormat, type TimeFormat } from "@azru/page/browser/time-axis.ts";

export type Language = "en" | "fr";

const en = {
  locale: "en-GB",
  decimalPoint: ".",
  modes: { manual: "Thermostat", mpc: "MPC" },
  dayNames: { blue: "blue day", white: "white day", red: "red day", unknown: "colour unknown" },
  peak: "peak",
  offPeak: "off-peak",
  hintHover: "Drag over a chart to zoom, double-click for the whole period",
  hintTouch: "Tap a chart to read it",
  air: "Air temperature, °C",
  outdoors: "Outdoors (right axis)",
  outdoorsSummary: "outdoors",
  /** `%` stands for the length of what is averaged. */
  means: "means of %",
  meansRange: "means of %, range shaded",
  valve: "Valve, %",
  valvePower: "Valve, % and electric power, kW (right axis)",
  power: "Electric power, kW",
  cost: "Cost since the start, EUR",
  price: "Price of electricity, EUR/kWh",
  priceLine: "Price",
  open: (mode: string, percent: string) => `${mode} ${percent} % open on average`,
  atTheEnd: (mode: string, cost: string) => `${mode} ${cost} EUR at the end`,
  extent: (min: string, max: string, unit: string) => `from ${min} to ${max} ${unit}`,
  comfort: (min: string, max: string) => `comfort from ${min} to ${max} °C`,
  bySchedule: (low: string, high: string, max: string) =>
    `comfort by schedule from ${low} to ${high}, up to ${max} °C`,
};

const fr: typeof en = {
  locale: "fr-FR",
  decimalPoint: ",",
  modes: { manual: "Thermostat", mpc: "MPC" },
  dayNames: { blue: "jour bleu", white: "jour blanc", red: "jour rouge", unknown: "couleur inconnue" },
  peak: "heures pleines",
  offPeak: "heures creuses",
  hintHover: "Glissez sur une courbe pour agrandir, double-clic pour toute la période",
  hintTouch: "Touchez une courbe pour la lire",
  air: "Température de l’air, °C",
  outdoors: "Dehors (axe de droite)",
  outdoorsSummary: "dehors",
  means: "moyennes sur %",
  meansRange: "moyennes sur %, étendue ombrée",
  valve: "Vanne, %",
  valvePower: "Vanne, % et puissance électrique, kW (axe de droite)",
  power: "Puissance électrique, kW",
  cost: "Coût depuis le début, EUR",
  price: "Prix de l’électricité, EUR/kWh",
  priceLine: "Prix",
  open: (mode, percent) => `${mode} ouverte à ${percent} % en moyenne`,
  atTheEnd: (mode, cost) => `${mode} ${cost} EUR à la fin`,
  extent: (min, max, unit) => `de ${min} à ${max} ${unit}`,
  comfort: (min, max) => `confort de ${min} à ${max} °C`,
  bySchedule: (low, high, max) => `confort selon le programme de ${low} à ${high}, jusqu’à ${max} °C`,
};

export type ChartWords = typeof en & {
  /** Fixed decimals, and a true minus sign. */
  readonly number: (value: number, decimals: number) => string;
  readonly time: TimeFormat;
};

export function wordsOfCharts(language: Language): ChartWords {
  const texts = language === "fr" ? fr : en;
  return {
    ...texts,
    number: (value, decimals) =>
      value.toFixed(decimals).replace("-", "\u2212").replace(".", texts.decimalPoint),
    time: createTimeFormat(texts.locale),
  };
}
