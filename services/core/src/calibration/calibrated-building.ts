/** The building that was learnt, kept in the data folder; deleting its file undoes it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BuildingFileError, calibrationParameterSchema, isoTimeSchema, parseBuilding } from "@azru/contracts";
import { modelOf } from "@azru/house";
import type { Logger } from "@azru/runtime";
import type { Building, KnownHouse } from "@azru/simulation";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { CalibratedBuilding } from "../home/house-model.ts";

/** Whether a house makes a step of numbers, whatever wrote it. */
function isUsable(known: unknown): boolean {
  try {
    const { house, noise } = known as KnownHouse;
    const { A, b, E } = modelOf(house, 900);
    return [...A, ...b, ...E, ...Object.values(noise)].every(Number.isFinite);
  } catch {
    return false;
  }
}

const calibratedSchema = z.object({
  version: z.literal(1),
  calibrated_at: isoTimeSchema,
  corrects: z.string(),
  rmse_before_k: z.number().min(0),
  rmse_after_k: z.number().min(0),
  intervals: z.array(calibrationParameterSchema.pick({ name: true, low: true, high: true })).default([]),
  building: z.unknown(),
  known: z.custom<KnownHouse>(isUsable, { error: "no house that can be used" }).optional(),
});

const pausedSchema = z.object({ version: z.literal(1), paused_at: isoTimeSchema });

/** Somebody went back to the building file, and wants it to stay. */
export interface Paused {
  readonly paused_at: string; // home time, ISO 8601
}

/** A digest that changes with the building file. */
export function identityOf(building: Building): string {
  return createHash("sha256").update(JSON.stringify(building)).digest("hex");
}

/**
 * What a file holds, or why it cannot be used.
 *
 * @param original the building file; a calibration of another one is not used
 * @throws Error of the file system where the file is there and cannot be read
 */
async function readCalibrated(
  filePath: string,
  original: Building,
): Promise<CalibratedBuilding | Paused | { readonly unusable: string } | undefined> {
  let text: string;
  try {
    text = await readFile(filePath, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const content: unknown = JSON.parse(text);
    const paused = pausedSchema.safeParse(content);
    if (paused.success) return { paused_at: paused.data.paused_at };
    const { version: _, ...kept } = calibratedSchema.parse(content);
    if (kept.corrects !== identityOf(original))
      return { unusable: `${filePath} corrects another building file` };
    const building = parseBuilding(JSON.stringify(kept.building), filePath);
    const limit = beyondBounds(original, building);
    return limit === undefined ? { ...kept, building } : { unusable: `${filePath}: ${limit}` };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || error instanceof BuildingFileError)
      return { unusable: `${filePath} holds no calibration that can be read` };
    throw error;
  }
}

/** What to start with, or undefined, which is logged where there is a calibration that cannot be used. */
export async function keptCalibration(
  filePath: string,
  original: Building,
  log: Logger,
): Promise<CalibratedBuilding | Paused | undefined> {
  const kept = await readCalibrated(filePath, original);
  if (!kept) return undefined;
  if ("unusable" in kept) {
    log.warn(`${kept.unusable}; the building file is used`);
    return undefined;
  }
  if ("paused_at" in kept) {
    log.info(
      `the building file is used since ${kept.paused_at} because somebody asked for it; POST /calibration learns again`,
    );
    return kept;
  }
  log.info(
    { calibrated_at: kept.calibrated_at, rmse_k: kept.rmse_after_k },
    `the building calibrated at ${kept.calibrated_at} is used; DELETE /calibration goes back to the building file`,
  );
  return kept;
}

/** Keeps what is to be known at the next start, whole or not at all. */
export async function keepCalibration(filePath: string, kept: CalibratedBuilding | Paused): Promise<void> {
  await writeFileAtomic(filePath, `${JSON.stringify({ version: 1, ...kept }, null, 2)}\n`);
}

const furthest = 3; // factor that a quantity of the file may be wrong by
const mostGains_w = 3000;

/** In a sentence, what of a learnt building no longer can be the house of the file. */
export function beyondBounds(original: Building, learnt: Building): string | undefined {
  const quantities: Readonly<Record<string, (building: Building) => number>> = {
    "heat capacity": ({ zone }) => zone.thermalCapacitance_j_m2k,
    "U value of the walls": ({ zone }) => zone.uWalls_w_m2k,
    "air change": ({ zone }) => zone.ventilation_ach + zone.infiltration_ach,
    "U value of the windows": ({ zone }) => zone.uWindows_w_m2k,
    "solar aperture": ({ windows }) => windows.reduce((sum, { g, area_m2 }) => sum + g * area_m2, 0),
    "heater power": ({ heating }) => heating.maxPower_w,
  };
  for (const [name, of] of Object.entries(quantities)) {
    const ratio = of(learnt) / of(original);
    if (ratio > furthest || ratio < 1 / furthest)
      return `the ${name} comes out ${ratio.toFixed(2)} times the file's, at most ${furthest} times more or less is accepted`;
  }
  return learnt.internalGains_w > mostGains_w
    ? `the internal gains come out ${learnt.internalGains_w.toFixed(0)} W, at most ${mostGains_w} W are accepted`
    : undefined;
}
