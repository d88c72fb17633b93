/** Whether a device does what it was sent: sends again where its reports contradict it, and says where it will not. */
import type { Log } from "@azru/messaging";
import { hourMs } from "@azru/runtime";

export interface CommandWatch {
  /** Notes that something was sent. */
  sent(nowMs: number): void;
  /**
   * Takes note of a report.
   *
   * @param contradiction how it contradicts what was sent; nothing where it agrees
   * @returns whether to send again
   */
  report(contradiction: string | undefined, nowMs: number): boolean;
}

/** So often the command is sent again before it is said that the device does not take it. */
const patience = 3;
/** From then on it is sent again only so often. */
const slowly_ms = hourMs;

/** @param settle_ms how long after a command a report may still be from before it */
export function createCommandWatch(device: string, settle_ms: number, log: Log): CommandWatch {
  let sentMs = Number.NEGATIVE_INFINITY;
  let attempts = 0;
  return {
    sent(nowMs) {
      sentMs = nowMs;
    },
    report(contradiction, nowMs) {
      if (nowMs - sentMs < (attempts > patience ? slowly_ms : settle_ms) && contradiction !== undefined)
        return false;
      if (contradiction === undefined) {
        if (attempts > patience) log.info({ device }, "device takes its command again");
        attempts = 0;
        return false;
      }
      attempts++;
      if (attempts === 1)
        log.info({ device, reason: contradiction }, "device contradicts its command: sent again");
      if (attempts === patience + 1)
        log.warn(
          { device, reason: contradiction },
          "device does not take its command: look at its own programme, its window detection and its limits",
        );
      return true;
    },
  };
}
