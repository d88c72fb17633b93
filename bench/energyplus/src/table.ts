/** The table of a winter. */
import Table from "cli-table3";
import type { Figure } from "./figures.ts";

const head = [
  ...["house", "controller", "EUR", "saved %", "vs rule %", "kWh", "K h air < min", "K h op < min"],
  ...["K h > 24", "K h > 28", "coldest", "red peak kWh", "white peak kWh", "planned %", "p50 ms", "p95 ms"],
];

/** How much colder than the electronic thermostat the best rule may be, K h. */
const colder_kh = 1;

/** The cheapest rule that is hardly colder than the electronic thermostat, of the runs of one house. */
export function bestRule(figures: readonly Figure[]): Figure | undefined {
  const pi = figures.find(({ controller }) => controller === "pi");
  return figures
    .filter(({ controller }) => controller.startsWith("rule:"))
    .filter(({ airBelow_kh }) => !pi || airBelow_kh <= pi.airBelow_kh + colder_kh)
    .toSorted((a, b) => a.cost_eur - b.cost_eur)[0];
}

/** The table's text, house by house in the order of the figures. */
export function tableText(figures: readonly Figure[]): string {
  const table = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i < 2 ? "left" : "right")),
  });
  const houses = new Set(figures.map(({ house, building }) => `${house} ${building}`));
  for (const name of houses) {
    const house = figures.filter(({ house, building }) => `${house} ${building}` === name);
    const thermostat = house.find(({ controller }) => controller === "thermostat");
    const rule = bestRule(house);
    const saved = (figure: Figure, against: Figure | undefined) =>
      against && figure !== against ? (100 * (1 - figure.cost_eur / against.cost_eur)).toFixed(1) : "";
    for (const figure of house) table.push(rowOf(figure, saved(figure, thermostat), saved(figure, rule)));
  }
  return table.toString();
}

const historyTitle = { spring: "learnt in spring", none: "no history" } as const;

function rowOf(figure: Figure, saved: string, savedOfRule: string): string[] {
  const { house, building, controller, history } = figure;
  return [
    building === house ? house : `${house} (${building})`,
    history === "november" || isPlain(controller) ? controller : `${controller}, ${historyTitle[history]}`,
    ...[figure.cost_eur.toFixed(1), saved, savedOfRule, figure.energy_kwh.toFixed(0)],
    ...[figure.airBelow_kh.toFixed(1), figure.opBelow_kh.toFixed(1)],
    ...[figure.airAbove24_kh.toFixed(0), figure.airAbove28_kh.toFixed(1), figure.coldest_c.toFixed(1)],
    ...[figure.redPeak_kwh.toFixed(0), figure.whitePeak_kwh.toFixed(0)],
    figure.control ? (100 * figure.control.planned_share).toFixed(0) : "",
    ...[figure.p50_ms.toFixed(2), figure.p95_ms.toFixed(2)],
  ];
}

/** Whether a controller makes nothing of a history. */
function isPlain(controller: string): boolean {
  return /^(thermostat|pi|rule)\b/.test(controller);
}
