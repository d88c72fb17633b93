/** Several sources as one: the first that knows a day decides it. */
import type { TempoColour } from "../rate.ts";
import type { CalendarSource } from "./calendar-source.ts";
import { TariffSourceError } from "./tariff-source-error.ts";

/**
 * Asks the sources in order, each only for the days that the earlier ones did not know. The answer's `source`
 * names those that contributed, `warnings` says why others failed; it is stale when days are missing or old
 * because a source failed and no other stood in.
 *
 * @throws TariffSourceError listing all reasons when every source that was asked failed; RangeError without sources
 */
export function fallbackCalendar(sources: readonly CalendarSource[]): CalendarSource {
  if (sources.length === 0) throw new RangeError("sources must not be empty, got 0");
  return {
    name: sources.map((source) => source.name).join(", else "),
    async colours(days, nowMs) {
      const colours = new Map<string, TempoColour>();
      const warnings: string[] = [];
      const used: string[] = [];
      const failures: TariffSourceError[] = [];
      let stale = false;
      let missing = [...days];
      for (const source of sources) {
        if (missing.length === 0) break;
        try {
          const answer = await source.colours(missing, nowMs);
          for (const day of missing) {
            const colour = answer.colours.get(day);
            if (colour !== undefined) colours.set(day, colour);
          }
          if (answer.colours.size > 0) used.push(answer.source);
          warnings.push(...answer.warnings);
          stale ||= answer.stale;
        } catch (error) {
          if (!(error instanceof TariffSourceError)) throw error;
          failures.push(error);
          warnings.push(error.message);
          stale = true;
        }
        missing = missing.filter((day) => !colours.has(day));
      }
      if (failures.length === sources.length) {
        const reasons = failures.map((failure) => failure.message).join("; ");
        throw new TariffSourceError("Tempo calendar", `every source failed: ${reasons}`, {
          cause: new AggregateError(failures),
          isOutage: failures.some((failure) => failure.isOutage),
        });
      }
      return {
        source: used.join(" + ") || this.name,
        colours,
        warnings,
        stale: stale && missing.length > 0,
      };
    },
  };
}
