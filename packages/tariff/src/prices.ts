/** Tempo energy prices with validity dates: data, to be overridden and extended by configuration. */
import { dayMs } from "@azru/time";
import { z } from "zod";
import { dayNumber } from "./day.ts";

const price_eur_kwh = z.number();
const periodPrices = z.object({ peak: price_eur_kwh, offPeak: price_eur_kwh });

/** The schema of a price table, for configuration files. */
export const priceTableSchema = z.object({
  from: z.iso.date(),
  prices_eur_kwh: z.object({ blue: periodPrices, white: periodPrices, red: periodPrices }),
});

/** Six prices, EUR/kWh including taxes, valid from a Tempo day on until a later table begins. */
export type PriceTable = z.infer<typeof priceTableSchema>;

/**
 * The Tempo prices (Tarif Bleu résidentiel, TTC). Those up to February 2026 are of EDF's price sheets; those of August
 * 2026 are as two public projects give them, not checked against EDF's.
 * Prices change each February and August: add the table in force, for instance from the API's `tarifs`.
 *
 * @see EDF, Grille de prix du Tarif Bleu; data.gouv.fr, Historique des tarifs réglementés
 */
export const tempoPrices: readonly PriceTable[] = [
  table("2022-02-01", [0.0862, 0.1272], [0.1112, 0.1653], [0.1222, 0.5486]),
  table("2023-02-01", [0.097, 0.1249], [0.114, 0.1508], [0.1216, 0.6712]),
  table("2023-08-01", [0.1056, 0.1369], [0.1246, 0.1654], [0.1328, 0.7324]),
  table("2024-02-01", [0.1296, 0.1609], [0.1486, 0.1894], [0.1568, 0.7562]),
  table("2025-02-01", [0.1288, 0.1552], [0.1447, 0.1792], [0.1518, 0.6586]),
  table("2025-08-01", [0.1232, 0.1494], [0.1391, 0.173], [0.146, 0.6468]),
  table("2026-02-01", [0.1325, 0.1612], [0.1499, 0.1871], [0.1575, 0.706]),
  table("2026-08-01", [0.1356, 0.1654], [0.1536, 0.1921], [0.1615, 0.7295]), // two public projects
];

type OffPeakAndPeak = readonly [offPeak: number, peak: number];

function table(from: string, blue: OffPeakAndPeak, white: OffPeakAndPeak, red: OffPeakAndPeak): PriceTable {
  const prices = ([offPeak, peak]: OffPeakAndPeak) => ({ peak, offPeak });
  return { from, prices_eur_kwh: { blue: prices(blue), white: prices(white), red: prices(red) } };
}

/** The first Tempo day whose prices are known. */
export const firstPricedDay = tempoPrices[0].from;

/** Price tables, with the earliest of them in force from `firstDay` on where that lies before. */
export function pricesFrom(
  firstDay: string,
  tables: readonly PriceTable[] = tempoPrices,
): readonly PriceTable[] {
  const firstPriced = tables.map(({ from }) => from).sort()[0];
  return firstPriced === undefined || firstDay >= firstPriced
    ? tables
    : [{ ...pricesAt(firstPriced, tables), from: firstDay }, ...tables];
}

const longestInForce_days = 214; // seven months: prices change each six

/** What to say where the youngest prices are older than seven months at an instant (Unix time); else undefined. */
export function priceAgeWarning(tables: readonly PriceTable[], atMs: number): string | undefined {
  const youngest = tables
    .map(({ from }) => from)
    .sort()
    .at(-1);
  if (youngest === undefined || atMs - Date.parse(youngest) <= longestInForce_days * dayMs) return undefined;
  return `The youngest Tempo prices known are of ${youngest}; they change each February and August: give those in force.`;
}

/**
 * The table in force on a Tempo day: of those in force, the one that began last, and among equal
 * dates the last given. A Tempo day keeps one table until its end at 06:00.
 *
 * @param tables in any order
 * @throws RangeError when `day` is not a date YYYY-MM-DD or no table is in force by then
 */
export function pricesAt(day: string, tables: readonly PriceTable[] = tempoPrices): PriceTable {
  dayNumber(day);
  let found: PriceTable | undefined;
  for (const each of tables) {
    if (each.from <= day && (found === undefined || each.from >= found.from)) found = each;
  }
  if (found === undefined) {
    const first = tables.map((each) => each.from).sort()[0] ?? "none given";
    throw new RangeError(`no Tempo prices on ${day}: the first price table begins ${first}`);
  }
  return found;
}
