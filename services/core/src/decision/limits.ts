/** What of a choice may be carried out: windows, frost protection, the upper limit, and each room's part. */
import { homeMinute } from "@azru/runtime";
import type { House } from "../home/house.ts";
import type { Choice, Decision, Observation } from "./decision.ts";
import { type ModelLimits, modelLimits } from "./model-limits.ts";
import type { RoomSharing } from "./room-heat.ts";
import { heldLimitAt, type Limit, safeValve } from "./safe-valve.ts";

/** What limiting needs. */
export interface LimitParts {
  readonly house: Pick<House, "doubt">;
  /** Absent where the home is heated as one. */
  readonly sharing?: RoomSharing | undefined;
  /** The limit that the last decision held the home to. */
  readonly limitHeld: () => Limit | undefined;
}

/** What was chosen within the limits, the limit that holds, and what each room gets that is heated by itself. */
export function withinLimits(
  { house, sharing, limitHeld }: LimitParts,
  { chosen, observation, forecast }: Pick<Decision, "chosen" | "observation" | "forecast">,
  timeMs: number,
): Pick<Decision, "choice" | "limit" | "rooms"> {
  const theta_air_c = observation.zone?.theta_air_c;
  const held = limitHeld();
  const byModel = modelLimits(house.doubt, observation, chosen, forecast);
  const open = sharing ? chosen : closedByWindow(chosen, observation);
  const choice = withinTemperatures(open, theta_air_c, held, byModel);
  const limit = heldLimitAt(theta_air_c, held);
  if (!sharing) return { choice, limit, rooms: [] };

  const shared = sharing.share(choice, observation, timeMs);
  const total = sharing.total(shared);
  const within = byModel && total > byModel.most ? byModel.most / total : 1;
  // Where the model holds the home back, no room's thermometer asks for more.
  const rooms =
    within < 1 ? shared.map(({ kept_c: _, ...heat }) => ({ ...heat, valve: heat.valve * within })) : shared;
  return { choice: { ...choice, valve: total * within }, limit, rooms };
}

/**
 * Frost protection and the upper limit, which hold in every mode: a choice within them, and within
 * what the model of the house allows where it contradicts the thermometer.
 *
 * @param held the limit that the home was held to before
 */
function withinTemperatures(
  choice: Choice,
  theta_air_c: number | undefined,
  held: Limit | undefined,
  byModel: ModelLimits | undefined,
): Choice {
  const measured = withinMeasured(choice, theta_air_c, held);
  if (!byModel) return measured;
  const valve = Math.min(Math.max(measured.valve, byModel.least), byModel.most);
  if (valve === measured.valve) return measured;
  const thermometer =
    theta_air_c === undefined ? "" : `, whatever a thermometer at ${theta_air_c.toFixed(1)} degrees says`;
  const why =
    valve < measured.valve
      ? `by its model the house would be beyond ${byModel.most_c.toFixed(1)} degrees`
      : `by its model the house would be below ${byModel.floor_c.toFixed(1)} degrees`;
  const reason = `${why}${thermometer}, instead of: ${measured.reason}`;
  const { instead: _, planFromMs: __, ...rest } = measured;
  return { ...rest, valve, source: "failsafe", fallback: "doubt", reason };
}

function withinMeasured(choice: Choice, theta_air_c: number | undefined, held: Limit | undefined): Choice {
  const valve = safeValve(choice.valve, theta_air_c, held);
  const limit = heldLimitAt(theta_air_c, held);
  if (limit === undefined || theta_air_c === undefined || valve === choice.valve) return choice;
  const what = limit === "frost" ? "frost protection opens" : "the upper limit closes";
  const reason = `${what} the valve at ${theta_air_c.toFixed(1)} degrees, instead of: ${choice.reason}`;
  const { instead: _, planFromMs: __, ...rest } = choice;
  return { ...rest, valve, source: "failsafe", fallback: limit, reason };
}

/** A home heated as one is not heated while a window of it stands open; what somebody set by hand stays. */
function closedByWindow(choice: Choice, { windows, zone }: Pick<Observation, "windows" | "zone">): Choice {
  const room = zone?.rooms.find((name) => windows.has(name));
  if (choice.source === "manual" || choice.valve === 0 || room === undefined) return choice;
  const { cause, untilMs } = windows.get(room)!;
  const found = cause === "contact" ? "a window is open" : "the air fell as if a window were open";
  const until = untilMs === undefined ? "" : ` until ${homeMinute(untilMs)}`;
  return {
    ...choice,
    valve: 0,
    reason: `not heated${until}: ${found} in ${room}, instead of: ${choice.reason}`,
  };
}
