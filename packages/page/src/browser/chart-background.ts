/** What lies behind the lines of a chart: the tariff, the band of comfort, and now. Drawn in canvas pixels. */
import type { default as Chart } from "uplot";
import type { ComfortSpan, Stretch, TariffSpan } from "./spans.ts";
import { colour } from "./theme.ts";

const strip_px = 4;

/** Days in their Tempo colour, peak hours darker. */
export function drawTariffTints(chart: Chart, spans: readonly TariffSpan[]): void {
  const { top, height } = chart.bbox;
  for (const { span, left, width } of inSight(chart, spans)) {
    if (span.colour !== null) fill(chart, `tempo-${span.colour}`, { left, top, width, height });
    if (span.isPeak) fill(chart, "peak", { left, top, width, height });
  }
}

/** A strip along the top in the full colours. */
export function drawTariffStrip(chart: Chart, spans: readonly TariffSpan[]): void {
  const { top } = chart.bbox;
  const height = Math.round(strip_px * devicePixelRatio);
  for (const { span, left, width } of inSight(chart, spans)) {
    if (span.colour !== null) fill(chart, `tempo-${span.colour}-strong`, { left, top, width, height });
  }
}

/**
 * The band of comfort, whose edges step with the schedule; an edge beyond the scale is not drawn.
 *
 * @param scale of the room temperature
 */
export function drawComfortBand(chart: Chart, spans: readonly ComfortSpan[], scale: string): void {
  const { ctx, bbox } = chart;
  const highest = Math.round(bbox.top + strip_px * devicePixelRatio);
  ctx.save();
  ctx.strokeStyle = colour("comfort-edge");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  const edges = { lower: Number.NaN, upper: Number.NaN };
  const edge = (which: keyof typeof edges, left: number, right: number, y: number) => {
    if (left === edges[which]) ctx.lineTo(left, y + 0.5);
    else ctx.moveTo(left, y + 0.5);
    ctx.lineTo(right, y + 0.5);
    edges[which] = right;
  };
  const stretches = [...inSight(chart, spans)].map(({ span, left, width }) => ({
    left,
    width,
    top: Math.max(Math.round(chart.valToPos(span.max_c, scale, true)), highest),
    bottom: Math.round(chart.valToPos(span.min_c, scale, true)),
  }));
  for (const { left, width, top, bottom } of stretches) {
    fill(chart, "comfort", { left, top, width, height: bottom - top });
    edge("lower", left, left + width, bottom);
  }
  for (const { left, width, top } of stretches) {
    if (top > highest) edge("upper", left, left + width, top);
  }
  ctx.stroke();
  ctx.restore();
}

/** A line at the present time, with its name. */
export function drawNow(chart: Chart, now_s: number, label: string): void {
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

/** The part of each stretch that the chart shows, canvas pixels. */
function* inSight<S extends Stretch>(chart: Chart, spans: readonly S[]) {
  const { bbox } = chart;
  const position = (time_s: number) => {
    const x = Math.round(chart.valToPos(time_s, "x", true));
    return Math.min(Math.max(x, bbox.left), bbox.left + bbox.width);
  };
  for (const span of spans) {
    const left = position(span.start_s);
    const width = position(span.end_s) - left;
    if (width > 0) yield { span, left, width };
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param name of the colour, a custom property without dashes */
function fill({ ctx }: Chart, name: string, { left, top, width, height }: Box): void {
  ctx.fillStyle = colour(name);
  ctx.fillRect(left, top, width, height);
}
