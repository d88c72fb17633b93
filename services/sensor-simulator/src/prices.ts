/** What electricity costs, as the core announces it. */
import { type TariffState, timeMsOf } from "@azru/contracts";
import { type Rate, stepPrices } from "@azru/tariff";

export interface Prices {
  /** Takes the latest announcement. */
  update(tariff: TariffState): void;
  /** The mean price of a step, EUR/kWh; undefined where no announcement covers it. */
  over(startMs: number, dtSeconds: number): number | undefined;
}

/** Knows no price until the first announcement. */
export function createPrices(): Prices {
  let rates: readonly Rate[] = [];
  return {
    update(tariff) {
      rates = unbroken(tariff.rates);
    },
    over(startMs, dtSeconds) {
      const first = rates[0];
      const last = rates.at(-1);
      if (!first || !last || first.startMs > startMs || last.endMs < startMs + dtSeconds * 1000)
        return undefined;
      return stepPrices(rates, startMs, dtSeconds, 1)[0];
    },
  };
}

/** The rates up to the first gap or overlap. */
function unbroken(announced: TariffState["rates"]): Rate[] {
  const rates: Rate[] = [];
  for (const { start, end, price, period } of announced) {
    const startMs = timeMsOf(start);
    if (rates.length > 0 && rates.at(-1)!.endMs !== startMs) break;
    rates.push({
      startMs,
      endMs: timeMsOf(end),
      price_eur_kwh: price,
      period: period === "peak" ? "peak" : "offPeak",
    });
  }
  return rates;
}
