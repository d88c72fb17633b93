/** The report's charts, with one cursor and one stretch of time, and their controls. Runs in the browser. */

import { axisWidth, timeAxis } from "@azru/page/browser/chart-axis.ts";
import { drawTariffStrip, drawTariffTints } from "@azru/page/browser/chart-background.ts";
import { onThemeChange } from "@azru/page/browser/theme.ts";
import { day_s } from "@azru/page/browser/time-axis.ts";
import uPlot from "uplot";
import type { PageData } from "./data.ts";
import { type Figure, figuresOf } from "./figures.ts";
import { showLanguage } from "./language.ts";
import { stepsPerPoint } from "./levels.ts";
import { wordsOfCharts } from "./words.ts";

const words = wordsOfCharts(showLanguage());
const data = JSON.parse(byId("report-data").textContent ?? "") as PageData;
const timeFormat = words.time;
const container = byId("charts");
const readout = byId("readout");
const hint = matchMedia("(hover: hover)").matches ? words.hintHover : words.hintTouch;

let building = data.buildings[0];
let figures: Figure[] = [];
/** One of each figure. */
let charts: uPlot[] = [];
let count = 1; // steps in a point

function byId(id: string) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the report has no #${id}`);
  return element;
}

function drawAll() {
  const view = charts[0] ? shown() : undefined;
  for (const chart of charts) chart.destroy();
  container.replaceChildren();
  figures = figuresOf(building, words);
  charts = figures.map(draw);
  charts[0].hooks.setScale = [showRange];
  charts[charts.length - 1].hooks.setCursor = [showInstant];
  show(...(view ?? period()));
}

function draw(figure: Figure) {
  const element = document.createElement("figure");
  element.dataset.chart = figure.key;
  element.append(captionOf(figure));
  container.append(element);
  const hasRightAxis = figure.axes.some(({ side }) => side === 1);
  const chart = new uPlot(
    {
      width: element.clientWidth,
      height: figure.height,
      padding: [8, hasRightAxis ? 0 : axisWidth(), 0, 0],
      cursor: {
        y: false,
        drag: { x: true, y: false, dist: 4 },
        sync: { key: "report", scales: ["x", null] },
        points: { size: 7 },
      },
      scales: { x: { time: false }, ...figure.scales },
      series: [{}, ...figure.series],
      bands: figure.bands ?? [],
      axes: [timeAxis(() => data.midnights_s, timeFormat), ...figure.axes],
      hooks: {
        drawClear: [
          (chart) => drawTariffTints(chart, data.spans),
          ...(figure.background ? [figure.background] : []),
          (chart) => drawTariffStrip(chart, data.spans),
        ],
      },
    },
    figure.data(count),
    element,
  );
  chart.ctx.canvas.setAttribute("role", "img");
  chart.ctx.canvas.setAttribute("aria-label", `${figure.title}. ${figure.summary}.`);
  return chart;
}

function captionOf({ title, points }: Figure) {
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  if (points !== undefined && count > 1) {
    const minutes = (count * building.dt_s) / 60;
    const length = minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
    const note = document.createElement("span");
    note.textContent = ` ${points.replace("%", length)}`;
    caption.append(note);
  }
  return caption;
}

/** @returns what there is to see */
function period(): [first_s: number, last_s: number] {
  return [building.start_s, building.start_s + building.dt_s * building.theta_e_c.length];
}

/** @returns what is in sight */
function shown(): [min_s: number, max_s: number] {
  const { min = 0, max = 0 } = charts[0].scales.x;
  return [min, max];
}

/** Brings a stretch of time into sight, kept within the period. */
function show(min_s: number, max_s: number) {
  const [first_s, last_s] = period();
  const length_s = Math.min(max_s - min_s, last_s - first_s);
  const min = Math.min(Math.max(min_s, first_s), last_s - length_s);
  for (const chart of charts) chart.setScale("x", { min, max: min + length_s });
}

/** Shows some days from the first local midnight in sight. */
function showDays(days: number) {
  const [min_s] = shown();
  const from_s = data.midnights_s.find((midnight_s) => midnight_s >= min_s - 3600) ?? min_s;
  show(from_s, from_s + days * day_s);
}

function move(direction: 1 | -1) {
  const [min_s, max_s] = shown();
  const step_s = direction * (max_s - min_s);
  show(min_s + step_s, max_s + step_s);
}

function showInstant() {
  const chart = charts[charts.length - 1];
  const { idx } = chart.cursor;
  if (idx === null || idx === undefined) {
    readout.textContent = hint;
    return;
  }
  const time_s = chart.data[0][idx];
  const span = data.spans.find(({ start_s, end_s }) => start_s <= time_s && time_s < end_s);
  const texts = [timeFormat.instant(time_s)];
  if (span?.colour) texts.push(words.dayNames[span.colour]);
  if (span) texts.push(span.isPeak ? words.peak : words.offPeak);
  readout.textContent = texts.join(", ");
}

const buttons = {
  earlier: button("earlier", () => move(-1)),
  day: button("day", () => showDays(1)),
  week: button("week", () => showDays(7)),
  whole: button("whole", () => show(...period())),
  later: button("later", () => move(1)),
};

function button(id: string, onPress: () => void) {
  const element = byId(id) as HTMLButtonElement;
  element.addEventListener("click", onPress);
  return element;
}

function showRange() {
  const [first_s, last_s] = period();
  const [min_s, max_s] = shown();
  const lengths_s = { day: day_s, week: 7 * day_s, whole: last_s - first_s };
  for (const key of ["day", "week", "whole"] as const) {
    buttons[key].hidden = key !== "whole" && lengths_s[key] >= lengths_s.whole;
    buttons[key].setAttribute("aria-pressed", String(Math.abs(max_s - min_s - lengths_s[key]) < 1));
  }
  buttons.earlier.disabled = min_s <= first_s;
  buttons.later.disabled = max_s >= last_s;
  queueMicrotask(refine); // a chart takes no data while it is being scaled
}

/** Gives the charts as many points as fit the stretch in sight. */
function refine() {
  const [min, max] = shown();
  const fitting = stepsPerPoint(building.dt_s, max - min, charts[0].bbox.width / devicePixelRatio);
  if (fitting === count) return;
  count = fitting;
  for (const [i, figure] of figures.entries()) {
    if (figure.points === undefined) continue;
    charts[i].setData(figure.data(count), false);
    charts[i].setScale("x", { min, max });
    charts[i].root.previousElementSibling?.replaceWith(captionOf(figure));
  }
}

/** @param index of the building */
function choose(index: number) {
  building = data.buildings[index];
  for (const element of document.querySelectorAll("[data-building]")) {
    if (element instanceof HTMLElement) element.hidden = element.dataset.building !== String(index);
  }
  drawAll();
}

document.getElementById("building")?.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement) choose(Number(target.value));
});

container.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const chart = charts[charts.length - 1];
  const from = chart.cursor.idx ?? chart.valToIdx(shown()[0]) - step;
  const to_s = chart.data[0][Math.min(Math.max(from + step, 0), chart.data[0].length - 1)];
  for (const each of charts) each.setCursor({ left: each.valToPos(to_s, "x"), top: 0 });
});

choose(0);

let width = container.clientWidth;
new ResizeObserver(() => {
  if (container.clientWidth === width) return;
  width = container.clientWidth;
  drawAll();
}).observe(container);

onThemeChange(() => {
  for (const chart of charts) chart.redraw();
});
