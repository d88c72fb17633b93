/** Axes and lines that the charts of every page have in common. */
import type { Axis, Series } from "uplot";
import uPlot from "uplot";
import { axisFont, ink, isCompact } from "./theme.ts";
import { type TimeFormat, timeTicks } from "./time-axis.ts";

/** A line that holds each value until the next point. */
export const stepped = (uPlot.paths.stepped as Series.SteppedPathBuilderFactory)({ align: 1 });

/** A line without marks at its points. */
export function line(options: Series): Series {
  return { width: 1.5, points: { show: false }, ...options };
}

/** Width that each chart keeps for a y axis on either side, CSS pixels. */
export function axisWidth(): number {
  return isCompact() ? 38 : 50;
}

/** An axis without ticks, in the colours of the page. */
export function plainAxis(options: Axis = {}): Axis {
  return { stroke: ink("muted"), font: axisFont(), gap: 6, ticks: { show: false }, ...options };
}

/**
 * The axis of time, marked at round times of the home.
 *
 * @param midnights_s beginnings of the local days in sight, and of the one after; they may change while it is shown
 */
export function timeAxis(midnights_s: () => readonly number[], format: TimeFormat): Axis {
  const ticks = (chart: uPlot) => {
    const { min = 0, max = 0 } = chart.scales.x;
    const room = chart.bbox.width / devicePixelRatio / (isCompact() ? 56 : 72);
    return timeTicks(midnights_s(), min, max, room, format);
  };
  return plainAxis({
    size: 28,
    grid: { stroke: ink("grid"), width: 1 },
    splits: (chart) => ticks(chart).times_s,
    values: (chart, splits) => splits.map(ticks(chart).text),
  });
}
