/** The Tempo tariff: six prices by colour and period, an expectation where the colour is undecided. */
import { publishedCalendar, type TempoCalendar } from "./calendar.ts";
import { ratesByPeriod } from "./periods.ts";
import { type PriceTable, pricesAt, priceTableSchema, tempoPrices } from "./prices.ts";
import { type ColourProbabilities, colourProbabilities } from "./probabilities.ts";
import type { Period, Tariff } from "./rate.ts";
import { lastPublishedDay } from "./tempo-day.ts";

export interface TempoTariffOptions {
  readonly calendar: TempoCalendar;
  /** In any order; the regulated prices by default. */
  readonly prices?: readonly PriceTable[];
  /** How likely each colour is on an undecided day, given what is known; by rules and quotas by default. */
  readonly expectation?: (day: string, known: TempoCalendar) => ColourProbabilities;
}

/** What was known after one publication, and the expected prices that follow from it. */
interface Knowledge {
  readonly lastPublishedDay: string | undefined;
  readonly calendar: TempoCalendar;
  readonly expected: Map<string, Readonly<Record<Period, number>>>;
}

/**
 * The Tempo tariff of a calendar. On a day whose colour the calendar lacks, or published only after
 * `knownAtMs`, the price is the mean of the three colours' prices weighted by their probabilities and the
 * rate's colour is `unknown`; this holds for an empty calendar too. The calendar must not change afterwards.
 *
 * @throws RangeError naming the field and value of a malformed price table; `rates` throws one when no price
 *   table has begun, or when a custom `expectation` gives no probabilities that sum to 1
 */
export function tempoTariff(options: TempoTariffOptions): Tariff {
  const { calendar, prices = tempoPrices, expectation = colourProbabilities } = options;
  checkPrices(prices);
  let knowledge: Knowledge = { lastPublishedDay: undefined, calendar, expected: new Map() };

  const knownAt = (knownAtMs: number | undefined): Knowledge => {
    const last = knownAtMs === undefined ? undefined : lastPublishedDay(knownAtMs);
    // Successive calls ask at close instants: one publication serves a day of them.
    if (last !== knowledge.lastPublishedDay) {
      const known = knownAtMs === undefined ? calendar : publishedCalendar(calendar, knownAtMs);
      knowledge = { lastPublishedDay: last, calendar: known, expected: new Map() };
    }
    return knowledge;
  };

  const expectedPrices = (day: string, known: Knowledge): Readonly<Record<Period, number>> => {
    let expected = known.expected.get(day);
    if (expected === undefined) {
      const p = expectation(day, known.calendar);
      checkProbabilities(day, p);
      const { blue, white, red } = pricesAt(day, prices).prices_eur_kwh;
      const mean = (period: Period) => p.blue * blue[period] + p.white * white[period] + p.red * red[period];
      expected = { peak: mean("peak"), offPeak: mean("offPeak") };
      known.expected.set(day, expected);
    }
    return expected;
  };

  return {
    name: `Tempo (${calendar.source})`,
    rates(startMs, endMs, knownAtMs) {
      const known = knownAt(knownAtMs);
      return ratesByPeriod(startMs, endMs, ({ day }, period) => {
        const colour = known.calendar.colours.get(day);
        return colour === undefined
          ? { price_eur_kwh: expectedPrices(day, known)[period], colour: "unknown" }
          : { price_eur_kwh: pricesAt(day, prices).prices_eur_kwh[colour][period], colour };
      });
    },
  };
}

function checkPrices(prices: readonly PriceTable[]): void {
  const parsed = priceTableSchema.array().nonempty().safeParse(prices, { reportInput: true });
  const issue = parsed.error?.issues[0];
  if (issue !== undefined) {
    throw new RangeError(
      `${["prices", ...issue.path].join(".")}: ${issue.message}, got ${JSON.stringify(issue.input)}`,
    );
  }
}

function checkProbabilities(day: string, { blue, white, red }: ColourProbabilities): void {
  const sumError = Math.abs(blue + white + red - 1);
  if (!(blue >= 0 && white >= 0 && red >= 0 && sumError < 1e-9)) {
    throw new RangeError(
      `expectation for ${day} must be probabilities that sum to 1, got ${JSON.stringify({ blue, white, red })}`,
    );
  }
}
