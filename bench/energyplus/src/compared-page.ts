/** The tables of docs/compared.md. */
import type { ComparedFigure } from "./compared-command.ts";
import { bestRule } from "./table.ts";

const begin = "<!-- compared -->\n";
const end = "<!-- /compared -->";

/**
 * A page with a table for each house and stretch of days between `<!-- compared -->` and `<!-- /compared -->`.
 *
 * @throws RangeError when the page lacks the markers
 */
export function comparedPage(page: string, figures: readonly ComparedFigure[]): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new RangeError(`the page has no ${begin.trim()} … ${end}`);
  const stretchOf = ({ house, lastDay }: ComparedFigure) => `${house} ${lastDay}`;
  const stretches = [...new Set(figures.map(stretchOf))];
  const tables = stretches.map((stretch) => houseTable(figures.filter((one) => stretchOf(one) === stretch)));
  return `${page.slice(0, from + begin.length)}\n${tables.join("\n\n")}\n\n${page.slice(to)}`;
}

const names: Readonly<Record<string, string>> = {
  thermostat: "thermostat, on/off 19.5/20.5",
  pi: "electronic thermostat, PI at 19.5",
  emhass: "EMHASS, 24 h ahead",
  gekko: "GEKKO on the 5R1C zone, 24 h ahead",
  azru: "**Azru**, 48 h ahead",
};

const head =
  "| controller | EUR | saves | kWh | K h below, air | operative | red peak kWh | ms a decision, p50 / p95 | MB | without a plan |";

/** The best rule of the family stands for all rules. */
function houseTable(figures: readonly ComparedFigure[]): string {
  const rule = bestRule(figures);
  const thermostat = figures.find(({ controller }) => controller === "thermostat");
  const order = ["thermostat", "pi", rule?.controller, "gekko", "emhass", "azru"];
  const ruleCount = figures.filter(({ controller }) => controller.startsWith("rule:")).length;
  const rows = order.flatMap((name) => figures.filter(({ controller }) => controller === name));
  return [
    `### ${figures[0].house}: ${figures[0].days} days from 1 December\n`,
    head,
    `|---|${"---:|".repeat(9)}`,
    ...rows.map((figure) => rowOf(figure, thermostat, ruleCount)),
  ].join("\n");
}

function rowOf(figure: ComparedFigure, thermostat: ComparedFigure | undefined, ruleCount: number): string {
  const saved =
    thermostat && figure !== thermostat ? 100 * (1 - figure.cost_eur / thermostat.cost_eur) : undefined;
  const cells = [
    names[figure.controller] ??
      `${ruleCount > 1 ? `best of ${ruleCount} rules` : "rule"}, ${figure.controller.slice("rule:".length)}`,
    figure.cost_eur.toFixed(1),
    saved === undefined ? "" : `${saved.toFixed(1)} %`,
    figure.energy_kwh.toFixed(0),
    figure.airBelow_kh.toFixed(1),
    figure.opBelow_kh.toFixed(1),
    figure.redPeak_kwh.toFixed(0),
    `${figure.p50_ms.toFixed(2)} / ${figure.p95_ms.toFixed(2)}`,
    figure.memory_mb.toFixed(0),
    String(figure.unplanned),
  ];
  return `| ${cells.join(" | ")} |`;
}
