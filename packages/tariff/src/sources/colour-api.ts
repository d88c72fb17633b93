/**
 * The public API of Tempo colours and prices, https://www.api-couleur-tempo.fr (no key).
 *
 * `/api/jourTempo/{date}`, `/api/joursTempo?dateJour[]=...` and `?periode=2024-2025`, `/api/tarifs`, `/api/now`;
 * colour codes are 0 undecided, 1 blue, 2 white, 3 red.
 */
import { z } from "zod";
import { dayNumber } from "../day.ts";
import type { PriceTable } from "../prices.ts";
import type { Period, TempoColour } from "../rate.ts";
import { seasonOf } from "../season.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { type HttpOptions, jsonClient } from "./http.ts";
import { fieldError, TariffSourceError } from "./tariff-source-error.ts";

const colourOfCode: readonly (TempoColour | "unknown")[] = ["unknown", "blue", "white", "red"];
const colourCode = z.literal([0, 1, 2, 3], "must be 0, 1, 2 or 3");

const daySchema = z.object({ dateJour: z.iso.date(), codeJour: colourCode, periode: z.string() });

const price_eur_kwh = z.number().gt(0).lt(10);
const pricesSchema = z.object({
  bleuHC: price_eur_kwh,
  bleuHP: price_eur_kwh,
  blancHC: price_eur_kwh,
  blancHP: price_eur_kwh,
  rougeHC: price_eur_kwh,
  rougeHP: price_eur_kwh,
  dateDebut: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d/)
    .optional(),
});

const nowSchema = z.object({
  codeCouleur: colourCode,
  codeHoraire: z.literal([0, 1], "must be 0 or 1"),
  // 0 where the colour is unknown
  tarifKwh: z.number().min(0).lt(10),
});

/** A Tempo day and its colour. */
interface DayColour {
  readonly day: string;
  readonly colour: TempoColour | "unknown";
}

/** Every method throws TariffSourceError when the API cannot be reached or gives a wrong value. */
export interface ColourApi extends CalendarSource {
  /** The colour of one day, `unknown` where it is undecided or the API does not have the day. */
  day(day: string): Promise<DayColour>;
  /** The civil date of today in Paris, by the API's clock, and its colour. */
  today(): Promise<DayColour>;
  tomorrow(): Promise<DayColour>;
  /** The prices in force, as a table from their first day where the API has it, else from `today`. */
  prices(today: string): Promise<PriceTable>;
  /** The rate in force by the API's clock; no price where the colour is unknown. */
  now(): Promise<{ colour: TempoColour | "unknown"; period: Period; price_eur_kwh: number | undefined }>;
}

export interface ColourApiOptions extends HttpOptions {
  readonly baseUrl?: string;
}

/** Up to this many days are asked one by one in the query, more by whole seasons. */
const maxDaysInQuery = 31;

/**
 * A client of the API.
 *
 * @throws TypeError when `baseUrl` is not a URL
 */
export function colourApi(options: ColourApiOptions = {}): ColourApi {
  const base = new URL(options.baseUrl ?? "https://www.api-couleur-tempo.fr");
  const name = base.host.replace(/^www\./, "");
  const get = jsonClient(name, options);
  const urlOf = (path: string) => new URL(`${base.href.replace(/\/$/, "")}/api/${path}`);

  async function oneDay(path: string): Promise<DayColour> {
    const row = await get(urlOf(`jourTempo/${path}`), daySchema);
    checkSeason(row, "periode");
    return { day: row.dateJour, colour: colourOfCode[row.codeJour] };
  }

  function checkSeason(row: z.infer<typeof daySchema>, field: string): void {
    const season = seasonOf(row.dateJour);
    if (row.periode !== season)
      throw fieldError(name, field, `of ${row.dateJour} must be ${season}`, row.periode);
  }

  /** Rows of a list query; `isAsked` says whether a day belongs to it. */
  async function list(query: URLSearchParams, isAsked: (day: string) => boolean): Promise<DayColour[]> {
    const url = urlOf("joursTempo");
    url.search = query.toString();
    const rows = await get(url, z.array(daySchema));
    return rows.map((row, i) => {
      if (!isAsked(row.dateJour))
        throw fieldError(name, `[${i}].dateJour`, "must be a day that was asked", row.dateJour);
      checkSeason(row, `[${i}].periode`);
      return { day: row.dateJour, colour: colourOfCode[row.codeJour] };
    });
  }

  async function listOfDays(days: ReadonlySet<string>): Promise<DayColour[]> {
    if (days.size === 0) return [];
    const query = new URLSearchParams();
    for (const day of days) query.append("dateJour[]", day);
    return list(query, (day) => days.has(day));
  }

  return {
    name,
    async colours(days) {
      const asked = new Set(days);
      const lists =
        asked.size <= maxDaysInQuery
          ? [listOfDays(asked)]
          : [...new Set(days.map(seasonOf))].map((season) =>
              list(new URLSearchParams({ periode: season }), (day) => seasonOf(day) === season),
            );
      const colours = new Map<string, TempoColour>();
      for (const { day, colour } of (await Promise.all(lists)).flat()) {
        if (colour !== "unknown" && asked.has(day)) colours.set(day, colour);
      }
      return { source: name, colours, warnings: [], stale: false };
    },
    async day(day) {
      dayNumber(day);
      try {
        const answer = await oneDay(day);
        if (answer.day !== day) throw fieldError(name, "dateJour", `must be ${day}`, answer.day);
        return answer;
      } catch (error) {
        // The API has no entry for days beyond the day after tomorrow.
        if (error instanceof TariffSourceError && error.status === 404) return { day, colour: "unknown" };
        throw error;
      }
    },
    today: () => oneDay("today"),
    tomorrow: () => oneDay("tomorrow"),
    async prices(today) {
      dayNumber(today);
      const p = await get(urlOf("tarifs"), pricesSchema);
      return {
        from: p.dateDebut?.slice(0, 10) ?? today,
        prices_eur_kwh: {
          blue: { peak: p.bleuHP, offPeak: p.bleuHC },
          white: { peak: p.blancHP, offPeak: p.blancHC },
          red: { peak: p.rougeHP, offPeak: p.rougeHC },
        },
      };
    },
    async now() {
      const { codeCouleur, codeHoraire, tarifKwh } = await get(urlOf("now"), nowSchema);
      return {
        colour: colourOfCode[codeCouleur],
        period: codeHoraire === 1 ? "peak" : "offPeak",
        price_eur_kwh: codeCouleur === 0 ? undefined : tarifKwh,
      };
    },
  };
}
