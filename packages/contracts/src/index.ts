export * from "./building.ts";
export * from "./calibration.ts";
export * from "./comfort.ts";
export { describeZodError } from "./errors.ts";
export * from "./home-assistant.ts";
export { homeVariables } from "./home-variables.ts";
export * from "./http.ts";
export * from "./mpc.ts";
export * from "./payloads.ts";
export type { Point } from "./point.ts";
export {
  deviceNameSchema,
  roomNameSchema,
  sentenceOf,
  type TempoColour,
  topicLevelSchema,
  type ValveSource,
  valveSourceSchema,
} from "./quantities.ts";
export * from "./radiators.ts";
export * from "./rooms-file.ts";
export * from "./series.ts";
export * from "./setup.ts";
export { maxSteps } from "./steps.ts";
export * from "./time.ts";
export * from "./topics.ts";
export type { ZoneEstimate } from "./zone-estimate.ts";
