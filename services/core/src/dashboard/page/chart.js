/** The past day and the planned one in one chart: temperatures above, price between, valve below. */

import { axisFont, colour, ink, isCompact, onThemeChange } from "@azru/page/theme.js";
import uPlot from "uplot";
import { drawComfort, drawNow, drawTariff } from "./background.js";
import { spanAt } from "./course.ts";
import { hourOf } from "./format.ts";
import { hourTicks } from "./time-axis.ts";

/** @typedef {import("./course.ts").Course} Course */
/** @typedef {import("./format.ts").Format} Format */
/** @typedef {Readonly<Record<import("./texts.ts").TextKey, string>>} Texts */
/** @typedef {{ course: Course, comfort: { min: number, max: number }, format: Format, texts: Texts }} Picture */

/** Shares of the height, from the bottom. */
const parts = { valve: [0.02, 0.18], price: [0.23, 0.38], room: [0.44, 0.96] };

const stepped = /** @type {import("uplot").Series.SteppedPathBuilderFactory} */ (uPlot.paths.stepped)({
  align: 1,
});

/**
 * @param {HTMLElement} container
 * @param {HTMLElement} readout
 */
export function createChart(container, readout) {
  /** @type {uPlot | undefined} */
  let chart;
  /** @type {Picture | undefined} */
  let picture;
  let width = 0;

  /** @param {Picture} next */
  function show(next) {
    const hasNewTexts = next.texts !== picture?.texts;
    picture = next;
    if (!chart || hasNewTexts) return build();
    chart.setData(dataOf(next.course), false);
    chart.setScale("x", { min: next.course.min_s, max: next.course.max_s });
    describe();
    return undefined;
  }

  function build() {
    if (!picture) return;
    chart?.destroy();
    width = container.clientWidth;
    chart = new uPlot(optionsOf(width), dataOf(picture.course), container);
    chart.ctx.canvas.setAttribute("role", "img");
    describe();
    read();
  }

  /** @param {number} width @returns {uPlot.Options} */
  function optionsOf(width) {
    const { format } = shown();
    const scaled = { points: { show: false }, spanGaps: false };
    return {
      width,
      height: isCompact() ? 350 : 400,
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [shown().course.min_s, shown().course.max_s] },
        room: { range: (_, min, max) => partRange(parts.room, ...roomRange(min, max)) },
        price: { range: (_, __, max) => partRange(parts.price, 0, Math.max(max ?? 0, 0.01)) },
        valve: { range: () => partRange(parts.valve, 0, 100) },
      },
      series: [
        {},
        { ...scaled, scale: "valve", paths: stepped, stroke: ink("accent"), width: 1.25, fill: ink("area") },
        {
          ...scaled,
          scale: "valve",
          paths: stepped,
          stroke: ink("accent"),
          width: 1.25,
          dash: [4, 3],
          fill: ink("area-planned"),
        },
        { ...scaled, scale: "price", paths: stepped, stroke: ink("price"), width: 1.5 },
        { ...scaled, scale: "room", stroke: ink("accent"), width: 2.25 },
        { ...scaled, scale: "room", stroke: ink("accent"), width: 2.25, dash: [6, 4] },
      ],
      axes: [
        {
          ...axis(),
          size: 28,
          splits: (self) => hourTicks(self.scales.x.min ?? 0, self.scales.x.max ?? 0, width / 64),
          values: (_, splits) =>
            splits.map((at_s) => (hourOf(at_s * 1000) === 0 ? format.day : format.clock)(at_s * 1000)),
          grid: { stroke: ink("grid"), width: 1 },
        },
        {
          ...axis(),
          scale: "room",
          size: isCompact() ? 42 : 52,
          splits: (self) => [...valveSplits(self), ...roomSplits(self)],
          values: (self, splits) => {
            const valve = valveSplits(self);
            return splits.map((value) =>
              valve.includes(value)
                ? format.percent(valve[0] === value ? 0 : 100)
                : `${format.number(value, 0)}\u00a0°C`,
            );
          },
          grid: { show: false },
        },
        {
          ...axis(),
          scale: "price",
          side: 1,
          size: isCompact() ? 42 : 52,
          splits: (self) => [0, highestPrice(self)],
          values: (_, splits) => splits.map((value) => `${format.number(value, 2)}\u00a0€`),
          grid: { show: false },
        },
      ],
      hooks: {
        drawClear: [
          (self) => {
            const { course, comfort } = shown();
            drawTariff(self, course.spans);
            drawComfort(
              self,
              course.setpoints,
              comfort.max,
              Math.round(self.bbox.top + 4 * devicePixelRatio),
            );
          },
        ],
        draw: [(self) => drawNow(self, shown().course.now_s, shown().texts.now)],
        setCursor: [read],
      },
    };
  }

  function shown() {
    if (!picture) throw new Error("the chart has nothing to show");
    return picture;
  }

  /** @param {number | null} min @param {number | null} max @returns {[number, number]} */
  function roomRange(min, max) {
    const { comfort, course } = shown();
    const wished = [comfort.min, ...course.setpoints.map(({ min_c }) => min_c)];
    const low = Math.min(min ?? comfort.min, ...wished) - 0.5;
    return [low, Math.max(Math.max(max ?? comfort.min, ...wished) + 0.5, low + 3)];
  }

  function read() {
    const { course, format, texts } = shown();
    const idx = chart?.cursor.idx;
    if (idx === null || idx === undefined || (chart?.cursor.left ?? -1) < 0) {
      readout.textContent = matchMedia("(hover: hover)").matches ? texts.hintHover : texts.hintTouch;
      return;
    }
    const time_s = course.time_s[idx];
    const measured_c = nearest(course.time_s, course.measured_c, idx);
    const planned_c = nearest(course.time_s, course.planned_c, idx);
    const isPast = time_s <= course.now_s;
    const theta_c = isPast ? measured_c : planned_c;
    const valve = isPast ? course.valve_percent[idx] : course.plannedValve_percent[idx];
    const price = course.price_eur_kwh[idx];
    const span = spanAt(course.spans, time_s);
    readout.textContent = [
      format.instant(time_s * 1000),
      isPast ? undefined : texts.planned,
      theta_c === undefined ? undefined : format.temperature(theta_c),
      typeof valve === "number" ? `${texts.valveLine} ${format.percent(valve)}` : undefined,
      typeof price === "number" ? format.price(price) : undefined,
      span?.colour ? texts[/** @type {const} */ (`${span.colour}Day`)] : undefined,
    ]
      .filter((text) => text !== undefined)
      .join(" · ");
  }

  /** What a reader who cannot see the chart should know. */
  function describe() {
    const { course, format, texts } = shown();
    /** @param {string} name @param {(number | null | undefined)[]} column @param {(value: number) => string} write */
    const extent = (name, column, write) => {
      const known = column.filter((value) => typeof value === "number");
      if (known.length === 0) return [];
      return [`${name}: ${write(Math.min(...known))} – ${write(Math.max(...known))}`];
    };
    const facts = [
      ...extent(texts.measured, course.measured_c, format.temperature),
      ...extent(`${texts.measured}, ${texts.planned}`, course.planned_c, format.temperature),
      ...extent(texts.valveLine, course.valve_percent, format.percent),
      ...extent(`${texts.valveLine}, ${texts.planned}`, course.plannedValve_percent, format.percent),
      ...extent(texts.priceLine, course.price_eur_kwh, format.price),
    ];
    chart?.ctx.canvas.setAttribute("aria-label", [texts.course, ...facts].join("; "));
  }

  container.tabIndex = 0;
  container.setAttribute("role", "group");
  container.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || !chart) return;
    event.preventDefault();
    const times_s = chart.data[0];
    const from = chart.cursor.idx ?? chart.valToIdx(shown().course.now_s) - step;
    const to = Math.min(Math.max(from + step, 0), times_s.length - 1);
    chart.setCursor({ left: chart.valToPos(times_s[to], "x"), top: 0 });
  });
  new ResizeObserver(() => {
    if (container.clientWidth !== width) build();
  }).observe(container);
  onThemeChange(() => chart?.redraw());

  return { show };
}

