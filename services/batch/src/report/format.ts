/** Numbers and times as people read them in the report. */
import { instantText } from "@azru/page/browser/time-axis.ts";

const sign = "\u2212"; // minus, as wide as a digit

/** Fixed decimals, and a true minus sign; never a negative zero. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? sign + text : text;
}

/** As `fixed`, with a plus sign where positive. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return Number(text) > 0 ? `+${text}` : text;
}

/** "1 day", "1.5 days". */
export function dayCount(days: number): string {
  const text = String(Number(days.toFixed(1)));
  return `${text} ${text === "1" ? "day" : "days"}`;
}

const day = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Paris",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** The days from `startMs` to `endMs` (exclusive) in Europe/Paris: "1 – 4 February 2026". */
export function days(startMs: number, endMs: number): string {
  return day.formatRange(startMs, endMs - 1);
}

/** An instant in Europe/Paris: "Sun, 1 Feb 2026, 00:00". */
export function instant(timeMs: number): string {
  return instantText(timeMs / 1000);
}
