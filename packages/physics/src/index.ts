export { type AffineStep, affineStep, airTemperature_c, nextMassTemperature_c } from "./affine.ts";
export {
  type Conditioning,
  type DemandResult,
  type FreeInputs,
  stepToSetpoint,
} from "./demand.ts";
export { createDemandSeries, type DemandSeries, type FreeSeries, simulateDemand } from "./demand-series.ts";
export { type EmissionSystem, type EmissionSystemName, emissionSystems } from "./emission.ts";
export { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "./home.ts";
export { type Lighting, lightingDemand_w, officeLighting } from "./lighting.ts";
export { type SunPosition, sunPosition, sunPositionAt } from "./sun.ts";
export {
  type SupplyEnergy,
  type SupplyMode,
  type SupplySystem,
  type SupplySystemName,
  supplyCop,
  supplyEnergy,
  supplySystems,
} from "./supply.ts";
export {
  incidenceCosine,
  type Window,
  windowIlluminance_lm,
  windowSolarGains_w,
} from "./window.ts";
export {
  type BuildingClass,
  buildingClasses,
  createZone,
  type StepInputs,
  type StepResult,
  stepZone,
  type Zone,
  type ZoneParameters,
} from "./zone.ts";
