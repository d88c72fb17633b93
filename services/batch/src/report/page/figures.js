/** What each chart of a building shows. */

import { axisFont, ink, isCompact } from "@azru/page/theme.js";
import uPlot from "uplot";
import { comfortBand } from "./background.js";
import { highest, lowest, means } from "./levels.ts";

/** @typedef {import("./data.ts").PageBuilding} Building */
/** @typedef {import("./data.ts").PageRun} Run */
/** @typedef {import("uplot")} Chart */
/** @typedef {import("uplot").Series} Series */
/** @typedef {import("uplot").Axis} Axis */
/** @typedef {import("uplot").Scale} Scale */
/** @typedef {import("uplot").AlignedData} Data */

/**
 * @typedef {object} Figure
 * @property {string} key
 * @property {string} title
 * @property {number} height CSS pixels
 * @property {Series[]} series
 * @property {(count: number) => Data} data x and a column per series, with `count` steps in a point
 * @property {string} [points] what a point shows of several steps, % being their length; absent where each step keeps its own point
 * @property {Record<string, Scale>} scales
 * @property {Axis[]} axes of y
 * @property {string} summary what a reader who cannot see the chart should know
 * @property {import("uplot").Band[]} [bands]
 * @property {(chart: Chart) => void} [background]
 */

/** @param {Building} building @returns {Figure[]} */
export function figuresOf(building) {
  return [
    temperatureFigure(building),
    valveFigure(building),
    ...(building.fullPower_kw === null ? [powerFigure(building)] : []),
    costFigure(building),
    priceFigure(building),
  ];
}

/**
 * Rooms above, on the left axis, outdoors below, on the right one, so that the lines do not cross.
 *
 * @param {Building} building
 * @returns {Figure}
 */
function temperatureFigure(building) {
  const { runs, floors, max_c, theta_e_c } = building;
  const lowest_c = Math.min(...floors.map(({ min_c }) => min_c));
  const highestFloor_c = Math.max(...floors.map(({ min_c }) => min_c));
  const roomShare = 0.62; // of the height
  const outdoorShare = 0.3;
  return {
    key: "temperature",
    title: "Air temperature, °C",
    height: isCompact() ? 280 : 340,
    series: [
      ...runs.map((run) => runLine(run, { scale: "room", value: valueText(1, "°C") })),
      ...runs.flatMap(() => [bound("room"), bound("room")]),
      line({
        label: "Outdoors (right axis)",
        stroke: ink("outdoor"),
        width: 1.25,
        scale: "outdoor",
        value: valueText(1, "°C"),
      }),
    ],
    data: (count) =>
      onEdges(building, count, [
        ...runs.map((run) => means(run.theta_air_c, count)),
        ...runs.flatMap((run) => [highest(run.theta_air_c, count), lowest(run.theta_air_c, count)]),
        means(theta_e_c, count),
      ]),
    points: "means of %, range shaded",
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
    background: comfortBand(floors, max_c, "room"),
    summary: [
      ...runs.map((run) => `${names[run.mode]} ${extent(run.theta_air_c, 1, "°C")}`),
      `outdoors ${extent(theta_e_c, 1, "°C")}`,
      lowest_c === highestFloor_c
        ? `comfort from ${lowest_c} to ${max_c} °C`
        : `comfort by schedule from ${lowest_c} to ${highestFloor_c}, up to ${max_c} °C`,
    ].join("; "),
  };
}

/**
 * Where power is in proportion to the valve, the right axis reads it from the same lines.
 *
 * @param {Building} building
 * @returns {Figure}
 */
