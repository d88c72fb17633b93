/** RTE's open data of Tempo colours: one document a season, decided days only (no key). */
import { z } from "zod";
import type { TempoColour } from "../rate.ts";
import { seasonOf } from "../season.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { type HttpOptions, jsonClient } from "./http.ts";
import { fieldError } from "./tariff-source-error.ts";

const colourOfName = new Map<string, TempoColour>([
  ["BLUE", "blue"],
  ["WHITE", "white"],
  ["RED", "red"],
]);

const seasonSchema = z.object({ values: z.record(z.string(), z.string()) });

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

  async function seasonColours(season: string): Promise<[day: string, colour: TempoColour][]> {
    const url = new URL(`${base.href.replace(/\/$/, "")}/cms/open_data/v1/tempo`);
    url.searchParams.set("season", season);
    const { values } = await get(url, seasonSchema);
    const colours: [string, TempoColour][] = [];
    for (const [key, value] of Object.entries(values)) {
      // Beside the dates stand keys such as "2024-10-27-fallback": "true" marks a colour that RTE did not decide.
      if (!z.iso.date().safeParse(key).success || values[`${key}-fallback`] === "true") continue;
      const colour = colourOfName.get(value);
      if (colour === undefined) throw fieldError(name, `values.${key}`, "must be BLUE, WHITE or RED", value);
      if (seasonOf(key) !== season)
        throw fieldError(name, `values.${key}`, `must lie within ${season}`, value);
      colours.push([key, colour]);
    }
    return colours;
  }

  return {
    name,
    async colours(days) {
      const asked = new Set(days);
      const seasons = [...new Set(days.map(seasonOf))];
      const found = (await Promise.all(seasons.map(seasonColours))).flat();
      return {
        source: name,
        colours: new Map(found.filter(([day]) => asked.has(day))),
        warnings: [],
        stale: false,
      };
    },
  };
}
