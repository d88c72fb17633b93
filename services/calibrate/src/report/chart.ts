/** Charts as SVG that needs no script: lines over a number, and intervals. */
import { html } from "ghtml";

export interface Line {
  readonly label: string;
  /** CSS class that colours it. */
  readonly ink: string;
  /** Points left to right; a NaN breaks the line. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface LineChart {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly xTicks: readonly Tick[];
  /** For who cannot see the chart. */
  readonly summary: string;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const size = { width: 860, height: 280, left: 46, right: 28, top: 10, bottom: 26 };

/** A chart with a legend and a scale of y that fits the lines. */
export function lineChart({ title, lines, xTicks, summary }: LineChart): string {
  const all = (of: "x" | "y") => lines.flatMap((line) => line[of].filter((value) => !Number.isNaN(value)));
  const x = scale(extent(all("x")), size.left, size.width - size.right);
  const yTicks = niceTicks(extent(all("y")));
  const y = scale([yTicks[0], yTicks.at(-1)!], size.height - size.bottom, size.top);
  return html`<figure>
<figcaption>${title}</figcaption>
<ul class="legend">!${lines.map(({ label, ink }) => html`<li><span class="swatch ${ink}"></span>${label}</li>`)}</ul>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${summary}">
!${yTicks.map((at) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${pixel(y(at))}" y2="${pixel(y(at))}"/><text class="y" x="${size.left - 6}" y="${pixel(y(at) + 4)}">${tickText(at, yTicks)}</text>`)}
!${xTicks.map(({ at, label }) => html`<line class="grid" x1="${pixel(x(at))}" x2="${pixel(x(at))}" y1="${size.top}" y2="${size.height - size.bottom}"/><text class="x" x="${pixel(x(at))}" y="${size.height - 8}">${label}</text>`)}
!${lines.map((line) => html`<path class="line ${line.ink}" d="${path(line, x, y)}"/>`)}
</svg>
</figure>`;
}

function path({ x, y }: Line, toX: Scale, toY: Scale): string {
  let isDown = false;
  let commands = "";
  for (const [i, value] of y.entries()) {
    if (Number.isNaN(value)) {
      isDown = false;
      continue;
    }
    commands += `${isDown ? "L" : "M"}${pixel(toX(x[i]))} ${pixel(toY(value))}`;
    isDown = true;
  }
  return commands;
}

/** An estimate between its bounds, over what the file says. */
export interface Whisker {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Estimates as shares of the file's values, 1 being no change. */
export function whiskerChart(title: string, whiskers: readonly Whisker[]): string {
  const row = 30;
  const height = whiskers.length * row + 30;
  const left = 190;
  const ticks = niceTicks(extent([1, ...whiskers.flatMap(({ low, high }) => [low, high])]));
  const x = scale([ticks[0], ticks.at(-1)!], left, size.width - size.right);
  const summary = whiskers
    .map(
      ({ label, value, low, high }) =>
        `${label} ${value.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)}`,
    )
    .join("; ");
  return html`<figure>
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${size.width} ${height}" role="img" aria-label="${summary}">
!${ticks.map((at) => html`<line class="grid" x1="${pixel(x(at))}" x2="${pixel(x(at))}" y1="6" y2="${height - 24}"/><text class="x" x="${pixel(x(at))}" y="${height - 8}">${tickText(at, ticks)}</text>`)}
<line class="file-line" x1="${pixel(x(1))}" x2="${pixel(x(1))}" y1="6" y2="${height - 24}"/>
!${whiskers.map(({ label, value, low, high }, i) => {
    const y = 6 + row * (i + 0.5);
    return html`<text class="label" x="${left - 12}" y="${y + 4}">${label}</text><line class="whisker" x1="${pixel(x(low))}" x2="${pixel(x(high))}" y1="${y}" y2="${y}"/><circle class="dot" cx="${pixel(x(value))}" cy="${y}" r="4"/>`;
  })}
</svg>
</figure>`;
}

type Scale = (value: number) => number;

function scale([from, to]: readonly [number, number], low: number, high: number): Scale {
  return (value) => low + ((value - from) / (to - from || 1)) * (high - low);
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** Four to nine round numbers that enclose a range. */
function niceTicks([low, high]: readonly [number, number]): number[] {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 6)!;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, i) => (first + i) * step);
}

function tickText(value: number, ticks: readonly number[]): string {
  const step = ticks[1] - ticks[0];
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function pixel(value: number): string {
  return value.toFixed(1);
}
