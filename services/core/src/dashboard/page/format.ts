/** Numbers and times as people of each language write them; times are the home's, whatever the browser's zone. */

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

export type Format = ReturnType<typeof createFormat>;

const home = "Europe/Paris";
const locales: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };

/** The first of a browser's languages that the page speaks; English where it speaks none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return (
    languages.find((language) => language === spoken.find((tag) => tag === "en" || tag === "fr")) ?? "en"
  );
}

/** What the controller turns: a valve, or the heating itself where the home has none. */
export type Actuator = "valve" | "heating";

const actuators: Readonly<Record<Language, Readonly<Record<Actuator, string>>>> = {
  en: { valve: "the valve", heating: "the heating" },
  fr: { valve: "la vanne", heating: "le chauffage" },
};

export function createFormat(language: Language, actuator: Actuator = "valve") {
  const locale = locales[language];
  const numbers = [0, 1, 2, 3, 4].map(
    (digits) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const euros = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" });
  const signedEuros = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    signDisplay: "exceptZero",
  });
  const time = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: home, hourCycle: "h23", ...options });
    return (timeMs: number) => format.format(timeMs);
  };
  const number = (value: number, digits: number) => {
    const text = numbers[digits].format(value);
    return (Number(value.toFixed(digits)) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
  };
  return {
    locale,
    /** "the valve" */
    actuator: actuators[language][actuator],
    hasValve: actuator === "valve",
    number,
    temperature: (value_c: number) => `${number(value_c, 1)}\u00a0°C`,
    percent: (value: number) => `${number(value, 0)}\u00a0%`,
    energy: (value_kwh: number) => `${number(value_kwh, value_kwh < 10 ? 1 : 0)}\u00a0kWh`,
    power: (value_w: number) => `${number(value_w / 1000, 2)}\u00a0kW`,
    price: (value_eur_kwh: number) => `${number(value_eur_kwh, 4)}\u00a0€/kWh`,
    /** With a plus sign where it is more than nothing. */
    difference: (value_eur: number) => signedEuros.format(value_eur).replace("-", "\u2212"),
    money: (value_eur: number) => euros.format(value_eur).replace("-", "\u2212"),
    /** "14:30" */
    clock: time({ hour: "2-digit", minute: "2-digit" }),
    /** "15 Jan" */
    day: time({ day: "numeric", month: "short" }),
    /** "12 November 2026" */
    longDay: time({ day: "numeric", month: "long", year: "numeric" }),
    /** "Thursday" */
    weekday: time({ weekday: "long" }),
    /** "Thu 15 Jan, 14:30" */
    instant: time({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
    /** "Thursday 15 January 2026, 14:30" */
    date: time({
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    }),
  };
}

const calendarDay = new Intl.DateTimeFormat("en-CA", { timeZone: home });
const homeTime = new Intl.DateTimeFormat("en-GB", {
  timeZone: home,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** The home's day that an instant lies in, `2026-01-15`. */
export function dayOf(timeMs: number): string {
  return calendarDay.format(timeMs);
}

/** As `<input type="datetime-local">` writes the home's time, `2026-01-15T14:30`. */
export function localMinute(timeMs: number): string {
  return `${dayOf(timeMs)}T${homeTime.format(timeMs).slice(0, 5)}`;
}

/** The instant of what `<input type="datetime-local">` holds, in the home's time; undefined while it is empty. */
export function homeTimeMs(local: string): number | undefined {
  const asUtcMs = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtcMs)) return undefined;
  const offsetMs = (timeMs: number) =>
    Date.parse(`${localMinute(timeMs)}Z`) - Math.floor(timeMs / 60_000) * 60_000;
  return asUtcMs - offsetMs(asUtcMs - offsetMs(asUtcMs));
}

/** Hours and their parts since midnight as the home's clocks show them. */
export function hourOf(timeMs: number): number {
  const [hours, minutes, seconds] = homeTime.format(timeMs).split(":").map(Number);
  return hours + minutes / 60 + seconds / 3600;
}

/** Whole minutes since midnight as the home's clocks show them. */
function minuteOf(timeMs: number): number {
  const [hours, minutes] = homeTime.format(timeMs).split(":").map(Number);
  return hours * 60 + minutes;
}

/** The instant at which the home's day began, Unix ms; also on days of 23 or 25 hours. */
export function midnightBefore(timeMs: number): number {
  const day = dayOf(timeMs);
  const minuteMs = 60_000;
  const guess = (Math.floor(timeMs / minuteMs) - minuteOf(timeMs)) * minuteMs;
  const midnight = [guess, guess + 60 * minuteMs, guess - 60 * minuteMs].find(
    (one) => minuteOf(one) === 0 && dayOf(one) === day,
  );
  if (midnight === undefined) throw new RangeError(`no midnight before ${timeMs}`);
  return midnight;
}

/** Where the home's days begin that touch `[startMs, endMs]`, and the one after, Unix ms. */
export function midnightsBetween(startMs: number, endMs: number): number[] {
  const midnights = [midnightBefore(startMs)];
  for (let last = midnights[0]; last <= endMs; midnights.push(last)) {
    last = midnightBefore(last + 36 * 3_600_000); // the next day's noon, or an hour beside it
  }
  return midnights;
}
