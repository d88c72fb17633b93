export { createDuty, dutyCycleOptionsOf } from "./duty.ts";
export {
  type BankDemand,
  bankPower_w,
  dutiesWithin,
  type HeaterBank,
  type HeaterOptions,
  type HeaterState,
  startHeaterBank,
  stepHeaterBank,
} from "./heater-bank.ts";
export { createHeaterGroup, type HeaterGroup } from "./heater-group.ts";
export {
  frostSetpoint_c,
  heatersLimit_w,
  type PilotMode,
  type PowerContract,
  pilotModes,
  pilotSetpoint_c,
} from "./pilot-wire.ts";
export { createRoomCommand, type Instant, type RoomCommand, type Target } from "./room-command.ts";
export { createRoomFloor, floorReading_ms, roomFloorTop_k } from "./room-floor.ts";
export { type SetpointRange, setpointOf } from "./setpoint.ts";
export {
  ageFields,
  isRising,
  notRising,
  percent,
  pilotWireFields,
  powerSchema,
  relayFields,
  setpointFields,
  temperature_c,
} from "./settings.ts";
export { createTargetReport } from "./target-report.ts";
