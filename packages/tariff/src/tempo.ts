/** The Tempo tariff: six prices by colour and period, an expectation where the colour is undecided. */
import { publishedCalendar, type TempoCalendar } from "./calendar.ts";
import { ratesByPeriod } from "./periods.ts";
import { priceTree } from "./price-tree.ts";
import { type PriceTable, pricesAt, priceTableSchema, tempoPrices } from "./prices.ts";
import { type ColourProbabilities, colourProbabilities } from "./probabilities.ts";
import type { Tariff, TempoColour } from "./rate.ts";
import { lastPublishedDay, type TempoDay, tempoDayAt } from "./tempo-day.ts";

export interface TempoTariffOptions {
  readonly calendar: TempoCalendar;
  /** In any order; the regulated prices by default. */
  readonly prices?: readonly PriceTable[];
  /**
   * How likely each colour is on an undecided day, given what is known; by rules and quotas by default (see
   * `temperatureExpectation` for one that looks at the weather). `knownAtMs` is the instant of asking, absent
   * when all that the calendar holds is known.
   */
  readonly expectation?: (day: string, known: TempoCalendar, knownAtMs?: number) => ColourProbabilities;
}

// A day's colour is published 18 h before it begins at least: by the step in which it begins, it has turned out.
const longestStep_s = 12 * 3600;

/** What is known of the colours, and what follows from it. */
interface Knowledge {
  readonly calendar: TempoCalendar;
  readonly odds: Map<string, ColourProbabilities>; // by day
  oddsAskedMs: number | undefined; // when an expectation was asked for them
  readonly grown: Map<string, Knowledge>; // by day and the colour it turns out to have
}

/**
 * The Tempo tariff of a calendar. On a day whose colour the calendar lacks, or published only after
 * `knownAtMs`, the price is the mean of the three colours' prices weighted by their probabilities and the
 * rate's colour is `unknown`; this holds for an empty calendar too. The calendar must not change afterwards.
 *
 * @throws RangeError naming the field and value of a malformed price table; `rates` and `priceTree` throw one
 *   when no price table is in force, or when a custom `expectation` gives no probabilities that sum to 1
 */
export function tempoTariff(options: TempoTariffOptions): Tariff {
  const { calendar, prices = tempoPrices, expectation = colourProbabilities } = options;
  checkPrices(prices);
  const isTimeless = options.expectation === undefined;
  let published: { readonly last: string | undefined; readonly knowledge: Knowledge } = {
    last: undefined,
    knowledge: knowledgeOf(calendar),
  };

  const knownAt = (knownAtMs: number | undefined): Knowledge => {
    const last = knownAtMs === undefined ? undefined : lastPublishedDay(knownAtMs);
    // Successive calls ask at close instants: one publication serves a day of them.
    if (last !== published.last) {
      const known = knownAtMs === undefined ? calendar : publishedCalendar(calendar, knownAtMs);
      published = { last, knowledge: knowledgeOf(known) };
    }
    return published.knowledge;
  };

  const odds = (day: string, known: Knowledge, knownAtMs: number | undefined): ColourProbabilities => {
    const isFresh = isTimeless || known.oddsAskedMs === knownAtMs;
    let p = isFresh ? known.odds.get(day) : undefined;
    if (p === undefined) {
      p = expectation(day, known.calendar, knownAtMs);
      checkProbabilities(day, p);
      if (!isFresh) known.odds.clear();
      known.oddsAskedMs = knownAtMs;
      known.odds.set(day, p);
    }
    return p;
  };

  const tables = new Map<string, PriceTable["prices_eur_kwh"]>();
  const pricesOf = (day: string): PriceTable["prices_eur_kwh"] => {
    let table = tables.get(day);
    if (table === undefined) {
      table = pricesAt(day, prices).prices_eur_kwh;
      tables.set(day, table);
    }
    return table;
  };

  const rates = (startMs: number, endMs: number, known: Knowledge, knownAtMs: number | undefined) =>
    ratesByPeriod(startMs, endMs, ({ day }, period) => {
      const colour = known.calendar.colours.get(day);
      const table = pricesOf(day);
      if (colour !== undefined) return { price_eur_kwh: table[colour][period], colour };
      const { blue, white, red } = table;
      const p = odds(day, known, knownAtMs);
      const price_eur_kwh = p.blue * blue[period] + p.white * white[period] + p.red * red[period];
      return { price_eur_kwh, colour: "unknown" };
    });

  return {
    name: `Tempo (${calendar.source})`,
    rates: (startMs, endMs, knownAtMs) => rates(startMs, endMs, knownAt(knownAtMs), knownAtMs),
    priceTree(startMs, dtSeconds, count, knownAtMs) {
      if (!(dtSeconds > 0)) throw new RangeError(`dtSeconds must be > 0, got ${dtSeconds}`);
      if (count < 2 || dtSeconds > longestStep_s) return undefined;
      const known = knownAt(knownAtMs);
      const endMs = startMs + count * dtSeconds * 1000;
      const open: TempoDay[] = [];
      for (let day = tempoDayAt(startMs); day.startMs < endMs; day = tempoDayAt(day.endMs)) {
        if (!known.calendar.colours.has(day.day) && day.publishedMs > knownAtMs) open.push(day);
      }
      return priceTree({ startMs, dtSeconds, count }, open, known, {
        given,
        odds: (day, known) => odds(day, known, knownAtMs),
        rates: (fromMs, toMs, known) => rates(fromMs, toMs, known, knownAtMs),
      });
    },
  };
}

function knowledgeOf(calendar: TempoCalendar): Knowledge {
  return { calendar, odds: new Map(), oddsAskedMs: undefined, grown: new Map() };
}

/** What is known once a day turns out to have a colour. */
function given({ calendar, grown }: Knowledge, day: string, colour: TempoColour): Knowledge {
  const key = `${day} ${colour}`;
  let known = grown.get(key);
  if (known === undefined) {
    const colours = new Map(calendar.colours).set(day, colour);
    known = knowledgeOf({ source: calendar.source, colours });
    grown.set(key, known);
  }
  return known;
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
