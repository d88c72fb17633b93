/** Units of prices as files and integrations write them, and what makes EUR/kWh of them. */
import { fieldError } from "./tariff-source-error.ts";

/** What a file or a message says about its prices. */
export interface UnitWords {
  readonly currency?: string | undefined;
  /** `EUR/kWh`, `EUR/MWh`, or the energy alone, `kWh`. */
  readonly unit?: string | undefined;
  /** Of a Home Assistant entity, in the place of `unit`: also `ct/kWh`. */
  readonly unit_of_measurement?: string | undefined;
  /** Hundredths of the currency, as Nord Pool integrations have them on request. */
  readonly price_in_cents?: boolean | undefined;
}

/** A unit of prices: EUR/kWh are `number * factor`. */
export interface PriceUnit {
  readonly name: string;
  readonly factor: number;
}

const cents = /^(c|ct|cts|cent|cents|centimes?|c€|€?cts?)$/i;
const energies: Readonly<Record<string, number>> = { kwh: 1, mwh: 1 / 1000 };

export const eurPerKwh: PriceUnit = { name: "EUR/kWh", factor: 1 };

/**
 * @param source its name in errors
 * @throws TariffSourceError naming the currency where it is not the euro, and a unit that is none of a price of energy
 */
export function priceUnit(words: UnitWords, source: string): PriceUnit {
  const isEntity = words.unit_of_measurement !== undefined;
  const field = isEntity ? "unit_of_measurement" : "unit";
  const text = words.unit_of_measurement ?? words.unit ?? "kWh";
  const [energy = "", money, ...more] = text
    .split("/")
    .map((part) => part.trim())
    .reverse();
  const perKwh = energies[energy.toLowerCase()];
  const areCents = money !== undefined && cents.test(money);
  if (perKwh === undefined || more.length > 0 || (areCents && !isEntity))
    throw fieldError(source, field, "must be EUR/kWh or EUR/MWh", text);
  const inCents = words.price_in_cents === true || areCents;
  const ofUnit = areCents ? undefined : money;
  for (const [where, currency] of [
    ["currency", words.currency],
    [field, ofUnit],
  ] as const)
    if (currency !== undefined && !/^(EUR|€|euros?)$/i.test(currency.trim()))
      throw fieldError(
        source,
        where,
        "must be EUR: costs are counted in euros, and nothing is converted",
        currency,
      );
  const name = `${inCents ? "ct" : "EUR"}/${perKwh === 1 ? "kWh" : "MWh"}`;
  return { name, factor: (inCents ? 0.01 : 1) * perKwh };
}

/** The unit that a column or a field carries in its name, `price_eur_mwh` or `price_ct_per_kwh`; undefined where none. */
export function unitInName(name: string): PriceUnit | undefined {
  const mwh = /mwh/i.test(name);
  const inCents = /(^|[^a-z])(ct|cents?)([^a-z]|$)/i.test(name.replaceAll("_", " "));
  if (!mwh && !inCents && !/eur.*kwh|€.*kwh/i.test(name)) return undefined;
  return {
    name: `${inCents ? "ct" : "EUR"}/${mwh ? "MWh" : "kWh"}`,
    factor: (inCents ? 0.01 : 1) * (mwh ? 1 / 1000 : 1),
  };
}
