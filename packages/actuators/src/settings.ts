/** What the files of devices (docs/valves.md, docs/home-assistant.md) have in common, with its bounds and defaults. */
import { closedOrders } from "@azru/contracts";
import { z } from "zod";

export const temperature_c = z.number().min(5).max(35);
export const percent = z.number().min(0).max(100);
const minutes = z.number().min(0).max(240);

/** How long a command holds and a reading counts. */
export function ageFields(reading_minutes: number) {
  return {
    silence_minutes: z.number().min(1).max(1440).default(60),
    reading_minutes: z.number().min(1).max(1440).default(reading_minutes),
  };
}

const heaterFields = {
  rated_w: z.number().min(0).max(20_000).default(0),
  period_minutes: z.number().min(1).max(120).default(15),
  safe_setpoint_c: temperature_c.default(19),
  safe_hysteresis_k: z.number().min(0.1).max(5).default(0.5),
};

/** A relay that switches a heater. */
export const relayFields = {
  ...heaterFields,
  minimum_on_minutes: minutes.default(2),
  minimum_off_minutes: minutes.default(2),
  safe_duty_percent: percent.default(30),
  on_stop: z.enum(["off", "on"]).default("off"),
};

/** A radiator's pilot wire. */
export const pilotWireFields = {
  ...heaterFields,
  closed: z.enum(closedOrders).optional(),
  minimum_on_minutes: minutes.default(3),
  minimum_off_minutes: minutes.default(3),
  safe_duty_percent: percent.default(100),
};

/** A thermostat whose setpoint is moved. */
export const setpointFields = {
  low_c: temperature_c.default(7),
  high_c: temperature_c.default(30),
  span_k: z.number().min(0.5).max(10).default(2),
};

/** Whether the lower end of a range of temperatures, degrees C, is below its upper end. */
export function isRising({ low_c, high_c }: { readonly low_c: number; readonly high_c: number }): boolean {
  return low_c < high_c;
}
export const notRising = { path: ["high_c"], error: "must be above low_c" };

/** The power that a home has subscribed; `meter` says how it is measured. */
export function powerSchema<M extends z.ZodType>(meter: M) {
  return z.strictObject({
    subscribed_kva: z.number().min(1).max(36),
    base_load_w: z.number().min(0).max(30_000).default(1000),
    meter: meter.optional(),
  });
}
