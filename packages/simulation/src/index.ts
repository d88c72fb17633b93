export { allottedSeasons } from "./allotted-season.ts";
export { type Building, type HeatingSupply, heatingCop } from "./building.ts";
export { type ClosedLoop, closedLoop } from "./closed-loop.ts";
export { type Disturbances, disturbances } from "./disturbances.ts";
export { estimatingController, type Sensing } from "./estimating-controller.ts";
export { type Comparison, compare, type Kpis, kpis } from "./kpi.ts";
export { forecastAt, type Outlook, perfect, publishedPrices } from "./outlook.ts";
export { type RunPlan, simulate } from "./run.ts";
export type { Trajectory } from "./trajectory.ts";
