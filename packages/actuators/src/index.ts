export { createRelay, type Relay, type RelayTimes } from "./relay.ts";
export { createRoomCommand, type Instant, type RoomCommand, type Target } from "./room-command.ts";
export { type SetpointRange, setpointOf } from "./setpoint.ts";
