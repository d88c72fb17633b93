export { allotCalendar } from "./allot.ts";
export { publishedCalendar, remainingQuota, seasonQuota, type TempoCalendar } from "./calendar.ts";
export { addDays, weekday } from "./day.ts";
export { isPublicHoliday } from "./holidays.ts";
export { peakOffPeakTariff } from "./peak-off-peak.ts";
export { cutBranches, type PriceBranch, type PriceBranches } from "./price-branches.ts";
export type { DatedPrice } from "./price-series.ts";
export { pricesAt, pricesFrom, tempoPrices } from "./prices.ts";
export { type ColourProbabilities, colourProbabilities } from "./probabilities.ts";
export type { Period, Rate, Tariff, TempoColour } from "./rate.ts";
export { seasonDays, seasonOf } from "./season.ts";
export { cachedCalendar } from "./sources/cached.ts";
export { parseCalendar } from "./sources/calendar-file.ts";
export type { CalendarSource } from "./sources/calendar-source.ts";
export { type ColourApiOptions, colourApi } from "./sources/colour-api.ts";
export { fallbackCalendar } from "./sources/fallback.ts";
export type { HttpOptions } from "./sources/http.ts";
export { readPriceFile } from "./sources/price-file.ts";
export { type RteOptions, rteOpenData } from "./sources/rte.ts";
export { type TariffContent, tariffFileOf, tariffOf } from "./sources/tariff-content.ts";
export { tariffContent } from "./sources/tariff-file.ts";
export { TariffSourceError } from "./sources/tariff-source-error.ts";
export {
  type NamedTariff,
  type TariffByName,
  type TariffKind,
  tariffFrom,
  tariffSpecForms,
  UnknownTariffError,
} from "./sources/tariff-spec.ts";
export { stepPrices } from "./step-prices.ts";
export { temperatureExpectation } from "./temperature-odds.ts";
export { tempoTariff } from "./tempo.ts";
export { lastPublishedDay, type TempoDay, tempoDay, tempoDayMeans, tempoDayOf } from "./tempo-day.ts";
export { withPeriods } from "./with-periods.ts";
