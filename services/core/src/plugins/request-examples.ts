/** Bodies of requests that say what holds already, as examples in the API's description. */
import {
  type ComfortResponse,
  type ComfortSettings,
  type ControlModeBody,
  type ControlPresenceBody,
  type ControlPresetBody,
  type ControlRoomBody,
  type ControlSetpointBody,
  type ControlVacationBody,
  type ControlValveBody,
  isoTimeOf,
  type PushedTariff,
  type Rate,
  type SetupAnswers,
  type StateResponse,
} from "@azru/contracts";
import { dayMs } from "@azru/runtime";

/** What the examples are made of. */
export interface DescribedHome {
  readonly state: Pick<StateResponse, "time" | "mode" | "decision" | "rooms">;
  readonly comfort: ComfortResponse;
  readonly rates: readonly Rate[];
  readonly answers: SetupAnswers;
}

/** By method and path, such as `put /comfort`. */
export function currentBodies({
  state,
  comfort,
  rates,
  answers,
}: DescribedHome): ReadonlyMap<string, unknown> {
  const { in_force, settings, present, vacation } = comfort;
  const nowMs = Date.parse(state.time);
  const bodies = {
    "put /setup": answers,
    "put /tariff": {
      currency: "EUR",
      unit: "EUR/kWh",
      prices: rates.map(({ start, end, price }) => ({ start, end, value: price })),
    } satisfies PushedTariff,
    "put /comfort": settings satisfies ComfortSettings,
    "post /control/preset": {
      preset: in_force.rule === "temporary" && in_force.preset !== null ? in_force.preset : "schedule",
    } satisfies ControlPresetBody,
    "post /control/setpoint": {
      setpoint_c: in_force.setpoint_c,
      duration_min: 60,
    } satisfies ControlSetpointBody,
    "post /control/room": {
      room: state.rooms[0]?.room ?? answers.rooms[0],
      setpoint_c: in_force.setpoint_c,
      duration_min: 60,
    } satisfies ControlRoomBody,
    "post /control/presence": { present } satisfies ControlPresenceBody,
    "post /control/vacation": {
      from: vacation?.from ?? isoTimeOf(nowMs + 7 * dayMs),
      until: vacation?.until ?? isoTimeOf(nowMs + 14 * dayMs),
      setpoint_c: vacation?.setpoint_c ?? settings.vacation_c,
    } satisfies ControlVacationBody,
    "post /control/valve": {
      valve_position: Math.round(state.decision?.valve_position ?? 0),
      duration_min: 60,
    } satisfies ControlValveBody,
    "post /control/mode": { auto_mode: state.mode === "auto" } satisfies ControlModeBody,
  };
  return new Map<string, unknown>(Object.entries(bodies));
}
