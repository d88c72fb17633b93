/**
 * The public API of Tempo colours and prices, https://www.api-couleur-tempo.fr (no key).
 *
 * `/api/joursTempo?dateJour[]=...` and `?periode=2024-2025`, `/api/tarifs`; colour codes are 0 undecided, 1 blue,
 * 2 white, 3 red.
 */
import { z } from "zod";
import { dayNumber } from "../day.ts";
import type { PriceTable } from "../prices.ts";
import type { TempoColour } from "../rate.ts";
import { seasonOf } from "../season.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { type HttpOptions, jsonClient } from "./http.ts";
import { fieldError } from "./tariff-source-error.ts";

const colourOfCode: readonly (TempoColour | undefined)[] = [undefined, "blue", "white", "red"];

const daySchema = z.object({
  dateJour: z.iso.date(),
  codeJour: z.literal([0, 1, 2, 3], "must be 0, 1, 2 or 3"),
  periode: z.string(),
});
type Day = z.infer<typeof daySchema>;

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

/** Every method throws TariffSourceError when the API cannot be reached or gives a wrong value. */
export interface ColourApi extends CalendarSource {
  /** The prices in force, as a table from their first day where the API has it, else from `today`. */
  prices(today: string): Promise<PriceTable>;
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

  /** Rows of a list query; `isAsked` says whether a day belongs to it. */
  async function list(query: URLSearchParams, isAsked: (day: string) => boolean): Promise<Day[]> {
    const url = urlOf("joursTempo");
    url.search = query.toString();
    const rows = await get(url, z.array(daySchema));
    for (const [i, { dateJour, periode }] of rows.entries()) {
      if (!isAsked(dateJour))
        throw fieldError(name, `[${i}].dateJour`, "must be a day that was asked", dateJour);
      const season = seasonOf(dateJour);
      if (periode !== season)
        throw fieldError(name, `[${i}].periode`, `of ${dateJour} must be ${season}`, periode);
    }
    return rows;
  }

  async function listOfDays(days: ReadonlySet<string>): Promise<Day[]> {
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
      for (const { dateJour, codeJour } of (await Promise.all(lists)).flat()) {
        const colour = colourOfCode[codeJour];
        if (colour && asked.has(dateJour)) colours.set(dateJour, colour);
      }
      return { source: name, colours, warnings: [], stale: false };
    },
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
  };
}
