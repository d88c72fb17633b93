/** Batteries that are about to be empty. */
import type { Log } from "@azru/messaging";
import type { DeviceState } from "./zigbee/payloads.ts";

/** How much a battery must recover before it is reported again. */
const recovery_percent = 5;

/** Logs once that a device's battery is low, and again after it was changed. */
export function createBatteryWatch(low_percent: number, log: Log) {
  const low = new Set<string>();
  return (device: string, { battery_percent, isBatteryLow }: DeviceState): void => {
    const isLow = isBatteryLow === true || (battery_percent !== undefined && battery_percent <= low_percent);
    const isWell =
      isBatteryLow !== true &&
      (battery_percent === undefined
        ? isBatteryLow === false
        : battery_percent > low_percent + recovery_percent);
    if (isLow && !low.has(device)) {
      low.add(device);
      log.warn({ device, battery_percent }, "battery is low: change it");
    } else if (isWell) low.delete(device);
  };
}
