export { type AffineStep, affineStep, airTemperature_c, nextMassTemperature_c } from "./affine.ts";
export { stepToSetpoint } from "./demand.ts";
export { simulateDemand } from "./demand-series.ts";
export { type EmissionSystemName, emissionSystems } from "./emission.ts";
export { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "./home.ts";
export { sunPositionAt } from "./sun.ts";
export { supplyCop, supplySystems } from "./supply.ts";
export { type Window, windowSolarGains_w } from "./window.ts";
export { buildingClasses, createZone, stepZone, type Zone, type ZoneParameters } from "./zone.ts";
