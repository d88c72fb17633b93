/** What lies behind the lines: the tariff, the band of comfort, and now. Drawn in canvas pixels. */
import { colour } from "@azru/page/theme.js";

/** @typedef {import("uplot")} Chart */
/** @typedef {import("./course.ts").Span} Span */

/**
 * Days in their Tempo colour, peak hours darker, with a strip along the top in the full colours.
 *
 * @param {Chart} chart
 * @param {readonly Span[]} spans
 */
export function drawTariff(chart, spans) {
  const { left, top, width, height } = chart.bbox;
  const strip = Math.round(4 * devicePixelRatio);
  for (const span of spans) {
    const from = within(chart.valToPos(span.start_s, "x", true), left, left + width);
    const length = within(chart.valToPos(span.end_s, "x", true), left, left + width) - from;
    if (length <= 0) continue;
    if (span.colour !== null) fill(chart, `tempo-${span.colour}`, from, top, length, height);
    if (span.isPeak) fill(chart, "peak", from, top, length, height);
    if (span.colour !== null) fill(chart, `tempo-${span.colour}-strong`, from, top, length, strip);
  }
}

/**
 * The band of comfort, whose lower edge steps with what is wished for.
 *
 * @param {Chart} chart
 * @param {readonly import("./course.ts").Setpoint[]} setpoints
 * @param {number} max_c
 * @param {number} highest canvas position of the top of the temperatures
 */
export function drawComfort(chart, setpoints, max_c, highest) {
  const { ctx, bbox } = chart;
  const { left, width } = bbox;
  const top = Math.max(Math.round(chart.valToPos(max_c, "room", true)), highest);
  ctx.save();
  ctx.strokeStyle = colour("comfort-edge");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  let end = Number.NaN;
  for (const { start_s, end_s, min_c } of setpoints) {
    const from = within(chart.valToPos(start_s, "x", true), left, left + width);
    const to = within(chart.valToPos(end_s, "x", true), left, left + width);
    const bottom = Math.round(chart.valToPos(min_c, "room", true));
    fill(chart, "comfort", from, top, to - from, bottom - top);
    if (from === end) ctx.lineTo(from, bottom + 0.5);
    else ctx.moveTo(from, bottom + 0.5);
    ctx.lineTo(to, bottom + 0.5);
    if (top > highest) {
      ctx.moveTo(from, top + 0.5);
      ctx.lineTo(to, top + 0.5);
      ctx.moveTo(to, bottom + 0.5);
    }
    end = to;
  }
  ctx.stroke();
  ctx.restore();
}

/** @param {Chart} chart @param {number} now_s @param {string} label */
export function drawNow(chart, now_s, label) {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(now_s, "x", true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colour("text");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.fillStyle = colour("text");
  ctx.font = `600 ${12 * devicePixelRatio}px ${colour("font")}`;
  ctx.textBaseline = "top";
  ctx.fillText(label, x + 6 * devicePixelRatio, bbox.top + 10 * devicePixelRatio);
  ctx.restore();
}

/** @param {number} value @param {number} min @param {number} max */
function within(value, min, max) {
  return Math.min(Math.max(Math.round(value), min), max);
}

/**
 * @param {Chart} chart
 * @param {string} name of the colour
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
function fill({ ctx }, name, left, top, width, height) {
  ctx.fillStyle = colour(name);
  ctx.fillRect(left, top, width, height);
}
