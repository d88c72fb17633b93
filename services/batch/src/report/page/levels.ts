/** Fewer points for more time in sight: what several steps have in common. */

const rounds_s = [1800, 3600, 7200, 4 * 3600, 8 * 3600, 24 * 3600];
const pointWidth = 1.7; // CSS pixels that a point needs, so that fast switching stays legible

/**
 * Steps to put into one point: 1 where all fit, else as many as make a round length of time.
 *
 * @param dt_s of a step
 * @param length_s of the stretch in sight
 * @param width of the chart, CSS pixels
 */
export function stepsPerPoint(dt_s: number, length_s: number, width: number): number {
  const needed_s = (length_s / width) * pointWidth;
  if (dt_s >= needed_s) return 1;
  const round_s =
    rounds_s.find((one_s) => one_s >= needed_s && one_s > dt_s) ?? Math.ceil(needed_s / 86_400) * 86_400;
  return Math.ceil(round_s / dt_s);
}

type Column = readonly number[];

/** The mean of every `count` values; the last point may have fewer. */
export function means(values: Column, count: number): Column {
  return points(values, count, (some) => some.reduce((sum, value) => sum + value, 0) / some.length);
}

/** The lowest of every `count` values. */
export function lowest(values: Column, count: number): Column {
  return points(values, count, (some) => Math.min(...some));
}

/** The highest of every `count` values. */
export function highest(values: Column, count: number): Column {
  return points(values, count, (some) => Math.max(...some));
}

function points(values: Column, count: number, pick: (some: Column) => number): Column {
  if (count === 1) return values;
  return Array.from({ length: Math.ceil(values.length / count) }, (_, i) =>
    pick(values.slice(i * count, (i + 1) * count)),
  );
}
