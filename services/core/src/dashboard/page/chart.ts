/** The past day and the planned one in one chart: temperatures above, price between, valve below. */

import { plainAxis, stepped, timeAxis } from "@azru/page/browser/chart-axis.ts";
import {
  drawComfortBand,
  drawNow,
  drawTariffStrip,
  drawTariffTints,
} from "@azru/page/browser/chart-background.ts";
import { ink, isCompact, onThemeChange } from "@azru/page/browser/theme.ts";
import { createTimeFormat } from "@azru/page/browser/time-axis.ts";
import uPlot from "uplot";
import type { Course } from "./course.ts";
import { spanAt } from "./course.ts";
import type { Format } from "./format.ts";
import type { TextKey } from "./texts.ts";

export type Texts = Readonly<Record<TextKey, string>>;
export type Picture = { course: Course; comfort: { min: number; max: number }; format: Format; texts: Texts };

/** Shares of the height, from the bottom. */
const parts = { valve: [0.02, 0.18], price: [0.23, 0.38], room: [0.44, 0.96] };

/** @param name of the chart, for those who cannot see it */
export function createChart(container: HTMLElement, readout: HTMLElement, name: TextKey = "course") {
  let chart: uPlot | undefined;
  let picture: Picture | undefined;
  let width = 0;

  function show(next: Picture) {
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

  function optionsOf(width: number): uPlot.Options {
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
        timeAxis(() => shown().course.midnights_s, createTimeFormat(format.locale)),
        {
          ...plainAxis(),
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
          ...plainAxis(),
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
            drawTariffTints(self, course.spans);
            const { max: max_c } = comfort;
            drawComfortBand(
              self,
              course.setpoints.map((setpoint) => ({ ...setpoint, max_c })),
              "room",
            );
            drawTariffStrip(self, course.spans);
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

  function roomRange(min: number | null, max: number | null): [number, number] {
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
      span?.colour ? texts[`${span.colour}Day` as const] : undefined,
    ]
      .filter((text) => text !== undefined)
      .join(" · ");
  }

  /** What a reader who cannot see the chart should know. */
  function describe() {
    const { course, format, texts } = shown();
    const extent = (
      name: string,
      column: (number | null | undefined)[],
      write: (value: number) => string,
    ) => {
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
    chart?.ctx.canvas.setAttribute("aria-label", [texts[name], ...facts].join("; "));
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

function dataOf(course: Course): uPlot.AlignedData {
  return [
    course.time_s,
    course.valve_percent,
    course.plannedValve_percent,
    course.price_eur_kwh,
    course.measured_c,
    course.planned_c,
  ];
}

/** The range of a scale whose values from `low` to `high` fill a part of the height. */
function partRange([bottom, top]: number[], low: number, high: number): [number, number] {
  const whole = (high - low) / (top - bottom);
  return [low - bottom * whole, low + (1 - bottom) * whole];
}

/** Where the valve's 0 and 100 % are on the axis of the temperatures. */
function valveSplits(chart: uPlot) {
  const { min = 0, max = 1 } = chart.scales.room;
  return parts.valve.map((share) => min + share * (max - min));
}

/** Whole degrees in their part of the height. */
function roomSplits(chart: uPlot) {
  const { min = 0, max = 1 } = chart.scales.room;
  const low = min + parts.room[0] * (max - min);
  const high = min + parts.room[1] * (max - min);
  const every = [1, 2, 5, 10].find((step) => (high - low) / step <= 6) ?? 20;
  const splits = [];
  for (let value = Math.ceil(low / every) * every; value <= high; value += every) splits.push(value);
  return splits;
}

/** The top of the prices' part. */
function highestPrice(chart: uPlot) {
  const { min = 0, max = 1 } = chart.scales.price;
  return min + parts.price[1] * (max - min);
}

/** The value of the point next to an index, within an hour. */
function nearest(time_s: readonly number[], column: readonly (number | null | undefined)[], idx: number) {
  let best: number | undefined;
  let distance_s = 3600;
  for (const [i, value] of column.entries()) {
    const away_s = Math.abs(time_s[i] - time_s[idx]);
    if (typeof value !== "number" || away_s > distance_s) continue;
    best = value;
    distance_s = away_s;
  }
  return best;
}
