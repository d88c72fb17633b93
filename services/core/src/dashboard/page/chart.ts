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

/** Draws a course into a container, and reads it to whoever points at it or moves through it by the arrow keys. */
export class Chart {
  readonly #container: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #name: TextKey;
  #chart: uPlot | undefined;
  #picture: Picture | undefined;
  #width = 0;

  /**
   * @param readout where the values under the cursor are written
   * @param name of the chart, for those who cannot see it
   */
  constructor(container: HTMLElement, readout: HTMLElement, name: TextKey = "course") {
    this.#container = container;
    this.#readout = readout;
    this.#name = name;
    container.tabIndex = 0;
    container.setAttribute("role", "group");
    container.addEventListener("keydown", (event) => this.#step(event));
    new ResizeObserver(() => {
      if (container.clientWidth !== this.#width) this.#build();
    }).observe(container);
    onThemeChange(() => this.#chart?.redraw());
  }

  show(next: Picture): void {
    const hasNewTexts = next.texts !== this.#picture?.texts;
    this.#picture = next;
    if (!this.#chart || hasNewTexts) {
      this.#build();
      return;
    }
    this.#chart.setData(dataOf(next.course), false);
    this.#chart.setScale("x", { min: next.course.min_s, max: next.course.max_s });
    this.#describe();
  }

  #build(): void {
    if (!this.#picture) return;
    this.#chart?.destroy();
    this.#width = this.#container.clientWidth;
    this.#chart = new uPlot(this.#options(), dataOf(this.#picture.course), this.#container);
    this.#chart.ctx.canvas.setAttribute("role", "img");
    this.#describe();
    this.#read();
  }

  #options(): uPlot.Options {
    return {
      width: this.#width,
      height: isCompact() ? 350 : 400,
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [this.#shown.course.min_s, this.#shown.course.max_s] },
        room: { range: (_, min, max) => partRange(parts.room, ...roomRange(this.#shown, min, max)) },
        price: { range: (_, __, max) => partRange(parts.price, 0, Math.max(max ?? 0, 0.01)) },
        valve: { range: () => partRange(parts.valve, 0, 100) },
      },
      series: seriesOfCourse(),
      axes: axesOf(this.#shown.format, () => this.#shown.course.midnights_s),
      hooks: {
        drawClear: [(self) => drawBackground(self, this.#shown)],
        draw: [(self) => drawNow(self, this.#shown.course.now_s, this.#shown.texts.now)],
        setCursor: [() => this.#read()],
      },
    };
  }

  get #shown(): Picture {
    if (!this.#picture) throw new Error("the chart has nothing to show");
    return this.#picture;
  }

  #read(): void {
    const idx = this.#chart?.cursor.idx;
    const { texts } = this.#shown;
    if (idx === null || idx === undefined || (this.#chart?.cursor.left ?? -1) < 0) {
      this.#readout.textContent = matchMedia("(hover: hover)").matches ? texts.hintHover : texts.hintTouch;
      return;
    }
    this.#readout.textContent = readingAt(this.#shown, idx);
  }

  #describe(): void {
    this.#chart?.ctx.canvas.setAttribute("aria-label", descriptionOf(this.#shown, this.#name));
  }

  #step(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const chart = this.#chart;
    if (step === undefined || !chart) return;
    event.preventDefault();
    const times_s = chart.data[0];
    const from = chart.cursor.idx ?? chart.valToIdx(this.#shown.course.now_s) - step;
    const to = Math.min(Math.max(from + step, 0), times_s.length - 1);
    chart.setCursor({ left: chart.valToPos(times_s[to], "x"), top: 0 });
  }
}

function seriesOfCourse(): uPlot.Series[] {
  const scaled = { points: { show: false }, spanGaps: false };
  const valve = { ...scaled, scale: "valve", paths: stepped, stroke: ink("accent"), width: 1.25 };
  const room = { ...scaled, scale: "room", stroke: ink("accent"), width: 2.25 };
  return [
    {},
    { ...valve, fill: ink("area") },
    { ...valve, dash: [4, 3], fill: ink("area-planned") },
    { ...scaled, scale: "price", paths: stepped, stroke: ink("price"), width: 1.5 },
    room,
    { ...room, dash: [6, 4] },
  ];
}

function axesOf(format: Format, midnights_s: () => readonly number[]): uPlot.Axis[] {
  const size = isCompact() ? 42 : 52;
  return [
    timeAxis(midnights_s, createTimeFormat(format.locale)),
    {
      ...plainAxis(),
      scale: "room",
      size,
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
      size,
      splits: (self) => [0, highestPrice(self)],
      values: (_, splits) => splits.map((value) => `${format.number(value, 2)}\u00a0€`),
      grid: { show: false },
    },
  ];
}

function drawBackground(chart: uPlot, { course, comfort: { max: max_c } }: Picture): void {
  drawTariffTints(chart, course.spans);
  const band = course.setpoints.map((setpoint) => ({ ...setpoint, max_c }));
  drawComfortBand(chart, band, "room");
  drawTariffStrip(chart, course.spans);
}

/** Temperatures that the rooms' part of the height has to show. */
function roomRange({ comfort, course }: Picture, min: number | null, max: number | null): [number, number] {
  const setpoints_c = [comfort.min, ...course.setpoints.map(({ min_c }) => min_c)];
  const low = Math.min(min ?? comfort.min, ...setpoints_c) - 0.5;
  return [low, Math.max(Math.max(max ?? comfort.min, ...setpoints_c) + 0.5, low + 3)];
}

/** What stands at a point, in words. */
function readingAt({ course, format, texts }: Picture, idx: number): string {
  const time_s = course.time_s[idx];
  const isPast = time_s <= course.now_s;
  const theta_c = nearest(course.time_s, isPast ? course.measured_c : course.planned_c, idx);
  const valve = isPast ? course.valve_percent[idx] : course.plannedValve_percent[idx];
  const price = course.price_eur_kwh[idx];
  const span = spanAt(course.spans, time_s);
  return [
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
function descriptionOf({ course, format, texts }: Picture, name: TextKey): string {
  const extent = (
    name: string,
    column: readonly (number | null | undefined)[],
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
  return [texts[name], ...facts].join("; ");
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
