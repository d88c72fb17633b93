/** What a log says of whether a room is under control. */
import type { Log } from "@azru/messaging";
import type { Target } from "./room-command.ts";

/**
 * Logs when a room takes its safe position, and when it follows Azru again.
 *
 * @param isDriven whether the room has anything to drive; of others nothing is said
 */
export function createTargetReport(room: string, isDriven: boolean, log: Log): (target: Target) => void {
  let safeReason: string | undefined;
  return (target) => {
    const reason = target.kind === "safe" ? target.reason : undefined;
    if (!isDriven || reason === safeReason) return;
    safeReason = reason;
    if (reason === undefined) log.info({ room }, "room follows Azru");
    else log.warn({ room, reason }, "room takes its safe position");
  };
}
