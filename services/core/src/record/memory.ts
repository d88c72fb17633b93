/** What the core must know at its next start. */
import {
  comfortRequestsSchema,
  describeZodError,
  optimalPlanSchema,
  sensorMetricsSchema,
} from "@azru/contracts";
import type { NoiseEvidence } from "@azru/identification";
import { z } from "zod";
import type { DoubtMemory } from "../home/doubt.ts";
import type { HomeEstimate } from "../home/home-estimate.ts";
import { sensorHabitSchema } from "../home/sensor-habit.ts";
import type { CoreEvent } from "./core-event.ts";

const numbers = z.array(z.number()).max(25).readonly();
const heatingDoubtSchema = z.object({
  fault: z.literal(["not_heating", "not_stopping"]),
  sinceMs: z.number(),
  measured_c: z.number(),
  expected_c: z.number(),
  felt: z.number().optional(),
});
const doubtMemorySchema: z.ZodType<DoubtMemory> = z.object({
  atMs: z.number(),
  rooms: z.record(
    z.string(),
    z.object({
      usual: z.object({ share: z.number(), square: z.number(), days: z.number() }),
      reference: z
        .object({
          courses: z.array(z.object({ x_c: numbers, level: z.number() })).max(2),
          days: z.number(),
          departure_k: z.number(),
          square_k2: z.number(),
          apart_s: z.number(),
          movement: z.object({ product_k2: z.number(), square_k2: z.number(), usual: z.number() }),
          base: z
            .object({
              hours_k: z.array(z.number()).max(24),
              hours: z.number(),
              usual_k: z.number(),
              raised_days: z.number(),
              first_k: z.number(),
            })
            .optional(),
          isTooWarm: z.boolean().optional(),
        })
        .optional(),
      suspected: z
        .object({
          state: z.object({ x_c: numbers, g_w: z.number(), P: numbers }),
          flows: z.object({
            theta_air_c: z.number(),
            theta_e_c: z.number(),
            phi_HC_w: z.number(),
            lately_w: z.number(),
            phi_sol_w: z.number(),
            phi_int_w: z.number(),
          }),
          last: z.object({ measured_c: z.number(), expected_c: z.number() }),
          sign: z.number(),
          hasJumped: z.boolean(),
          x_c: numbers,
          unknown_w: z.number(),
          coasting_c: numbers,
          suspicious_s: z.number(),
          fact: z
            .object({
              fault: z.literal(["noHeat", "unaskedHeat", "thermometer"]),
              age_s: z.number(),
              fine_s: z.number(),
              idle_s: z.number(),
            })
            .optional(),
        })
        .optional(),
    }),
  ),
  heating: heatingDoubtSchema.optional(),
  thermometers: z.record(z.string(), z.object({ sinceMs: z.number(), expected_c: z.number() })),
});

/** What measurements say of the noise, by hypothesis. */
export const evidenceSchema: z.ZodType<NoiseEvidence> = z.record(z.string(), z.number());

const memorySchema = z.object({
  mode: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal(["auto", "thermostat", "off"]) }),
    z.object({ kind: z.literal("manual"), valve: z.number(), expiresMs: z.number() }),
  ]),
  /** The comfort requests; absent where nobody ever made one. */
  wishes: comfortRequestsSchema.exactOptional(),
  plan: z.object({ requestedMs: z.number(), plan: optimalPlanSchema }).exactOptional(),
  /** The last of each room. */
  readings: z
    .array(z.object({ room: z.string(), metrics: sensorMetricsSchema, timeMs: z.number() }))
    .readonly(),
  /** How the thermometers report, by room. */
  habits: z.record(z.string(), sensorHabitSchema).optional(),
  /** What is doubted of thermometers and heating. */
  doubt: doubtMemorySchema.optional(),
  baseline: z
    .object({
      atMs: z.number(),
      theta_m_c: z.number(),
      theta_air_c: z.number(),
      x_c: z.array(z.number()).readonly().exactOptional(), // of a house of several states
      heating: z.boolean(),
      integral: z.number().exactOptional(), // of an electronic thermostat
      cost_eur: z.number(),
    })
    .exactOptional(),
  savings: z
    .object({
      sinceMs: z.number(),
      counted_ms: z.number(),
      cost_eur: z.number(),
      baseline_eur: z.number(),
      baselineHeat_kwh: z.number(),
      days: z
        .array(z.object({ day: z.iso.date(), paid_eur: z.number(), baseline_eur: z.number() }))
        .readonly(),
    })
    .optional(),
  /** The last. */
  estimate: z
    .object({
      atMs: z.number(),
      theta_m_c: z.number(),
      theta_m_sd_k: z.number(),
      phi_u_w: z.number(),
      phi_u_sd_w: z.number(),
      /** Absent where it was not known yet. */
      evidence: evidenceSchema.exactOptional(),
    })
    .exactOptional(),
});

export type Memory = Readonly<z.infer<typeof memorySchema>>;

/** Sections without which the rest is as good. */
const separable = ["habits", "doubt"] as const;

/**
 * What of a memory can be used.
 *
 * @returns with `damaged`, in words, where a section had to be left out
 * @throws z.ZodError where all else is damaged
 */
export function usableMemory(content: Readonly<Record<string, unknown>>): {
  readonly memory: Memory;
  readonly damaged?: string;
} {
  const usable = { ...content };
  const damaged: string[] = [];
  for (const section of separable) {
    const known = memorySchema.shape[section].safeParse(content[section]);
    if (known.success) continue;
    damaged.push(describeZodError(known.error, content[section], section));
    delete usable[section];
  }
  const memory = memorySchema.parse(usable);
  return damaged.length === 0 ? { memory } : { memory, damaged: damaged.join("; ") };
}

/** The memory after an event; what the house itself remembers is added when it is written. */
export function withEvent(memory: Memory, event: CoreEvent): Memory {
  switch (event.kind) {
    case "reading": {
      const { reading, cost } = event;
      const others = memory.readings.filter(({ room }) => room !== reading.room);
      return { ...memory, readings: [...others, { ...reading, metrics: { ...cost, ...reading.metrics } }] };
    }
    case "step": {
      const { startMs, baseline, estimate } = event;
      const last = baseline.at(-1)?.next;
      return {
        ...memory,
        ...(last && { baseline: last }),
        ...(estimate && { estimate: storedEstimate(estimate, startMs) }),
      };
    }
    case "decision": {
      const { optimisation } = event;
      if (!optimisation || !("plan" in optimisation)) return memory;
      return { ...memory, plan: { requestedMs: optimisation.answeredMs, plan: optimisation.plan } };
    }
    case "mode":
      return { ...memory, mode: event.mode };
    case "comfortRequests":
      return { ...memory, wishes: event.requests };
    default:
      return memory;
  }
}

/** The last instant that something is remembered of. */
export function newestMs({ readings, plan, estimate }: Memory): number {
  const instants = [...readings.map(({ timeMs }) => timeMs), plan?.requestedMs ?? 0, estimate?.atMs ?? 0];
  return Math.max(...instants);
}

function storedEstimate(estimate: HomeEstimate, atMs: number): NonNullable<Memory["estimate"]> {
  const { theta_m_c, theta_m_sd_k, phi_u_w, phi_u_sd_w, evidence } = estimate;
  return { atMs, theta_m_c, theta_m_sd_k, phi_u_w, phi_u_sd_w, evidence };
}
