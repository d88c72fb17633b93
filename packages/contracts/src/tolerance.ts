/**
 * What devices and older clients write otherwise than the contract says. The schemas stay strict: they are what is
 * documented and what we send; a message that comes is rewritten before, and what it can do without is left out.
 */
import { parseHomeTime } from "@azru/time";
import { z } from "zod";
import { metricsSchema, type ValveCommand } from "./payloads.ts";
import { isoTimeOf } from "./time.ts";

export interface Tolerance {
  /** The same in the contract's form, as far as it can be had; anything else as it is. */
  rewrite(input: unknown): unknown;
  /** Fields whose bad value costs the field alone, not the message. */
  readonly dispensable: readonly string[];
  /** Whether fields that the contract does not know are left out too. */
  readonly dropsUnknown?: boolean;
}

const { temperature: _, sim_time: __, ...otherMetrics } = metricsSchema.shape;

const rewriteMetrics = rewriting({
  numbers: ["temperature", ...Object.keys(otherMetrics)],
  times: ["sim_time"],
});

export const metricsTolerance: Tolerance = {
  rewrite(input) {
    const metrics = rewriteMetrics(input);
    if (!isRecord(metrics) || typeof metrics.window_open !== "boolean") return metrics;
    return { ...metrics, window_open: Number(metrics.window_open) };
  },
  dispensable: [...Object.keys(otherMetrics), "sim_time"],
};

const rewriteCommand = rewriting({
  numbers: ["valve_position", "planned_power", "setpoint"],
  times: ["sim_time", "issued_at", "valid_until"],
});

/** Not those that say whether a command still holds: without them an old one would be followed. */
export const valveCommandTolerance: Tolerance = {
  rewrite(input) {
    const command = rewriteCommand(input);
    if (!isRecord(command) || command.source !== undefined) return command;
    return { ...command, source: "mpc" satisfies ValveCommand["source"] };
  },
  dispensable: ["planned_power", "setpoint", "source", "sim_time"],
  dropsUnknown: true,
};

export const clockTolerance: Tolerance = { rewrite: withOffset, dispensable: [] };

function rewriting({ numbers, times }: { numbers: readonly string[]; times: readonly string[] }) {
  return (input: unknown): unknown => {
    if (!isRecord(input)) return input;
    const known = Object.entries(input).filter(([, value]) => value !== null);
    return Object.fromEntries(
      known.map(([name, value]) => {
        if (numbers.includes(name)) return [name, numberOf(value)];
        return [name, times.includes(name) ? withOffset(value) : value];
      }),
    );
  };
}

/** A number sent as text, with a point or a comma. */
function numberOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[+-]?\d{1,9}([.,]\d{1,9})?\s*$/.test(value)) return value;
  return Number(value.replace(",", "."));
}

const localTime = z.iso.datetime({ local: true });

/** A time without an offset is one of Europe/Paris. */
function withOffset(value: unknown): unknown {
  if (typeof value !== "string" || value.endsWith("Z") || !localTime.safeParse(value).success) return value;
  try {
    return isoTimeOf(parseHomeTime(value));
  } catch (error) {
    if (error instanceof RangeError) return value; // an hour that spring skips
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
