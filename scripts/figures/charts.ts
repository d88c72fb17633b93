/** The plots of docs/controller.md. */
import { homeMinute } from "@azru/runtime";
import * as Plot from "@observablehq/plot";
import type { Home, HomeRun } from "../../services/batch/bench/winter-parts.ts";
import { homes, modelErrors, modelHomes } from "../../services/batch/bench/winter-parts.ts";
import { homeName, lookup } from "../../services/batch/bench/winter-tables.ts";
import type { Chart, Palette } from "./chart.ts";
import type { LivedDay, Measurements, RedDay, SolverFigures } from "./measurements.ts";

/** All plots. */
export function charts({ solvers, winter, redDay }: Measurements): readonly Chart[] {
  const { share_percent, figure } = lookup(winter);
  return [
    solversChart(solvers),
    redDayChart(redDay),
    sharesChart(share_percent),
    modelsChart(share_percent),
    stepsChart((home) => 100 * (figure(home, { minutes: 60 }).net_eur / figure(home).net_eur - 1)),
  ];
}

type Share = (home: Home, run?: Partial<HomeRun>) => number;
type Hue = "blue" | "orange" | "green" | "pink";
type Shape = "circle" | "square" | "triangle" | "diamond";

interface Entry {
  readonly label: string;
  readonly hue: Hue;
  readonly shape: Shape;
  readonly x: number; // where it stands, pixels
}

const measured = Number.isFinite;
const least = (values: readonly number[]) => Math.min(...values.filter(measured));
const most = (values: readonly number[]) => Math.max(...values.filter(measured));

/** A line that says what the marks mean. */
function legend(entries: readonly Entry[], palette: Palette): Plot.PlotOptions {
  return {
    height: 28,
    ...{ margin: 0, x: { type: "identity", axis: null }, y: { type: "identity", axis: null } },
    marks: entries.flatMap(({ label, hue, shape, x }) => [
      Plot.dot([0], { x, y: 14, r: 4, symbol: shape, fill: palette[hue] }),
      Plot.text([label], { x: x + 10, y: 14, textAnchor: "start", fill: palette.ink }),
    ]),
  };
}

// Solvers

function solversChart({ grids: all, growth }: SolverFigures): Chart {
  const grids = all.filter(({ states }) => states === 1);
  const lines = (
    [
      { key: "lp", hue: "orange", label: "LP" },
      { key: "highs", hue: "green", label: "HiGHS" },
      { key: "interior", hue: "pink", label: "interior point" },
      { key: "exact", hue: "blue", label: "recursion" },
    ] as const
  ).map((line) => ({ ...line, slope: growth.oneState[line.key]! }));
  const points = (key: (typeof lines)[number]["key"]) =>
    grids.map(({ steps, ms }) => ({ steps, ms: ms[key]! }));
  return {
    name: "solvers",
    title: "Time to solve one problem of one state by number of steps",
    description: lines
      .map(
        ({ key, label, slope }) =>
          `${label}: ${points(key)
            .map(({ steps, ms }) => `${Number(ms.toPrecision(2))} ms for ${steps}`)
            .join(", ")}; it grows as steps to the power of ${slope.toFixed(1)}`,
      )
      .join(". "),
    panels: (palette) => [
      {
        ...{ height: 340, marginLeft: 56, marginRight: 150, marginBottom: 40 },
        x: {
          type: "log",
          label: "steps of the horizon",
          ticks: grids.map(({ steps }) => steps),
          tickFormat: "d",
        },
        y: {
          ...{ type: "log", label: "ms a solution", ticks: [0.01, 0.1, 1, 10, 100, 1000] },
          tickFormat: (ms: number) => String(ms),
        },
        marks: [
          Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: [0.01, 0.1, 1, 10, 100, 1000] }),
          ...lines.flatMap(({ key, hue, label, slope }) => [
            Plot.lineY(points(key), { x: "steps", y: "ms", stroke: palette[hue], strokeWidth: 2 }),
            Plot.dot(points(key), { x: "steps", y: "ms", fill: palette[hue], r: 3.5 }),
            Plot.text(points(key).slice(-1), {
              ...{ x: "steps", y: "ms", dx: 10, textAnchor: "start", fill: palette[hue] },
              ...{ fontWeight: 600, text: () => label },
            }),
            Plot.text(points(key).slice(-1), {
              ...{ x: "steps", y: "ms", dx: 10, dy: 15, textAnchor: "start", fill: palette.muted },
              text: () => `grows as steps^${slope.toFixed(1)}`,
            }),
          ]),
        ],
      },
    ],
  };
}

