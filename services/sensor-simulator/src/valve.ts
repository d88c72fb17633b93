/** The radiator valve: it follows commands, and takes a safe position when there are none. */
import { timeMsOf, type ValveCommand } from "@azru/contracts";
import { type CommandGate, createCommandGate, type Log, type Verdict } from "@azru/messaging";

export interface ValveOptions {
  /** Home time at which the valve begins to wait for commands, Unix ms. */
  readonly startMs: number;
  /** Commands older than this are not accepted. */
  readonly maxAge_ms: number;
  /** How far ahead of home time a command may be. */
  readonly tolerance_ms: number;
  /** Silence after which the valve takes its safe position; absent: it keeps the last one. */
  readonly silence_ms?: number | undefined;
  /** Position, 0 to 1, once a command no longer holds (`valid_until`) or silence lasts. */
  readonly safePosition: number;
  readonly log: Log;
}

export interface Valve {
  /** How many commands were accepted, or ignored for which reason. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Judges a command by home time; an accepted one holds from the next `positionAt` on. */
  command(command: ValveCommand, nowMs: number): Verdict;
  /** Position, 0 to 1, at a time; times are asked for in order. */
  positionAt(timeMs: number): number;
}

/** A closed valve. A command without `issued_at` was issued at its `sim_time`. */
export function createValve(options: ValveOptions): Valve {
  const { maxAge_ms, tolerance_ms, silence_ms = Number.POSITIVE_INFINITY, safePosition, log } = options;
  const gate: CommandGate = createCommandGate({ maxAge_ms, tolerance_ms });
  const verdicts: Partial<Record<Verdict, number>> = {};
  let lastVerdict: Verdict = "accepted";
  let position = 0;
  let receivedMs = options.startMs;
  let validUntilMs = Number.POSITIVE_INFINITY;
  let safe = false;

  return {
    verdicts,
    command(command, nowMs) {
      const { issued_at = command.sim_time, valid_until, valve_position, source, id } = command;
      const verdict = gate.judge({ issued_at, valid_until, id }, nowMs);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (verdict === "accepted") {
        position = valve_position / 100;
        receivedMs = nowMs;
        validUntilMs = valid_until === undefined ? Number.POSITIVE_INFINITY : timeMsOf(valid_until);
        safe = false;
      } else if (verdict !== lastVerdict) {
        log.warn({ verdict, source, id, issued_at }, "command ignored");
      }
      lastVerdict = verdict;
      return verdict;
    },
    positionAt(timeMs) {
      if (safe) return safePosition;
      const expired = timeMs >= validUntilMs;
      if (!expired && timeMs - receivedMs < silence_ms) return position;
      const reason = expired ? "the command no longer holds" : "no command for too long";
      log.warn({ reason, position: safePosition * 100 }, "valve takes its safe position");
      safe = true;
      return safePosition;
    },
  };
}