/** @param {Course} course @returns {uPlot.AlignedData} */
function dataOf(course) {
  return [
    course.time_s,
    course.valve_percent,
    course.plannedValve_percent,
    course.price_eur_kwh,
    course.measured_c,
    course.planned_c,
  ];
}

/** @returns {uPlot.Axis} */
function axis() {
  return { stroke: () => colour("muted"), font: axisFont(), gap: 6, ticks: { show: false } };
}

/**
 * The range of a scale whose values from `low` to `high` fill a part of the height.
 *
 * @param {number[]} part
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function partRange([bottom, top], low, high) {
  const whole = (high - low) / (top - bottom);
  return [low - bottom * whole, low + (1 - bottom) * whole];
}

/** Where the valve's 0 and 100 % are on the axis of the temperatures. @param {uPlot} chart */
function valveSplits(chart) {
  const { min = 0, max = 1 } = chart.scales.room;
  return parts.valve.map((share) => min + share * (max - min));
}

/** Whole degrees in their part of the height. @param {uPlot} chart */
function roomSplits(chart) {
  const { min = 0, max = 1 } = chart.scales.room;
  const low = min + parts.room[0] * (max - min);
  const high = min + parts.room[1] * (max - min);
  const every = [1, 2, 5, 10].find((step) => (high - low) / step <= 6) ?? 20;
  const splits = [];
  for (let value = Math.ceil(low / every) * every; value <= high; value += every) splits.push(value);
  return splits;
}

/** The top of the prices' part. @param {uPlot} chart */
function highestPrice(chart) {
  const { min = 0, max = 1 } = chart.scales.price;
  return min + parts.price[1] * (max - min);
}

/**
 * The value of the point next to an index, within an hour.
 *
 * @param {readonly number[]} time_s
 * @param {readonly (number | null | undefined)[]} column
 * @param {number} idx
 */
function nearest(time_s, column, idx) {
  /** @type {number | undefined} */
  let best;
  let distance_s = 3600;
  for (const [i, value] of column.entries()) {
    const away_s = Math.abs(time_s[i] - time_s[idx]);
    if (typeof value !== "number" || away_s > distance_s) continue;
    best = value;
    distance_s = away_s;
  }
  return best;
}
