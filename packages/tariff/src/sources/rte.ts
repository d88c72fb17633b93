/** RTE's open data of Tempo colours: one document a season, decided days only (no key). */
import { z } from "zod";
import type { TempoColour } from "../rate.ts";
import { seasonOf } from "../season.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { type HttpOptions, jsonClient } from "./http.ts";
import { fieldError, type TariffSourceError } from "./tariff-source-error.ts";

const colourOfName = new Map<string, TempoColour>([
  ["BLUE", "blue"],
  ["WHITE", "white"],
  ["RED", "red"],
]);

const seasonSchema = z.object({ values: z.record(z.string(), z.unknown()) });

export interface RteOptions extends HttpOptions {
  readonly baseUrl?: string;
}

/**
 * A client of `/cms/open_data/v1/tempo?season=2024-2025`.
 *
 * @throws TypeError when `baseUrl` is not a URL
 */
export function rteOpenData(options: RteOptions = {}): CalendarSource {
  const base = new URL(options.baseUrl ?? "https://www.services-rte.com");
  const name = base.host.replace(/^www\./, "");
  const get = jsonClient(name, options);

  /** The colours of a season; an odd day costs that day alone, and is warned of. */
  async function seasonColours(season: string) {
    const url = new URL(`${base.href.replace(/\/$/, "")}/cms/open_data/v1/tempo`);
    url.searchParams.set("season", season);
    const { values } = await get(url, seasonSchema);
    const colours: [day: string, colour: TempoColour][] = [];
    const odd: TariffSourceError[] = [];
    for (const [key, value] of Object.entries(values)) {
      // Beside the dates stand keys such as "2024-10-27-fallback": "true" marks a colour that RTE did not decide.
      if (!z.iso.date().safeParse(key).success || values[`${key}-fallback`] === "true") continue;
      const colour = colourOfName.get(String(value));
      const rule = colour ? `must lie within ${season}` : "must be BLUE, WHITE or RED";
      if (colour && seasonOf(key) === season) colours.push([key, colour]);
      else odd.push(fieldError(name, `values.${key}`, rule, value));
    }
    if (colours.length === 0 && odd.length > 0) throw odd[0];
    return { colours, warnings: odd.map(({ message }) => message) };
  }

  return {
    name,
    async colours(days) {
      const asked = new Set(days);
      const seasons = [...new Set(days.map(seasonOf))];
      const found = await Promise.all(seasons.map(seasonColours));
      const colours = found.flatMap((season) => season.colours);
      return {
        source: name,
        colours: new Map(colours.filter(([day]) => asked.has(day))),
        warnings: found.flatMap((season) => season.warnings),
        stale: false,
      };
    },
  };
}
