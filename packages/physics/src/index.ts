export { type AffineStep, affineStep } from "./affine.ts";
export { type EmissionSystem, type EmissionSystemName, emissionSystems } from "./emission.ts";
export { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "./home.ts";
export type { Window } from "./window.ts";
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
