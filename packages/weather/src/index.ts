export { normalTemperature_c } from "./annual-cycle.ts";
export { EpwError, type EpwFile, epwSource, parseEpw } from "./epw.ts";
export { type ErrorGrowth, type ForecastErrorOptions, forecastSteps } from "./forecast-error.ts";
export { type MonthlyNormals, type Town, towns } from "./normals.ts";
export { type ReferenceYearOptions, referenceYearSource } from "./reference-year.ts";
export { coveredUntilMs, cutSteps, stepMeans, type WeatherSteps } from "./resample.ts";
export { parseScenario, type Scenario, scenarioSource, scenarios } from "./scenario.ts";
export {
  type Location,
  validateSeries,
  type WeatherArrays,
  type WeatherSeries,
  type WeatherSource,
} from "./series.ts";
export { epwFileSource } from "./sources/epw-file.ts";
export { WeatherSourceError } from "./sources/error.ts";
export { type OpenMeteoOptions, openMeteoSource } from "./sources/open-meteo.ts";
export { type WeatherSpecOptions, weatherSourceFrom, weatherSpecForms } from "./sources/weather-spec.ts";
