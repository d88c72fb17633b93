export { type AffineStep, affineStep } from "./affine.ts";
export { type EmissionSystem, type EmissionSystemName, emissionSystems } from "./emission.ts";
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