// A red day

function redDayChart(day: RedDay): Chart {
  const { startMs, dtSeconds, price_eur_kwh, thermostat, mpc } = day;
  const count = price_eur_kwh.length;
  const hourOf = (timeMs: number) => (timeMs - startMs) / 3_600_000;
  const edge = (k: number) => (k * dtSeconds) / 3600;
  const end = edge(count);
  const ticks = Array.from({ length: Math.floor(end / 6) + 1 }, (_, i) => 6 * i);
  const coldest = (lived: LivedDay) => Math.min(...lived.theta_air_c).toFixed(1);
  const spent = (lived: LivedDay) =>
    lived.valve.reduce((sum, valve, k) => sum + valve * (price_eur_kwh[k] ?? 0), 0);
  return {
    name: "red-day",
    title: `A red day of the ${day.home} home with floor heating, thermostat and MPC`,
    description: `Air and wall temperature, valve and price from ${homeMinute(startMs)} on. The MPC heats in the night before the red day, when electricity is cheap, and hardly in its peak hours; its heat costs ${(100 * (1 - spent(mpc) / spent(thermostat))).toFixed(0)} % less in these hours than the thermostat's. The air is at least ${coldest(mpc)} °C under the MPC and ${coldest(thermostat)} °C under the thermostat.`,
    panels: (palette) => {
      const runs = [
        { name: "thermostat", lived: thermostat, stroke: palette.orange, strokeWidth: 1.25 },
        { name: "MPC", lived: mpc, stroke: palette.blue, strokeWidth: 2.25 },
      ];
      const panel = (label: string, height: number, isLast: boolean, marks: Plot.Markish[]) => ({
        ...{ height: height + (isLast ? 46 : 18), marginLeft: 56, marginRight: 90 },
        ...{ marginTop: 26, marginBottom: isLast ? 28 : 4 },
        x: {
          ...{ domain: [0, end], label: null, ticks, tickSize: isLast ? 6 : 0 },
          tickFormat: isLast ? (hour: number) => homeMinute(startMs + hour * 3_600_000).slice(11) : () => "",
        },
        y: { label, labelArrow: "none" as const, ticks: 4, nice: true, labelAnchor: "top" as const },
        marks: [
          Plot.rect([{ x1: hourOf(day.redFromMs), x2: hourOf(day.redFromMs) + 16 }], {
            ...{ x1: "x1", x2: "x2", fill: palette.red },
          }),
          Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 4 }),
          ...marks,
        ],
      });
      const lines = (key: "theta_air_c" | "theta_m_c") =>
        runs.map(({ lived, stroke, strokeWidth }) =>
          Plot.lineY(lived[key], {
            x: (_: number, k: number) => edge(key === "theta_m_c" ? k + 1 : k + 0.5),
            ...{ stroke, strokeWidth },
          }),
        );
      const named = (key: "theta_air_c" | "theta_m_c") =>
        runs.map(({ name, lived, stroke }) =>
          Plot.text([name], {
            ...{ x: end, y: lived[key].at(-1)!, dx: 8, textAnchor: "start", fill: stroke, fontWeight: 600 },
          }),
        );
      const held = (values: readonly number[]) =>
        [...values, values.at(-1)!].map((value, k) => ({ x: edge(k), value }));
      return [
        panel("air, °C", 130, false, [
          Plot.ruleY([19], { stroke: palette.muted, strokeDasharray: "2 3" }),
          ...lines("theta_air_c"),
          ...named("theta_air_c"),
        ]),
        panel("walls, °C", 100, false, [...lines("theta_m_c"), ...named("theta_m_c")]),
        panel("valve, %", 90, false, [
          ...runs.map(({ lived, stroke, strokeWidth }) =>
            Plot.lineY(held(lived.valve.map((valve) => 100 * valve)), {
              ...{ x: "x", y: "value", curve: "step-after", stroke, strokeWidth },
            }),
          ),
        ]),
        panel("price, EUR/kWh", 80, true, [
          Plot.ruleY([0], { stroke: palette.muted }),
          Plot.lineY(held(price_eur_kwh), { x: "x", y: "value", curve: "step-after", stroke: palette.ink }),
          Plot.text(["red, 06:00 to 22:00"], {
            ...{ x: hourOf(day.redFromMs) + 8, y: 0, dy: -10, fill: palette.ink },
          }),
        ]),
      ];
    },
  };
}

