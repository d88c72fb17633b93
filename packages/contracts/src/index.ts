export * from "./building.ts";
export * from "./calibration.ts";
export {
  type ComfortInForce,
  type ComfortRequests,
  type ComfortResponse,
  type ComfortRule,
  type ComfortSettings,
  type ComfortTemperature,
  type ControlPresenceBody,
  type ControlPresetBody,
  type ControlRoomBody,
  type ControlSetpointBody,
  type ControlVacationBody,
  comfortRequestsSchema,
  comfortResponseSchema,
  comfortSettingsSchema,
  controlPresenceBodySchema,
  controlPresetBodySchema,
  controlRoomBodySchema,
  controlSetpointBodySchema,
  controlVacationBodySchema,
  type Preset,
  type RoomRequest,
  type Schedule,
  type Warmest,
  type Weekday,
  weekdays,
} from "./comfort.ts";
export { describeZodError } from "./errors.ts";
export {
  type ControlMode,
  type ControlPreset,
  type ControlWarmest,
  type Discovery,
  type HomePrices,
  type HomeRoom,
  type HomeState,
  homePricesSchema,
  homeStateSchema,
  type PushedTariff,
  pushedTariffSchema,
} from "./home-assistant.ts";
export { homeVariables } from "./home-variables.ts";
export * from "./http.ts";
export {
  type FailedPlan,
  type MpcPlan,
  type MpcProblem,
  type MpcRequest,
  mpcRequestSchema,
  type OptimalPlan,
  optimalPlanSchema,
} from "./mpc.ts";
export {
  type ForecastState,
  forecastStateSchema,
  type Rate,
  rateMessage,
  type SensorMetrics,
  type ServiceStatus,
  sensorMetricsSchema,
  type TariffDay,
  type TariffState,
  tariffStateSchema,
  type ValveCommand,
} from "./payloads.ts";
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
export {
  closedOrders,
  type DeviceFault,
  deviceIssues,
  leftForRadiators_w,
  type Radiator,
} from "./radiators.ts";
export {
  checkRoomNames,
  type HeatedRoom,
  type RoomComfort,
  type RoomOff,
  type RoomsFile,
  roomsFileSchema,
  valvesPowerSchema,
} from "./rooms-file.ts";
export * from "./series.ts";
export * from "./setup.ts";
export { maxSteps } from "./steps.ts";
export { isoTimeOf, isoTimeSchema, timeMsOf } from "./time.ts";
export * from "./topics.ts";
export type { ZoneEstimate } from "./zone-estimate.ts";
