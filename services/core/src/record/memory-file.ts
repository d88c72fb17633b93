/**
 * What the core remembers, in a file of its own: where measurements are stored elsewhere, that place may be away
 * when the core starts again, or not have the latest yet.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  comfortWishesSchema,
  describeZodError,
  optimalPlanSchema,
  sensorMetricsSchema,
} from "@azru/contracts";
import { z } from "zod";
import { evidenceSchema, type Memory, type Savings } from "./memory.ts";
import type { Recorder } from "./recorder.ts";

const version = 1;

const memorySchema: z.ZodType<Memory> = z.object({
  mode: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("auto") }),
    z.object({ kind: z.literal("manual"), valve: z.number(), expiresMs: z.number() }),
  ]),
  wishes: comfortWishesSchema.exactOptional(),
  plan: z.object({ requestedMs: z.number(), plan: optimalPlanSchema }).exactOptional(),
  readings: z.array(z.object({ room: z.string(), metrics: sensorMetricsSchema, timeMs: z.number() })),
  baseline: z
    .object({
      atMs: z.number(),
      theta_m_c: z.number(),
      theta_air_c: z.number(),
      heating: z.boolean(),
      cost_eur: z.number(),
    })
    .exactOptional(),
  savings: z
    .object({
      sinceMs: z.number(),
      cost_eur: z.number(),
      baseline_eur: z.number(),
      baselineHeat_kwh: z.number(),
      days: z
        .array(z.object({ day: z.iso.date(), paid_eur: z.number(), baseline_eur: z.number() }))
        .default([]), // files of before it was kept
    })
    .optional(),
  estimate: z
    .object({
      atMs: z.number(),
      theta_m_c: z.number(),
      theta_m_sd_k: z.number(),
      phi_u_w: z.number(),
      phi_u_sd_w: z.number(),
      evidence: evidenceSchema.exactOptional(),
    })
    .exactOptional(),
});

/** What the file says, or why nothing can be read from it; undefined where there is none. */
export type MemoryFile = { readonly memory: Memory } | { readonly why: string } | undefined;

/** @throws Error where the file is of a newer version, which a start would overwrite */
export function readMemoryFile(path: string): MemoryFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { why: `${path} cannot be read: ${error instanceof Error ? error.message : error}` };
  }
  const head = z.object({ version: z.number(), memory: z.unknown() }).safeParse(content);
  if (!head.success) return { why: `${path} is damaged: ${describeZodError(head.error, content, "file")}` };
  if (head.data.version > version) {
    throw new Error(
      `${path} was written by a newer version (${head.data.version}, this one knows ${version}): update Azru, or move the file away`,
    );
  }
  const { memory } = head.data;
  const known = memorySchema.safeParse(memory);
  return known.success
    ? { memory: known.data }
    : { why: `${path} is damaged: ${describeZodError(known.error, memory, "memory")}` };
}

/**
 * Replaces the file in one go: it is the old or the new one whenever the power fails.
 *
 * @throws the errors of the file system
 */
export function writeMemoryFile(path: string, memory: Memory): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.next`;
  const file = openSync(next, "w");
  try {
    writeFileSync(file, JSON.stringify({ version, memory }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

/** A recorder that also remembers what it is told. */
export interface RememberingRecorder {
  readonly recorder: Recorder;
  memory(savings: Savings | undefined): Memory;
}

/** @param earlier what is remembered of an earlier life */
export function rememberWhatIsRecorded(recorder: Recorder, earlier: Memory): RememberingRecorder {
  const readings = new Map(earlier.readings.map((reading) => [reading.room, reading]));
  let known = earlier;
  return {
    recorder: {
      ...recorder,
      get counts() {
        return recorder.counts;
      },
      reading(reading, cost) {
        readings.set(reading.room, { ...reading, metrics: { ...cost, ...reading.metrics } });
        recorder.reading(reading, cost);
      },
      optimisation(plan, roundTrip_ms, timeMs) {
        if (plan.status === "optimal") known = { ...known, plan: { requestedMs: timeMs, plan } };
        recorder.optimisation(plan, roundTrip_ms, timeMs);
      },
      mode(mode, timeMs) {
        known = { ...known, mode };
        recorder.mode(mode, timeMs);
      },
      wishes(wishes, timeMs) {
        known = { ...known, wishes };
        recorder.wishes(wishes, timeMs);
      },
      estimate(room, estimate, noise, timeMs) {
        known = {
          ...known,
          estimate: {
            atMs: timeMs,
            theta_m_c: estimate.mass_temperature,
            theta_m_sd_k: estimate.mass_temperature_sd,
            phi_u_w: estimate.unknown_gains,
            phi_u_sd_w: estimate.unknown_gains_sd,
            evidence: noise,
          },
        };
        recorder.estimate(room, estimate, noise, timeMs);
      },
      baseline(room, steps) {
        const last = steps.at(-1);
        if (last) known = { ...known, baseline: last.next };
        recorder.baseline(room, steps);
      },
    },
    memory: (savings) => ({ ...known, readings: [...readings.values()], savings }),
  };
}
