export { type AdaptiveEstimator, createAdaptiveEstimator, type NoiseEvidence } from "./adaptive-estimator.ts";
export { type Calibration, calibrate, type Findings, type Validation } from "./calibrate.ts";
export type { DayAhead } from "./day-ahead.ts";
export type { History } from "./history.ts";
export { heatLoss_w_k } from "./house.ts";
export type { Interval } from "./identification.ts";
export type { StepForces } from "./kalman.ts";
export { typicalNoise } from "./learning/choose-noise.ts";
export { type DayErrors, dayRecordOf } from "./learning/day-record.ts";
export { type ErrorRecordState, recordOfErrors } from "./learning/error-record.ts";
export type { HouseNoise } from "./learning/filter-step.ts";
export { createHouseFilter, type HouseFilter, type HouseFilterMemory } from "./learning/house-filter.ts";
export { type Learning, type LearntHouse, learnHouse } from "./learning/learn-house.ts";
export type { MassEstimate, MassEstimatorOptions } from "./mass-estimator.ts";
export { type ParameterRow, parameterOf, parameterRows, termsOf } from "./parameters.ts";
export {
  createHouseWatch,
  type Finding,
  type HouseWatch,
  type HouseWatchMemory,
  type WatchedHouse,
  withoutSuspicion,
} from "./watch/house-watch.ts";
