/** Which commands a device accepts: fresh ones, in order, once. Judged by their own timestamps. */
import { timeMsOf } from "@azru/contracts";

/** The fields of a command that say when it holds. */
interface Timed {
  readonly issued_at?: string | undefined;
  readonly valid_until?: string | undefined;
  readonly id?: string | undefined;
}

/** `accepted`, or why a command is ignored. */
export type Verdict = "accepted" | "stale" | "expired" | "future" | "duplicate" | "overtaken";

export interface CommandGateOptions {
  readonly maxAge_ms: number;
  /** How far ahead of ours the sender's clock may be; 60 s by default. */
  readonly tolerance_ms?: number;
}

export interface CommandGate {
  /**
   * Judges a command and remembers it when it is accepted. A command without `issued_at` is taken as issued now.
   *
   * @param nowMs Unix time by the clock that commands are stamped with (home time)
   */
  judge(command: Timed, nowMs: number): Verdict;
}

/** A gate for the commands of one device. */
export function createCommandGate({ maxAge_ms, tolerance_ms = 60_000 }: CommandGateOptions): CommandGate {
  let last: { id: string | undefined; issuedMs: number } | undefined;
  return {
    judge(command, nowMs) {
      const issuedMs = command.issued_at === undefined ? nowMs : timeMsOf(command.issued_at);
      if (issuedMs > nowMs + tolerance_ms) return "future";
      if (nowMs - issuedMs > maxAge_ms) return "stale";
      if (command.valid_until !== undefined && timeMsOf(command.valid_until) <= nowMs) return "expired";
      // A clock that jumped back would make every new command look older than the last.
      if (last && last.issuedMs > nowMs + tolerance_ms) last = undefined;
      if (last && command.id !== undefined && command.id === last.id) return "duplicate";
      if (last && issuedMs < last.issuedMs) return "overtaken";
      last = { id: command.id, issuedMs };
      return "accepted";
    },
  };
}