// Homes

const emissionOf = (home: Home) => homeName(home).split(", ")[1];
const classOf = (home: Home) => homeName(home).split(", ")[0];
const classNames = [...new Set(homes.map(classOf))];
const emissionNames = [...new Set(homes.map(emissionOf))];

/** Rows by home, in groups by emission system. */
const byHome = {
  ...{ marginLeft: 84, marginRight: 110, marginTop: 8, marginBottom: 40 },
  y: { domain: classNames, label: null, tickSize: 0 },
  fy: { domain: emissionNames, label: null, padding: 0.12, axis: "right" },
} satisfies Plot.PlotOptions;

function sharesChart(share: Share): Chart {
  const series = [
    { label: "24 h ahead, all known", hue: "orange", shape: "triangle", x: 84, run: { horizon_h: 24 } },
    { label: "48 h, all known", hue: "blue", shape: "circle", x: 240, run: {} },
    {
      label: "48 h, colours as published",
      hue: "green",
      shape: "square",
      x: 360,
      run: { knows: "published" },
    },
    { label: "48 h, all uncertain", hue: "pink", shape: "diamond", x: 545, run: { knows: "sensors" } },
  ] as const;
  const points = homes
    .flatMap((home) =>
      series.map(({ label, run }) => ({
        ...{ label, home: classOf(home), emission: emissionOf(home), share: share(home, run) },
      })),
    )
    .filter((point) => measured(point.share));
  const range = (label: string) => {
    const shares = points.filter((point) => point.label === label).map((point) => point.share);
    return `${label}: ${least(shares).toFixed(1)} to ${most(shares).toFixed(1)} %`;
  };
  return {
    name: "shares",
    title: "Share of the attainable saving that is caught over the winter, by home",
    description: `${series.map(({ label }) => range(label)).join("; ")}. The table below has each home.`,
    panels: (palette) => [
      legend(series, palette),
      {
        ...byHome,
        height: 430,
        x: {
          domain: [Math.min(90, Math.floor(least(points.map((point) => point.share)))), 100.5],
          label: "share of what perfect foresight saves, %",
          labelAnchor: "center",
          labelArrow: "none",
        },
        marks: [
          Plot.gridX({ stroke: palette.grid, strokeOpacity: 1 }),
          Plot.ruleY(points, { y: "home", fy: "emission", stroke: palette.grid, strokeWidth: 0.5 }),
          Plot.ruleX([95], { stroke: palette.muted, strokeDasharray: "3 3" }),
          ...series.map(({ label, hue, shape }, i) =>
            Plot.dot(
              points.filter((point) => point.label === label),
              {
                ...{ x: "share", y: "home", fy: "emission", dy: 4.5 * (i - 1.5) },
                ...{ symbol: shape, fill: palette[hue], r: 4 },
              },
            ),
          ),
        ],
      },
    ],
  };
}

