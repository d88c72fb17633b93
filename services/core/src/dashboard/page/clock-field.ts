/**
 * Times of day and moments as people type them. A browser writes its own fields for these in the language of the
 * browser, not of the page: text is read instead, and a button opens the browser's calendar.
 */
import { dayOf } from "./format.ts";

/** "06:30" of "6:30", "6h30", "6 h" or "0630"; undefined where it is no time of day. */
export function timeOfDay(text: string): string | undefined {
  const parts =
    /^(\d{1,2})\s*(?:[:.]\s*(\d{2})|h\s*(\d{2})?)$/i.exec(text.trim()) ??
    /^(\d{2})(\d{2})$/.exec(text.trim());
  if (!parts) return undefined;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2] ?? parts[3] ?? 0)];
  return hours < 24 && minutes < 60 ? `${twoDigits(hours)}:${twoDigits(minutes)}` : undefined;
}

/**
 * "2026-02-21T18:00" of "21/02/2026 18:00", "21/2 18h" (the next such day) or of itself; undefined where it is no
 * moment.
 */
export function momentOf(text: string, nowMs: number): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})[T ](.+)$/.exec(text.trim());
  const typed = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?[\s,]+(.+)$/.exec(text.trim());
  const time = timeOfDay(iso?.[4] ?? typed?.[4] ?? "");
  if (time === undefined) return undefined;
  const day = iso ? realDay(iso[1], iso[2], iso[3]) : typed ? typedDay(typed, nowMs) : undefined;
  return day && `${day}T${time}`;
}

function typedDay([, day, month, year]: RegExpExecArray, nowMs: number): string | undefined {
  if (year !== undefined) return realDay(year, month, day);
  const today = dayOf(nowMs);
  const thisYear = Number(today.slice(0, 4));
  const next = [thisYear, thisYear + 1].map((one) => realDay(String(one), month, day));
  return next.find((one) => one !== undefined && one >= today);
}

/** The day as ISO 8601, undefined where the calendar has none. */
function realDay(year: string, month: string, day: string): string | undefined {
  const iso = `${year}-${twoDigits(Number(month))}-${twoDigits(Number(day))}`;
  const timeMs = Date.parse(`${iso}T00:00Z`);
  return Number.isNaN(timeMs) || new Date(timeMs).toISOString().slice(0, 10) !== iso ? undefined : iso;
}

/** "21/02/2026 18:00" of "2026-02-21T18:00". */
export function momentText(moment: string): string {
  const [day, time] = moment.split("T");
  return `${day.split("-").reverse().join("/")} ${time.slice(0, 5)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/**
 * Makes a text field one for a time of day: what is typed is written out when it is left.
 *
 * @param notATime said where it is none
 */
export function makeTimeField(input: HTMLInputElement, notATime: () => string): void {
  input.inputMode = "numeric";
  input.autocomplete = "off";
  input.placeholder = "06:30";
  input.addEventListener("input", () => {
    input.setCustomValidity(timeOfDay(input.value) === undefined ? notATime() : "");
  });
  input.addEventListener("change", () => {
    input.value = timeOfDay(input.value) ?? input.value;
  });
}

/** Lets the button beside a text field open the browser's calendar, which writes into the field. */
export function connectCalendar(input: HTMLInputElement, nowMs: () => number): void {
  const [button, calendar] = ["button", "input[type=datetime-local]"].map((selector) =>
    input.parentElement?.querySelector<HTMLInputElement>(selector),
  );
  if (!button || !calendar) throw new Error(`#${input.id} has no calendar`);
  button.addEventListener("click", () => {
    calendar.value = momentOf(input.value, nowMs()) ?? "";
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    if (calendar.value !== "") input.value = momentText(calendar.value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
