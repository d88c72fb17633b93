/** What each chart of a building shows. */

import { axisWidth, line, plainAxis, stepped } from "@azru/page/browser/chart-axis.ts";
import { drawComfortBand } from "@azru/page/browser/chart-background.ts";
import { ink, isCompact } from "@azru/page/browser/theme.ts";
import type uPlot from "uplot";
import type { AlignedData, Axis, Band, Range, Scale, Series } from "uplot";
import type { PageBuilding as Building, PageRun as Run } from "./data.ts";
import { highest, lowest, means } from "./levels.ts";
import type { ChartWords } from "./words.ts";

export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly height: number; // CSS pixels
  readonly series: Series[];
  /** x and a column per series, with `count` steps in a point. */
  readonly data: (count: number) => AlignedData;
  /** What a point shows of several steps, % being their length; absent where each step keeps its own point. */
  readonly points?: string;
  readonly scales: Record<string, Scale>;
  /** Of y. */
  readonly axes: Axis[];
  /** What a reader who cannot see the chart should know. */
  readonly summary: string;
  readonly bands?: Band[];
  readonly background?: (chart: uPlot) => void;
}

export function figuresOf(building: Building, words: ChartWords): Figure[] {
  return [
    temperatureFigure(building, words),
    valveFigure(building, words),
    ...(building.fullPower_kw === null ? [powerFigure(building, words)] : []),
    costFigure(building, words),
    priceFigure(building, words),
  ];
}

/** Rooms above, on the left axis, outdoors below, on the right one, so that the lines do not cross. */
function temperatureFigure(building: Building, words: ChartWords): Figure {
  const { modes, number } = words;
  const { runs, floors, max_c, theta_e_c } = building;
  const lowest_c = Math.min(...floors.map(({ min_c }) => min_c));
  const highestFloor_c = Math.max(...floors.map(({ min_c }) => min_c));
  const roomShare = 0.62; // of the height
  const outdoorShare = 0.3;
  return {
    key: "temperature",
    title: words.air,
    height: isCompact() ? 280 : 340,
    series: [
      ...runs.map((run) => runLine(run, words, { scale: "room", value: valueText(words, 1, "°C") })),
      ...runs.flatMap(() => [bound("room"), bound("room")]),
      line({
        label: words.outdoors,
        stroke: ink("outdoor"),
        width: 1.25,
        scale: "outdoor",
        value: valueText(words, 1, "°C"),
      }),
    ],
    data: (count) =>
      onEdges(building, count, [
        ...runs.map((run) => means(run.theta_air_c, count)),
        ...runs.flatMap((run) => [highest(run.theta_air_c, count), lowest(run.theta_air_c, count)]),
        means(theta_e_c, count),
      ]),
    points: words.meansRange,
    bands: runs.map(({ mode }, i) => {
      const high = 1 + runs.length + 2 * i;
      return { series: [high, high + 1], fill: ink(`${mode}-area`) };
    }),
    scales: {
      room: {
        range: (_, min, max) => {
          const low = Math.min(min ?? lowest_c, lowest_c) - 0.5;
          const high = Math.max(max ?? highestFloor_c, highestFloor_c + 2) + 0.5;
          return [high - (high - low) / roomShare, high];
        },
      },
      outdoor: {
        range: (_, min, max) => {
          const low = (min ?? 0) - 1;
          const high = Math.max((max ?? 0) + 1, low + 6);
          return [low, low + (high - low) / outdoorShare];
        },
      },
    },
    axes: [
      yAxis("room", { grid: { show: false }, filter: ticksWithin(1 - roomShare, 1) }),
      rightAxis("outdoor", { space: 18, filter: ticksWithin(0, outdoorShare) }),
    ],
    background: (chart) =>
      drawComfortBand(
        chart,
        floors.map((floor) => ({ ...floor, max_c })),
        "room",
      ),
    summary: [
      ...runs.map((run) => `${modes[run.mode]} ${extent(words, run.theta_air_c, 1, "°C")}`),
      `${words.outdoorsSummary} ${extent(words, theta_e_c, 1, "°C")}`,
      lowest_c === highestFloor_c
        ? words.comfort(number(lowest_c, decimalsOf(lowest_c)), number(max_c, decimalsOf(max_c)))
        : words.bySchedule(
            number(lowest_c, decimalsOf(lowest_c)),
            number(highestFloor_c, decimalsOf(highestFloor_c)),
            number(max_c, decimalsOf(max_c)),
          ),
    ].join("; "),
  };
}

/** Where power is in proportion to the valve, the right axis reads it from the same lines. */
function valveFigure(building: Building, words: ChartWords): Figure {
  const { modes, number } = words;
  const { runs, fullPower_kw } = building;
  const percentText = (percent: number) => `${number(percent, 0)} %`;
  const powerText = (percent: number) =>
    fullPower_kw === null ? "" : `, ${number((percent / 100) * fullPower_kw, 2)} kW`;
  return {
    key: "valve",
    title: fullPower_kw === null ? words.valve : words.valvePower,
    height: isCompact() ? 150 : 170,
    series: runs.map((run) =>
      runLine(run, words, {
        ...area(run),
        scale: "valve",
        value: (_, percent) => (percent === null ? "" : percentText(percent) + powerText(percent)),
      }),
    ),
    data: (count) =>
      onEdges(
        building,
        count,
        runs.map((run) => held(means(run.valve_percent, count))),
      ),
    points: words.means,
    scales: {
      valve: { range: [0, 105] },
      ...(fullPower_kw === null ? {} : { power: { range: [0, 1.05 * fullPower_kw] } }),
    },
    axes: [
      yAxis("valve", { splits: [0, 25, 50, 75, 100] }),
      ...(fullPower_kw === null
        ? []
        : [rightAxis("power", { splits: [0, fullPower_kw / 2, fullPower_kw], values: axisTexts(words, 2) })]),
    ],
    summary: runs.map((run) => words.open(modes[run.mode], number(mean(run.valve_percent), 0))).join("; "),
  };
}

