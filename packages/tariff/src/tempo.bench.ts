/** A day's rates as a controller asks for them, against one conversion of the time zone. */
import { Temporal } from "temporal-polyfill";
import { bench, describe } from "vitest";
import { season2022 } from "./fixtures/season-2022-2023.ts";
import { tempoPrices } from "./prices.ts";
import { stepPrices } from "./step-prices.ts";
import { tempoTariff } from "./tempo.ts";

const dayMs = 86_400_000;
const stepMs = 900_000;
const firstMs = Date.parse("2022-09-02T00:00Z");
const tariff = tempoTariff({ calendar: season2022, prices: [{ ...tempoPrices[0], from: "1970-01-01" }] });

describe("24 h ahead, at 15 min through a season", () => {
  let step = 0;
  const nextMs = () => firstMs + (step++ % (360 * 96)) * stepMs;

  bench("rates, colours known as published", () => {
    const nowMs = nextMs();
    tariff.rates(nowMs, nowMs + dayMs, nowMs);
  });

  bench("rates and 96 step prices", () => {
    const nowMs = nextMs();
    stepPrices(tariff.rates(nowMs, nowMs + dayMs, nowMs), nowMs, 900, 96);
  });

  bench("one time zone conversion", () => {
    Temporal.Instant.fromEpochMilliseconds(nextMs()).toZonedDateTimeISO("Europe/Paris").hour;
  });
});
