/** The tables of docs/controller.md, and the pictures that stand beside them. */
import { winterTables } from "../../services/batch/bench/winter-tables.ts";
import { type Chart, palettes, svgOf } from "./chart.ts";
import { charts } from "./charts.ts";
import type { Measurements } from "./measurements.ts";

/** What is written into docs/figures: each chart for light and for dark ground. */
export function chartFiles(measured: Measurements): ReadonlyMap<string, string> {
  return new Map(
    charts(measured).flatMap((chart) =>
      (["light", "dark"] as const).map((ground) => [
        `${chart.name}-${ground}.svg`,
        svgOf(chart, palettes[ground]),
      ]),
    ),
  );
}

/**
 * A page with what was measured between its markers, `<!-- figures: NAME -->` and `<!-- /figures -->`.
 *
 * @throws RangeError when a marker names nothing that is known, or something known has no marker
 */
export function withFigures(page: string, measured: Measurements): string {
  const known = new Map([...tables(measured), ...charts(measured).map(picture)]);
  const placed = new Set<string>();
  const filled = page.replaceAll(
    /(<!-- figures: ([\w-]+) -->\n).*?(<!-- \/figures -->)/gs,
    (_, start: string, name: string, end: string) => {
      const text = known.get(name);
      if (text === undefined)
        throw new RangeError(`<!-- figures: ${name} --> is none of ${[...known.keys()].join(", ")}`);
      placed.add(name);
      return `${start}\n${text}\n\n${end}`;
    },
  );
  const left = [...known.keys()].filter((name) => !placed.has(name));
  if (left.length > 0) throw new RangeError(`the page has no <!-- figures: ${left.join(", ")} -->`);
  return filled;
}

/** The picture of a chart: the reader's own choice of ground decides, and on the site its switch. */
function picture({ name, title }: Chart): [string, string] {
  return [
    `${name}-chart`,
    [
      "<picture>",
      `  <source media="(prefers-color-scheme: dark)" srcset="./figures/${name}-dark.svg">`,
      `  <img src="./figures/${name}-light.svg" alt="${title}">`,
      "</picture>",
    ].join("\n"),
  ];
}

function tables(measured: Measurements): [string, string][] {
  return [
    ["solvers", solversTable(measured)],
    ["year", yearSentence(measured)],
    ...Object.entries(winterTables).map(([name, { part, head, rows }]): [string, string] => [
      name,
      markdown(head, rows(part === "elsewhere" ? measured.elsewhere : measured.winter)),
    ]),
  ];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function solversTable({ solvers: { problems, grids, growth, machine } }: Measurements): string {
  const or = (text: (value: number) => string) => (value: number | undefined) =>
    value === undefined ? "" : text(value);
  const ms = or((value) => String(Number(value.toPrecision(2))));
  const ratio = or((value) => (value >= 10 ? value.toFixed(0) : value.toPrecision(2)));
  const power = or((value) => `steps^${value.toFixed(2)}`);
  const rows = grids.map(({ steps, minutes, states, ms: times, toHighs }) => [
    `${steps} x ${minutes} min`,
    String(states),
    ...[times.lp, times.exact, times.interior, times.highs].map(ms),
    ...[toHighs.exact, toHighs.interior].map(ratio),
  ]);
  const growths = [
    { states: "1", by: growth.oneState },
    { states: "3", by: growth.threeStates },
  ].map(({ states, by }) => [
    "growth",
    states,
    ...[by.lp, by.exact, by.interior, by.highs].map(power),
    "",
    "",
  ]);
  return [
    markdown(
      [
        "steps",
        "states",
        "LP, ms",
        "recursion, ms",
        "interior point, ms",
        "HiGHS, ms",
        "HiGHS / recursion",
        "HiGHS / interior point",
      ],
      [...rows, ...growths],
    ),
    "",
    `Mean processor time of one of ${problems} random problems; Node ${machine.node.slice(1)}, one of ${machine.cores} cores, ${machine.processor}.`,
  ].join("\n");
}

function yearSentence({ year }: Measurements): string {
  return `A year of ${year.decisions.toLocaleString("en")} decisions, each over ${year.horizonSteps} steps, is replayed in the 5R1C zone with the recursion in ${year.seconds.toFixed(1)} s (${year.processor_s.toFixed(1)} s of processor time), ${year.decision_ms.toFixed(2)} ms a decision.`;
}
