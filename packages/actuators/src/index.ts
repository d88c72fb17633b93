export { createDuty, dutyCycleOptionsOf } from "./duty.ts";
export {
  type BankDemand,
  bankPower_w,
  type HeaterOptions,
  startHeaterBank,
  stepHeaterBank,
} from "./heater-bank.ts";
export { createHeaterGroup } from "./heater-group.ts";
export { heatersLimit_w, type PilotMode, pilotModes } from "./pilot-wire.ts";
export { createRoomCommand, type Instant, type Target } from "./room-command.ts";
export { createRoomFloor, floorReading_ms, roomFloorTop_k } from "./room-floor.ts";
export { setpointOf } from "./setpoint.ts";
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
