/** Whether the service runs that has the devices do what is decided. */
import { topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";

export interface DeviceServiceWatch {
  /** Set while it has not run for a while, in words. */
  readonly problem: string | undefined;
  close(): void;
}

const service = "valves";
/** Time in which it starts, or starts again. */
const patience_ms = 60_000;
const absent =
  "the valves service does not run, so that no device follows Azru: docker compose --profile valves up -d starts it";

/**
 * Follows its status.
 *
 * @param isNeeded whether somebody has named devices for it
 */
export function watchDeviceService(messenger: Messenger, isNeeded: boolean): DeviceServiceWatch {
  if (!isNeeded) return { problem: undefined, close() {} };
  let waiting: NodeJS.Timeout | undefined;
  let isLate = false;
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      isLate = true;
    }, patience_ms).unref();
  };
  wait();
  const status = messenger.subscribe(
    topics.status,
    ({ payload }) => {
      if (payload === "offline") return wait();
      clearTimeout(waiting);
      isLate = false;
    },
    { params: { service } },
  );
  return {
    get problem() {
      return isLate ? absent : undefined;
    },
    close() {
      clearTimeout(waiting);
      status.close();
    },
  };
}
