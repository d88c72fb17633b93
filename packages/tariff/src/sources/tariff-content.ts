/** What a file or a message says of a tariff: rules, or dated prices. */
import { timeOf } from "../local-time.ts";
import { type DatedPrice, type Gaps, priceSeriesTariff } from "../price-series.ts";
import type { Tariff } from "../rate.ts";
import { type PriceRule, scheduledTariff } from "../scheduled.ts";

export type TariffContent =
  | { readonly kind: "rules"; readonly name: string; readonly rules: readonly PriceRule[] }
  | {
      readonly kind: "series";
      readonly name: string;
      /** In order, without overlap. */
      readonly prices: readonly DatedPrice[];
      /** See `PriceSeriesOptions`. */
      readonly published?: string | null;
    };

export interface TariffOptions {
  /** What becomes of instants for which a dated series has no price; refused by default. */
  readonly gaps?: Gaps;
}

/** The tariff of a content. @throws RangeError where the rules leave a moment of the week without a price */
export function tariffOf(content: TariffContent, { gaps }: TariffOptions = {}): Tariff {
  if (content.kind === "rules") return scheduledTariff(content.name, content.rules);
  const { name, prices, published } = content;
  return priceSeriesTariff({
    name,
    prices,
    ...(published !== undefined && { published }),
    ...(gaps && { gaps }),
  });
}

/** A content as a tariff file says it, for `tariffContent` to read again. */
export function tariffFileOf(content: TariffContent): Record<string, unknown> {
  const head = { name: content.name, currency: "EUR", unit: "EUR/kWh" };
  if (content.kind === "rules") return { ...head, rules: content.rules.map(ruleJson) };
  const { prices, published } = content;
  return {
    ...head,
    ...(published !== undefined && { published }),
    prices: prices.map(({ startMs, endMs, price_eur_kwh }) => ({
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      value: price_eur_kwh,
    })),
  };
}

function ruleJson({ price_eur_kwh, months, weekdays, onHolidays, spans, period }: PriceRule) {
  return {
    price: price_eur_kwh,
    ...(months && { months }),
    ...(weekdays && { days: [...weekdays, ...(onHolidays ? ["holidays"] : [])] }),
    ...(spans && { hours: spans.map(({ from_min, to_min }) => `${timeOf(from_min)}-${timeOf(to_min)}`) }),
    ...(period && { period: period === "peak" ? "peak" : "off_peak" }),
  };
}
