/** What Azru last asked of a room, and whether it still holds. */
import { timeMsOf, type ValveCommand } from "@azru/contracts";
import { createCommandGate, type Verdict } from "@azru/messaging";

/** What a room's devices are to do. */
export type Target =
  | {
      readonly kind: "open";
      readonly opening_percent: number;
      /** What the room is to be kept above, degrees C, where the command names it. */
      readonly setpoint_c?: number | undefined;
      /** The room is too near its setpoint, and heated fully: its heaters come first where power is short. */
      readonly isCold?: boolean;
      readonly number: number;
    }
  | { readonly kind: "safe"; readonly reason: string };

/** Two clocks: home time is what commands are stamped with, the other never jumps. Both ms. */
export interface Instant {
  readonly homeMs: number;
  readonly steadyMs: number;
}

export interface RoomCommand {
  /** @param retained kept by the broker, so that without `issued_at` nobody knows how old it is */
  judge(command: ValveCommand, retained: boolean, now: Instant): Verdict;
  targetAt(now: Instant): Target;
}

/** @param silence_ms age from which a command no longer holds, and silence after which the room is safe */
export function createRoomCommand(silence_ms: number): RoomCommand {
  const gate = createCommandGate({ maxAge_ms: silence_ms });
  let last: (Extract<Target, { kind: "open" }> & { receivedMs: number; validUntilMs: number }) | undefined;
  return {
    judge({ issued_at, valid_until, id, valve_position, setpoint }, retained, now) {
      if (retained && issued_at === undefined) return "stale";
      const verdict = gate.judge({ issued_at, valid_until, id }, now.homeMs);
      if (verdict !== "accepted") return verdict;
      last = {
        kind: "open",
        opening_percent: valve_position,
        setpoint_c: setpoint,
        receivedMs: now.steadyMs,
        validUntilMs: valid_until === undefined ? Number.POSITIVE_INFINITY : timeMsOf(valid_until),
        number: (last?.number ?? 0) + 1,
      };
      return verdict;
    },
    targetAt({ homeMs, steadyMs }) {
      if (!last) return { kind: "safe", reason: "Azru has not commanded yet" };
      if (homeMs >= last.validUntilMs) return { kind: "safe", reason: "the last command no longer holds" };
      if (steadyMs - last.receivedMs >= silence_ms) return { kind: "safe", reason: "Azru is silent" };
      const { kind, opening_percent, setpoint_c, number } = last;
      return { kind, opening_percent, setpoint_c, number };
    },
  };
}
