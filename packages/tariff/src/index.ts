export { allotCalendar } from "./allot.ts";
export {
  admissible,
  publishedCalendar,
  remainingQuota,
  seasonQuota,
  type TempoCalendar,
  validateCalendar,
} from "./calendar.ts";
export { addDays, weekday } from "./day.ts";
export { isPublicHoliday, publicHolidays } from "./holidays.ts";
export { peakOffPeakTariff } from "./peak-off-peak.ts";
export { cutBranches, type PriceBranch, type PriceBranches } from "./price-branches.ts";
export type { DatedPrice } from "./price-series.ts";
export {
  firstPricedDay,
  type PriceTable,
  pricesAt,
  pricesFrom,
  priceTableSchema,
  tempoPrices,
} from "./prices.ts";
export { type ColourProbabilities, colourProbabilities } from "./probabilities.ts";
export type { Period, Rate, Tariff, TempoColour } from "./rate.ts";
export { seasonDays, seasonOf } from "./season.ts";
export { cachedCalendar } from "./sources/cached.ts";
export { calendarFile, parseCalendar, readCalendarFile } from "./sources/calendar-file.ts";
export { type CalendarAnswer, type CalendarSource, loadCalendar } from "./sources/calendar-source.ts";
export { type ColourApi, type ColourApiOptions, colourApi, type DayColour } from "./sources/colour-api.ts";
export { fallbackCalendar } from "./sources/fallback.ts";
export type { HttpOptions } from "./sources/http.ts";
export { parsePrices, readPriceFile } from "./sources/price-file.ts";
export { type RteOptions, rteOpenData } from "./sources/rte.ts";
export { type TariffContent, tariffFileOf, tariffOf } from "./sources/tariff-content.ts";
export { parseTariff, tariffContent } from "./sources/tariff-file.ts";
export { TariffSourceError } from "./sources/tariff-source-error.ts";
export {
  type NamedTariff,
  type TariffByName,
  type TariffKind,
  type TariffSpecOptions,
  tariffFrom,
  tariffSpecForms,
  UnknownTariffError,
} from "./sources/tariff-spec.ts";
export { stepPrices } from "./step-prices.ts";
export { type TemperatureOutlook, temperatureExpectation } from "./temperature-odds.ts";
export { type TempoTariffOptions, tempoTariff } from "./tempo.ts";
export { lastPublishedDay, type TempoDay, tempoDay, tempoDayMeans, tempoDayOf } from "./tempo-day.ts";
export { withPeriods } from "./with-periods.ts";
