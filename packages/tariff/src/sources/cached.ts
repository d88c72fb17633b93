/** A source that remembers: one JSON file a season, so that past days are asked once in a lifetime. */
import { answerCache, CacheError } from "@azru/http";
import { hourMs } from "@azru/time";
import { z } from "zod";
import { seasonOf } from "../season.ts";
import { tempoDay } from "../tempo-day.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { TariffSourceError, validated } from "./tariff-source-error.ts";

const seasonFileSchema = z.object({
  source: z.string(),
  updated: z.iso.datetime(),
  colours: z.record(z.iso.date(), z.enum(["blue", "white", "red"])),
  /** Days asked before noon of their eve: until then RTE may still change its mind. */
  provisional: z.array(z.iso.date()),
});

type SeasonFile = z.infer<typeof seasonFileSchema>;

/** Whether a colour learnt at an instant stays: published at 11:00, it may change until noon. */
function isFinal(day: string, learntMs: number): boolean {
  return learntMs >= tempoDay(day).publishedMs + hourMs;
}

/**
 * Puts a cache on disk in front of a source. Days in the cache are not asked again; a season's file is written
 * when the source gave something new. When the source fails, what the cache holds is given with `stale` and a
 * warning that says of when it is.
 *
 * An unreadable cache file is reported in `warnings` and replaced; a folder that cannot be written likewise.
 *
 * @param folder of the files `tempo-<season>.json`, made when absent
 * @returns a source that throws TariffSourceError when the source fails and the cache knows none of the days
 */
export function cachedCalendar(source: CalendarSource, folder: string): CalendarSource {
  const cache = answerCache(folder);
  const keyOf = (season: string) => `tempo-${season}`;

  async function read(season: string, warnings: string[]): Promise<SeasonFile | undefined> {
    const key = keyOf(season);
    try {
      const content = await cache.read(key);
      return content === undefined ? undefined : validated(cache.pathOf(key), seasonFileSchema, content);
    } catch (error) {
      if (!(error instanceof CacheError || error instanceof TariffSourceError)) throw error;
      warnings.push(`${error.message}; cache file replaced`);
      return undefined;
    }
  }

  async function write(season: string, content: SeasonFile, warnings: string[]): Promise<void> {
    const key = keyOf(season);
    await cache.write(key, content).catch((error: unknown) => {
      if (!(error instanceof CacheError)) throw error;
      warnings.push(`${cache.pathOf(key)}: not written (${error.code})`);
    });
  }

  return {
    name: source.name,
    async colours(days, nowMs) {
      const warnings: string[] = [];
      const files = new Map<string, SeasonFile>();
      for (const season of new Set(days.map(seasonOf))) {
        const file = await read(season, warnings);
        if (file !== undefined) files.set(season, file);
      }
      const found = new Map(
        days.flatMap((day) => {
          const colour = files.get(seasonOf(day))?.colours[day];
          return colour === undefined ? [] : [[day, colour] as const];
        }),
      );
      const provisional = new Set([...files.values()].flatMap((file) => file.provisional));
      const open = days.filter((day) => !found.has(day) || provisional.has(day));
      const label = new Set([...files.values()].map((file) => file.source));
      if (open.length === 0)
        return { source: [...label].join(" + "), colours: found, warnings, stale: false };

      let stale = false;
      try {
        const answer = await source.colours(open, nowMs);
        warnings.push(...answer.warnings);
        stale = answer.stale;
        if (answer.colours.size > 0) label.add(answer.source);
        for (const [day, colour] of answer.colours) found.set(day, colour);
        for (const season of new Set([...answer.colours.keys()].map(seasonOf))) {
          const news = [...answer.colours].filter(([day]) => seasonOf(day) === season);
          const old = files.get(season);
          const content: SeasonFile = {
            source: answer.source,
            updated: new Date(nowMs).toISOString(),
            colours: { ...old?.colours, ...Object.fromEntries(news) },
            provisional: [
              ...(old?.provisional.filter((day) => !answer.colours.has(day)) ?? []),
              ...news.map(([day]) => day).filter((day) => !isFinal(day, nowMs)),
            ],
          };
          await write(season, content, warnings);
        }
      } catch (error) {
        if (!(error instanceof TariffSourceError) || found.size === 0) throw error;
        const updated = [...files.values()]
          .map((file) => file.updated)
          .sort()
          .at(-1);
        warnings.push(`${error.message}; using stale data of ${updated}`);
        stale = true;
      }
      return { source: [...label].join(" + ") || source.name, colours: found, warnings, stale };
    },
  };
}
