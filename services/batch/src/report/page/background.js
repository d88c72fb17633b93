/** What lies behind the lines: the tariff, and the band of comfort. Drawn in canvas pixels. */
import { colour } from "@azru/page/theme.js";

/** @typedef {import("uplot")} Chart */
/** @typedef {import("./data.ts").PageSpan} Span */

/**
 * Days in their Tempo colour, peak hours darker.
 *
 * @param {readonly Span[]} spans
 * @returns {(chart: Chart) => void}
 */
export function tariffTints(spans) {
  return (chart) => {
    const { top, height } = chart.bbox;
    for (const { span, left, width } of inSight(chart, spans)) {
      if (span.colour !== null) fill(chart, `tempo-${span.colour}`, left, top, width, height);
      if (span.isPeak) fill(chart, "peak", left, top, width, height);
    }
  };
}

/**
 * A strip along the top in the full colours.
 *
 * @param {readonly Span[]} spans
 * @returns {(chart: Chart) => void}
 */
export function tariffStrip(spans) {
  return (chart) => {
    const height = Math.round(4 * devicePixelRatio);
    for (const { span, left, width } of inSight(chart, spans)) {
      if (span.colour !== null)
        fill(chart, `tempo-${span.colour}-strong`, left, chart.bbox.top, width, height);
    }
  };
}

/**
 * @template {{ readonly start_s: number, readonly end_s: number }} Stretch
 * @param {Chart} chart
 * @param {readonly Stretch[]} spans
 */
function* inSight(chart, spans) {
  const { bbox } = chart;
  const position = (/** @type {number} */ time_s) => {
    const x = Math.round(chart.valToPos(time_s, "x", true));
    return Math.min(Math.max(x, bbox.left), bbox.left + bbox.width);
  };
  for (const span of spans) {
    const left = position(span.start_s);
    const width = position(span.end_s) - left;
    if (width > 0) yield { span, left, width };
  }
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

/**
 * The band of comfort, whose lower edge steps with the schedule.
 *
 * @param {readonly import("./data.ts").PageFloor[]} floors
 * @param {number} max_c
 * @param {string} scale of the room temperature
 * @returns {(chart: Chart) => void}
 */
export function comfortBand(floors, max_c, scale) {
  return (chart) => {
    const { ctx, bbox } = chart;
    const highest_c = chart.scales[scale].max ?? max_c;
    const top = Math.round(chart.valToPos(Math.min(max_c, highest_c), scale, true));
    ctx.save();
    ctx.strokeStyle = colour("comfort-edge");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    if (max_c < highest_c) {
      ctx.moveTo(bbox.left, top + 0.5);
      ctx.lineTo(bbox.left + bbox.width, top + 0.5);
    }
    let end = Number.NaN;
    for (const { span, left, width } of inSight(chart, floors)) {
      const bottom = Math.round(chart.valToPos(span.min_c, scale, true));
      fill(chart, "comfort", left, top, width, bottom - top);
      if (left === end) ctx.lineTo(left, bottom + 0.5);
      else ctx.moveTo(left, bottom + 0.5);
      end = left + width;
      ctx.lineTo(end, bottom + 0.5);
    }
    ctx.stroke();
    ctx.restore();
  };
}