function modelsChart(share: Share): Chart {
  const all = modelHomes.flatMap((home) =>
    modelErrors.map((error) => ({
      home: `${home.home} home`,
      model: `C x ${error.capacitance}, losses x ${error.losses}`,
      right: share(home, { knows: "sensors" }),
      wrong: share(home, { knows: "sensors", model: { ...error, calibrated: false } }),
      calibrated: share(home, { knows: "sensors", model: { ...error, calibrated: true } }),
    })),
  );
  const rows = all.filter((row) => measured(row.right + row.wrong + row.calibrated));
  const entries = [
    { label: "wrong model", hue: "orange", shape: "triangle", x: 150 },
    { label: "the same, calibrated on four weeks", hue: "blue", shape: "circle", x: 260 },
    { label: "right model", hue: "green", shape: "square", x: 490 },
  ] as const;
  return {
    name: "models",
    title: "Share of the attainable saving with a wrong model, before and after calibration",
    description: rows
      .map(
        (row) =>
          `${row.home}, ${row.model}: ${row.wrong.toFixed(1)} % before, ${row.calibrated.toFixed(1)} % after, ${row.right.toFixed(1)} % with the right model`,
      )
      .join("; "),
    panels: (palette) => [
      legend(entries, palette),
      {
        ...byHome,
        ...{ marginLeft: 150, height: 300 },
        x: {
          domain: [Math.floor(least(rows.map((row) => row.wrong)) - 1), 100],
          label: "share of what perfect foresight saves, %",
          labelAnchor: "center",
          labelArrow: "none",
        },
        y: { label: null, tickSize: 0 },
        fy: { label: null, padding: 0.12, axis: "right" },
        marks: [
          Plot.gridX({ stroke: palette.grid, strokeOpacity: 1 }),
          Plot.arrow(rows, {
            ...{ x1: "wrong", x2: "calibrated", y: "model", fy: "home", inset: 6, headLength: 6 },
            stroke: palette.muted,
          }),
          Plot.dot(rows, {
            x: "right",
            y: "model",
            fy: "home",
            dy: -6,
            symbol: "square",
            r: 4,
            fill: palette.green,
          }),
          Plot.dot(rows, {
            x: "wrong",
            y: "model",
            fy: "home",
            symbol: "triangle",
            r: 4,
            fill: palette.orange,
          }),
          Plot.dot(rows, { x: "calibrated", y: "model", fy: "home", r: 4, fill: palette.blue }),
        ],
      },
    ],
  };
}

function stepsChart(excess_percent: (home: Home) => number): Chart {
  const rows = homes
    .map((home) => ({ home: classOf(home), emission: emissionOf(home), excess: excess_percent(home) }))
    .filter((row) => measured(row.excess));
  const all = rows.map(({ excess }) => excess);
  const [low, high] = [least([0, ...all]), most([0, ...all])];
  const room = 0.2 * (high - low);
  return {
    name: "steps",
    title: "What steps of 60 min cost over steps of 15 min, by home",
    description: rows.map((row) => `${row.home}, ${row.emission}: ${signed(row.excess)} %`).join("; "),
    panels: (palette) => [
      {
        ...byHome,
        height: 330,
        x: {
          domain: [low < 0 ? low - room : 0, high + room],
          label: "net cost with 60 min over that with 15 min, %",
          labelAnchor: "center",
          labelArrow: "none",
        },
        marks: [
          Plot.gridX({ stroke: palette.grid, strokeOpacity: 1 }),
          Plot.barX(rows, {
            x: "excess",
            y: "home",
            fy: "emission",
            fill: palette.blue,
            insetTop: 2,
            insetBottom: 2,
          }),
          Plot.ruleX([0], { stroke: palette.muted }),
          Plot.text(rows, {
            ...{
              x: "excess",
              y: "home",
              fy: "emission",
              text: (row) => signed(row.excess),
              fill: palette.ink,
            },
            ...{ dx: 6, textAnchor: "start", filter: (row) => row.excess >= 0 },
          }),
          Plot.text(rows, {
            ...{
              x: "excess",
              y: "home",
              fy: "emission",
              text: (row) => signed(row.excess),
              fill: palette.ink,
            },
            ...{ dx: -6, textAnchor: "end", filter: (row) => row.excess < 0 },
          }),
        ],
      },
    ],
  };
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 ? `\u2212${text}` : `+${text}`;
}
