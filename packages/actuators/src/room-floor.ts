/** What keeps a room at its setpoint between two commands, which may be a quarter of an hour apart. */
import type { Target } from "./room-command.ts";

/** A thermometer for a room errs by so much (one standard deviation), K: most are read to a tenth. */
const thermometerError_k = 0.1;
/** So far above the setpoint heat is due: three times the error, so that the room itself is not below it. */
const margin_k = 3 * thermometerError_k;
/** Between on and off, so that the thermometer's error alone switches nothing. */
const hysteresis_k = 2 * thermometerError_k;
/** So far above its setpoint a room is let go, K: what keeps rooms by their share of the time keeps them there. */
export const roomFloorTop_k = margin_k + hysteresis_k;
/** An older temperature says nothing of the minute: a heater on full heat moves the air by kelvins meanwhile. */
export const floorReading_ms = 15 * 60_000;

/**
 * Has a room's switched heaters heat fully while it is less than 0.3 K above the setpoint that its command names, until
 * it is 0.5 K above: full heat may move the air of a small room by 3 K between two commands, so that a share of the
 * time alone lets it swing below. Commands without a setpoint, and rooms without a recent temperature, stay as they are.
 *
 * @returns the target to follow, for the target commanded and the room's temperature of the last `floorReading_ms`
 */
export function createRoomFloor(): (target: Target, recent_c: number | undefined) => Target {
  let isHeating = false;
  return (target, recent_c) => {
    if (target.kind === "safe" || target.setpoint_c === undefined || recent_c === undefined) {
      isHeating = false;
      return target;
    }
    if (recent_c < target.setpoint_c + margin_k) isHeating = true;
    else if (recent_c >= target.setpoint_c + roomFloorTop_k) isHeating = false;
    return isHeating ? { ...target, opening_percent: 100, isCold: true } : target;
  };
}
