/** The mode in force, kept in the store and ended when its time is up. */
import type { ModeState } from "@azru/contracts";
import type { Clock, Logger } from "@azru/runtime";
import type { Events } from "../events.ts";
import type { Recorder } from "../record/recorder.ts";
import { auto, type Mode, modeAt, modeState } from "./mode.ts";

export interface ModeKeeperOptions {
  /** Of an earlier life. */
  readonly mode: Mode;
  readonly clock: Clock;
  readonly recorder: Pick<Recorder, "mode">;
  readonly events: Events;
  readonly log: Logger;
  readonly onExpiry: () => void;
}

export interface ModeKeeper {
  /** The mode in force now; a manual mode whose time is up ends here at the latest. */
  now(): Mode;
  set(mode: Mode): void;
  readonly state: ModeState;
  close(): void;
}

export function createModeKeeper(options: ModeKeeperOptions): ModeKeeper {
  const { clock, recorder, events, log } = options;
  let mode = options.mode;
  let cancelExpiry = scheduleExpiry();

  function scheduleExpiry(): () => void {
    return mode.kind === "auto"
      ? () => undefined
      : clock.scheduleAt(mode.expiresMs, () => options.onExpiry());
  }

  function set(next: Mode): void {
    cancelExpiry();
    mode = next;
    cancelExpiry = scheduleExpiry();
    const state = modeState(mode);
    recorder.mode(mode, clock.now());
    events.publish({ event: "mode", data: state });
    log.info({ mode: state }, `mode: ${mode.kind}`);
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
    close: () => cancelExpiry(),
  };
}
