/** What a house of several states knows of itself, kept in a file: its states and the record of its predictions. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describeZodError } from "@azru/contracts";
import type { HouseFilterMemory } from "@azru/identification";
import type { Logger } from "@azru/runtime";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { keptAside } from "./kept-aside.ts";

const numbers = z.array(z.number()).max(1000);
const memorySchema = z.object({
  state: z.object({ x_c: numbers.min(1).max(4), g_w: z.number(), P: numbers.min(4).max(25) }),
  record: z.object({ meanSquares_k2: numbers, days: numbers }),
  days: z.object({
    model_k: z.number().min(0),
    yesterday_k: z.number().min(0),
    predictions: z.number().min(0),
  }),
  habits: z
    .object({
      mean_w: numbers.length(49),
      covariance_w2: z.array(z.number()).length(1225),
      withHouse: numbers.optional(),
    })
    .optional(),
  steps: z
    .array(
      z.object({
        startMs: z.number(),
        phi_HC_w: z.number(),
        theta_e_c: z.number(),
        phi_sol_w: z.number(),
        measured_c: z
          .number()
          .nullish()
          .transform((value) => value ?? Number.NaN), // JSON writes NaN as null
        within_k: z.number().min(0).optional(),
        isHeld: z.boolean().optional(),
      }),
    )
    .max(2000),
});
const fileSchema = z.object({ version: z.literal(1), memory: memorySchema });

/** What the file holds; undefined, which is logged where there is a file, when nothing can be used of it. */
export function readHouseMemory(path: string, log: Pick<Logger, "warn">): HouseFilterMemory | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.warn({ err: error }, `${path} cannot be read; the house is followed anew; ${keptAside(path)}`);
    return undefined;
  }
  const known = fileSchema.safeParse(content);
  if (known.success) return known.data.memory;
  log.warn(
    `${path} is damaged: ${describeZodError(known.error, content, "file")}; the house is followed anew; ${keptAside(path)}`,
  );
  return undefined;
}

/** Replaces the file in one go; a failure is logged. */
export function writeHouseMemory(path: string, memory: HouseFilterMemory, log: Pick<Logger, "warn">): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic.sync(path, JSON.stringify({ version: 1, memory }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    log.warn(`${path} cannot be written (${reason}): a restart would know what it held last`);
  }
}