function valveFigure(building) {
  const { runs, fullPower_kw } = building;
  const percentText = (/** @type {number} */ percent) => `${number(percent, 0)} %`;
  const powerText = (/** @type {number} */ percent) =>
    fullPower_kw === null ? "" : `, ${number((percent / 100) * fullPower_kw, 2)} kW`;
  return {
    key: "valve",
    title: fullPower_kw === null ? "Valve, %" : "Valve, % and electric power, kW (right axis)",
    height: isCompact() ? 150 : 170,
    series: runs.map((run) =>
      runLine(run, {
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
    points: "means of %",
    scales: {
      valve: { range: [0, 105] },
      ...(fullPower_kw === null ? {} : { power: { range: [0, 1.05 * fullPower_kw] } }),
    },
    axes: [
      yAxis("valve", { splits: [0, 25, 50, 75, 100] }),
      ...(fullPower_kw === null
        ? []
        : [rightAxis("power", { splits: [0, fullPower_kw / 2, fullPower_kw], values: axisTexts(2) })]),
    ],
    summary: runs
      .map((run) => `${names[run.mode]} ${number(mean(run.valve_percent), 0)} % open on average`)
      .join("; "),
  };
}

/** @param {Building} building @returns {Figure} */
function powerFigure(building) {
  const { runs } = building;
  return {
    key: "power",
    title: "Electric power, kW",
    height: isCompact() ? 150 : 170,
    series: runs.map((run) => runLine(run, { ...area(run), scale: "power", value: valueText(2, "kW") })),
    data: (count) =>
      onEdges(
        building,
        count,
        runs.map((run) => held(means(run.power_kw, count))),
      ),
    points: "means of %",
    scales: { power: { range: fromZero(1.05) } },
    axes: [yAxis("power", { values: axisTexts(1) })],
    summary: runs.map((run) => `${names[run.mode]} ${extent(run.power_kw, 2, "kW")}`).join("; "),
  };
}

/** @param {Building} building @returns {Figure} */
function costFigure(building) {
  const { runs } = building;
  return {
    key: "cost",
    title: "Cost since the start, EUR",
    height: isCompact() ? 200 : 230,
    series: runs.map((run) => runLine(run, { scale: "cost", value: valueText(2, "EUR") })),
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
      .map((run) => `${names[run.mode]} ${number(run.cumulative_eur.at(-1) ?? 0, 2)} EUR at the end`)
      .join("; "),
  };
}

/** @param {Building} building @returns {Figure} */
function priceFigure(building) {
  const { price_eur_kwh } = building;
  return {
    key: "price",
    title: "Price of electricity, EUR/kWh",
    height: isCompact() ? 140 : 150,
    series: [
      line({
        label: "Price",
        stroke: ink("text"),
        scale: "price",
        paths: stepped,
        value: valueText(4, "EUR/kWh"),
      }),
    ],
    data: () => onEdges(building, 1, [held(price_eur_kwh)]),
    scales: { price: { range: fromZero(1.1) } },
    axes: [yAxis("price", { values: axisTexts(2) })],
    summary: extent(price_eur_kwh, 4, "EUR/kWh"),
  };
}

// Lines

const names = { manual: "Thermostat", mpc: "MPC" };

const stepped = /** @type {import("uplot").Series.SteppedPathBuilderFactory} */ (uPlot.paths.stepped)({
  align: 1,
});

/** @param {Series} options @returns {Series} */
function line(options) {
  return { width: 1.5, points: { show: false }, ...options };
}

/** @param {Run} run @param {Series} options */
function runLine({ mode }, options) {
  return line({ label: names[mode], stroke: ink(mode), width: mode === "mpc" ? 2 : 1.5, ...options });
}

/** @param {Run} run */
function area({ mode }) {
  return { paths: stepped, width: 1.25, fill: ink(`${mode}-area`) };
}

/** One end of a range that is filled as a band, no line of its own. @param {string} scale @returns {Series} */
function bound(scale) {
  return { label: "", class: "bound", scale, width: 0, points: { show: false } };
}

// Data

/**
 * Columns over the edges of a building's points, with nothing where a column is shorter.
 *
 * @param {Building} building
 * @param {number} count steps in a point
 * @param {(readonly number[])[]} columns
 * @returns {Data}
 */
function onEdges({ start_s, dt_s, theta_e_c }, count, columns) {
  const steps = theta_e_c.length;
  const x = Array.from(
    { length: Math.ceil(steps / count) + 1 },
    (_, i) => start_s + dt_s * Math.min(i * count, steps),
  );
  return [x, ...columns.map((column) => x.map((_, i) => column[i] ?? null))];
}

/** The last value holds until its step ends. @param {readonly number[]} values */
function held(values) {
  return [...values, ...values.slice(-1)];
}

// Axes

/** @param {string} scale @param {Axis} [options] @returns {Axis} */
function yAxis(scale, options) {
  return {
    scale,
    stroke: ink("muted"),
    font: axisFont(),
    size: axisWidth(),
    gap: 6,
    space: 34,
    grid: { stroke: ink("grid"), width: 1 },
    ticks: { show: false },
    values: (_, splits) =>
      splits.map((value) => (value === null ? null : String(value).replace("-", "\u2212"))),
    ...options,
  };
}

/** @param {string} scale @param {Axis} [options] @returns {Axis} */
function rightAxis(scale, options) {
  return yAxis(scale, { side: 1, grid: { show: false }, ...options });
}

/** @param {number} decimals @returns {import("uplot").Axis.DynamicValues} */
function axisTexts(decimals) {
  return (_, splits) => splits.map((value) => (value === null ? null : number(value, decimals)));
}

/**
 * Leaves out the ticks outside a part of the height, 0 below to 1 above.
 *
 * @param {number} from
 * @param {number} to
 * @returns {import("uplot").Axis.Filter}
 */
function ticksWithin(from, to) {
  return (chart, splits, axis) => {
    const { min = 0, max = 0 } = chart.scales[chart.axes[axis].scale ?? ""];
    const share = (/** @type {number} */ value) => (value - min) / (max - min);
    return splits.map((value) => (share(value) >= from && share(value) <= to ? value : null));
  };
}

/** @param {number} headroom @returns {import("uplot").Range.Function} */
function fromZero(headroom) {
  return (_, min, max) => [Math.min(min ?? 0, 0), headroom * Math.max(max ?? 0, 0.01)];
}

// Texts

/** @param {number} value @param {number} decimals */
function number(value, decimals) {
  return value.toFixed(decimals).replace("-", "\u2212");
}

/** @param {number} decimals @param {string} unit @returns {NonNullable<Series["value"]>} */
function valueText(decimals, unit) {
  return (_, value) => (value === null || value === undefined ? "" : `${number(value, decimals)} ${unit}`);
}

/** @param {readonly number[]} values @param {number} decimals @param {string} unit */
function extent(values, decimals, unit) {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return `from ${number(min, decimals)} to ${number(max, decimals)} ${unit}`;
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Width that each chart keeps for a y axis on either side, CSS pixels. */
export function axisWidth() {
  return isCompact() ? 38 : 50;
}
