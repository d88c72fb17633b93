/** The mode in force, which ends when its time is up. */
import type { ModeState } from "@azru/contracts";
import type { Clock } from "@azru/runtime";
import { auto, type Mode, modeAt, modeState } from "./mode.ts";

/** Another mode is in force. */
export interface ModeEvent {
  readonly kind: "mode";
  readonly mode: Mode;
  readonly timeMs: number; // home time
}

export interface ModeKeeperOptions {
  /** In force at the start. */
  readonly mode: Mode;
  readonly clock: Clock;
  readonly publish: (event: ModeEvent) => void;
  readonly onExpiry: () => void;
}

export interface ModeKeeper {
  /** The mode in force now; a manual mode whose time is up ends here at the latest. */
  now(): Mode;
  set(mode: Mode): void;
  readonly state: ModeState;
  close(): void;
}

export function createModeKeeper({ clock, publish, onExpiry, ...options }: ModeKeeperOptions): ModeKeeper {
  let mode = options.mode;
  let isOfThisRun = false;
  let cancelExpiry = scheduleExpiry();
  const stopFollowing = clock.onChange(({ fromMs, toMs, wasKnown }) => {
    if (mode.kind !== "manual" || !(wasKnown || isOfThisRun)) return;
    set({ ...mode, expiresMs: mode.expiresMs + toMs - fromMs });
  });

  function scheduleExpiry(): () => void {
    return mode.kind === "manual" ? clock.scheduleAt(mode.expiresMs, () => onExpiry()) : () => undefined;
  }

  function set(next: Mode): void {
    cancelExpiry();
    mode = next;
    isOfThisRun = true;
    cancelExpiry = scheduleExpiry();
    publish({ kind: "mode", mode, timeMs: clock.now() });
  }

  return {
    now() {
      if (modeAt(mode, clock.now()) !== mode) set(auto);
      return mode;
    },
    set,
    get state() {
      return modeState(modeAt(mode, clock.now()));
    },
    close() {
      stopFollowing();
      cancelExpiry();
    },
  };
}