function powerFigure(building: Building, words: ChartWords): Figure {
  const { runs } = building;
  return {
    key: "power",
    title: words.power,
    height: isCompact() ? 150 : 170,
    series: runs.map((run) =>
      runLine(run, words, { ...area(run), scale: "power", value: valueText(words, 2, "kW") }),
    ),
    data: (count) =>
      onEdges(
        building,
        count,
        runs.map((run) => held(means(run.power_kw, count))),
      ),
    points: words.means,
    scales: { power: { range: fromZero(1.05) } },
    axes: [yAxis("power", { values: axisTexts(words, 1) })],
    summary: runs.map((run) => `${words.modes[run.mode]} ${extent(words, run.power_kw, 2, "kW")}`).join("; "),
  };
}

function costFigure(building: Building, words: ChartWords): Figure {
  const { runs } = building;
  return {
    key: "cost",
    title: words.cost,
    height: isCompact() ? 200 : 230,
    series: runs.map((run) => runLine(run, words, { scale: "cost", value: valueText(words, 2, "EUR") })),
    data: () =>
      onEdges(
        building,
        1,
        runs.map((run) => [0, ...run.cumulative_eur]),
      ),
    bands: runs.length === 2 ? [{ series: [1, 2], fill: ink("saving") }] : [],
    scales: { cost: { range: fromZero(1.05) } },
    axes: [yAxis("cost")],
    summary: runs
      .map((run) => words.atTheEnd(words.modes[run.mode], words.number(run.cumulative_eur.at(-1) ?? 0, 2)))
      .join("; "),
  };
}

function priceFigure(building: Building, words: ChartWords): Figure {
  const { price_eur_kwh } = building;
  return {
    key: "price",
    title: words.price,
    height: isCompact() ? 140 : 150,
    series: [
      line({
        label: words.priceLine,
        stroke: ink("text"),
        scale: "price",
        paths: stepped,
        value: valueText(words, 4, "EUR/kWh"),
      }),
    ],
    data: () => onEdges(building, 1, [held(price_eur_kwh)]),
    scales: { price: { range: fromZero(1.1) } },
    axes: [yAxis("price", { values: axisTexts(words, 2) })],
    summary: extent(words, price_eur_kwh, 4, "EUR/kWh"),
  };
}

// Lines

function runLine({ mode }: Run, { modes }: ChartWords, options: Series) {
  return line({ label: modes[mode], stroke: ink(mode), width: mode === "mpc" ? 2 : 1.5, ...options });
}

function area({ mode }: Run) {
  return { paths: stepped, width: 1.25, fill: ink(`${mode}-area`) };
}

/** One end of a range that is filled as a band, no line of its own. */
function bound(scale: string): Series {
  return { label: "", class: "bound", scale, width: 0, points: { show: false } };
}

// Data

/**
 * Columns over the edges of a building's points, with nothing where a column is shorter.
 *
 * @param count steps in a point
 */
function onEdges(
  { start_s, dt_s, theta_e_c }: Building,
  count: number,
  columns: (readonly number[])[],
): AlignedData {
  const steps = theta_e_c.length;
  const x = Array.from(
    { length: Math.ceil(steps / count) + 1 },
    (_, i) => start_s + dt_s * Math.min(i * count, steps),
  );
  return [x, ...columns.map((column) => x.map((_, i) => column[i] ?? null))];
}

/** The last value holds until its step ends. */
function held(values: readonly number[]) {
  return [...values, ...values.slice(-1)];
}

// Axes

function yAxis(scale: string, options: Axis = {}): Axis {
  return plainAxis({
    scale,
    size: axisWidth(),
    space: 34,
    grid: { stroke: ink("grid"), width: 1 },
    values: (_, splits) =>
      splits.map((value) => (value === null ? null : String(value).replace("-", "\u2212"))),
    ...options,
  });
}

function rightAxis(scale: string, options: Axis = {}): Axis {
  return yAxis(scale, { side: 1, grid: { show: false }, ...options });
}

function axisTexts({ number }: ChartWords, decimals: number): Axis.DynamicValues {
  return (_, splits) => splits.map((value) => (value === null ? null : number(value, decimals)));
}

/** Leaves out the ticks outside a part of the height, 0 below to 1 above. */
function ticksWithin(from: number, to: number): Axis.Filter {
  return (chart, splits, axis) => {
    const { min = 0, max = 0 } = chart.scales[chart.axes[axis].scale ?? ""];
    const share = (value: number) => (value - min) / (max - min);
    return splits.map((value) => (share(value) >= from && share(value) <= to ? value : null));
  };
}

function fromZero(headroom: number): Range.Function {
  return (_, min, max) => [Math.min(min ?? 0, 0), headroom * Math.max(max ?? 0, 0.01)];
}

// Texts

/** Of whole degrees none. */
function decimalsOf(value_c: number) {
  return Number.isInteger(value_c) ? 0 : 1;
}

function valueText({ number }: ChartWords, decimals: number, unit: string): NonNullable<Series["value"]> {
  return (_, value) => (value === null || value === undefined ? "" : `${number(value, decimals)} ${unit}`);
}

function extent(
  { number, extent: say }: ChartWords,
  values: readonly number[],
  decimals: number,
  unit: string,
) {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return say(number(min, decimals), number(max, decimals), unit);
}

function mean(values: readonly number[]) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
