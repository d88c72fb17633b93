export { type AdaptiveEstimator, createAdaptiveEstimator, type NoiseEvidence } from "./adaptive-estimator.ts";
export { type Calibration, calibrate, type Findings, type Validation } from "./calibrate.ts";
export type { DayAhead, DayAheadErrors } from "./day-ahead.ts";
export type { History } from "./history.ts";
export { type CalibratableBuilding, type Corrections, heatLoss_w_k } from "./house.ts";
export type { CorrectionName, Estimate, Identification, Interval } from "./identification.ts";
export type { StepForces } from "./kalman.ts";
export { typicalNoise } from "./learning/choose-noise.ts";
export type { PredictionErrors } from "./learning/day-errors.ts";
export {
  createDayRecord,
  type DayErrors,
  type DayRecord,
  dayRecordOf,
} from "./learning/day-record.ts";
export {
  createErrorRecord,
  type ErrorRecord,
  type ErrorRecordState,
  recordOfErrors,
} from "./learning/error-record.ts";
export {
  filterStep,
  type HouseFilterState,
  type HouseNoise,
  initialState,
  outputsAhead,
} from "./learning/filter-step.ts";
export {
  createHouseFilter,
  type HouseFilter,
  type HouseFilterMemory,
  type HouseFilterOptions,
} from "./learning/house-filter.ts";
export {
  type HouseValidation,
  type Learning,
  type LearnOptions,
  type LearntHouse,
  learnHouse,
} from "./learning/learn-house.ts";
export {
  createMassEstimator,
  type MassEstimate,
  type MassEstimator,
  type MassEstimatorOptions,
} from "./mass-estimator.ts";
export { type ParameterRow, parameterOf, parameterRows, termsOf } from "./parameters.ts";
export {
  createHouseWatch,
  type Finding,
  type HouseWatch,
  type HouseWatchMemory,
  type WatchedHouse,
  withoutSuspicion,
} from "./watch/house-watch.ts";
