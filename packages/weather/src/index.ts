export { EpwError, type EpwFile, epwSource, parseEpw } from "./epw.ts";
export { type Town, towns } from "./normals.ts";
export { type ReferenceYearOptions, referenceYearSource } from "./reference-year.ts";
export { coveredUntilMs, stepMeans, type WeatherSteps } from "./resample.ts";
export {
  type Location,
  validateSeries,
  type WeatherArrays,
  type WeatherSeries,
  type WeatherSource,
} from "./series.ts";
export { epwFileSource } from "./sources/epw-file.ts";
export { WeatherSourceError } from "./sources/error.ts";
