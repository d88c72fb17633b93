export { allottedSeasons, seasonTemperatures } from "./allotted-season.ts";
export { type Baseline, baselineName, calmGains, installerGains, piOf, ruleFamily } from "./baseline.ts";
export {
  type Building,
  type ComfortTemperature,
  heatingCop,
  operativeModel,
  stepOf,
  storedHeat_j_k,
  type TwinForm,
  twinModel,
  usualTwin,
} from "./building.ts";
export { closedLoop } from "./closed-loop.ts";
export { isDayOff } from "./day-off.ts";
export { type Disturbances, disturbances } from "./disturbances.ts";
export { type Standing, standingOf } from "./earned-control.ts";
export { estimatingController } from "./estimating-controller.ts";
export { netCost_eur, perfectForesight } from "./foresight.ts";
export {
  createHomeController,
  type HomeController,
  type HomeControllerOptions,
  type HomeDecision,
  type HomeObservation,
  houseAfter,
  unprovedHouse,
  unprovedRule,
} from "./home-controller.ts";
export {
  createHouseKnowledge,
  type HouseKnowledge,
  type KnownHouse,
  type MeasuredStep,
} from "./house-knowledge.ts";
export { informedForecast, type OutdoorMiss } from "./informed-forecast.ts";
export { type Comparison, compare, type Kpis, kpis } from "./kpi.ts";
export {
  forecastAt,
  type Outlook,
  type PriceOutlook,
  perfect,
  publishedPrices,
  tempoSteps,
} from "./outlook.ts";
export { type RunPlan, simulate, simulateWhole } from "./run.ts";
export type { Trajectory } from "./trajectory.ts";
