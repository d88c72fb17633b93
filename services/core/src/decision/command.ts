/** The command to the valve that a choice leads to. */
import { isoTimeOf, type ValveCommand } from "@azru/contracts";
import type { Clock } from "@azru/runtime";
import type { House } from "../home/house.ts";
import type { Choice } from "./decision.ts";
import type { PlanForecast } from "./foresee.ts";
import type { RoomHeat } from "./room-heat.ts";

/** A command is valid for so many steps: three decisions may fail to reach the valve. */
const validSteps = 4;

/** What commanding needs. */
export interface CommandParts {
  readonly clock: Pick<Clock, "simulated" | "isKnown">;
  readonly house: Pick<House, "power_w">;
  readonly step_ms: number;
}

/** @param timeMs when it is issued, home time */
export function commandOf(
  { clock, house, step_ms }: CommandParts,
  id: string,
  { valve, source }: Choice,
  forecast: PlanForecast | undefined,
  timeMs: number,
): ValveCommand {
  const time = isoTimeOf(timeMs);
  const theta_e_c = forecast?.disturbances.theta_e_c[Math.floor((timeMs - forecast.startMs) / step_ms)];
  return {
    valve_position: 100 * valve,
    ...(theta_e_c !== undefined && { planned_power: house.power_w(valve, theta_e_c) }),
    source,
    ...(clock.simulated && { sim_time: time }),
    // A device that knows the time would take what is dated wrongly for old.
    ...(clock.isKnown && { issued_at: time, valid_until: isoTimeOf(timeMs + validSteps * step_ms) }),
    id,
  };
}

/** The commands to the rooms of a home that are heated each by itself: each its part of the home's. */
export function roomCommands(
  { planned_power, ...home }: ValveCommand,
  rooms: readonly RoomHeat[],
): ValveCommand[] {
  const heat_w = rooms.reduce((sum, { valve, power_w }) => sum + valve * power_w, 0);
  return rooms.map(({ valve, power_w, kept_c }) => ({
    ...home,
    valve_position: 100 * valve,
    ...(kept_c !== undefined && { setpoint: kept_c }),
    ...(planned_power !== undefined && {
      planned_power: heat_w > 0 ? (planned_power * valve * power_w) / heat_w : 0,
    }),
  }));
}
