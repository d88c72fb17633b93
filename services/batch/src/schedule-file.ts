import { highestCeiling_c, scheduleAlone, stepCeilings_c, stepSetpoints_c } from "@azru/comfort";
import { UsageError } from "@azru/command-line";
import { type ComfortSettings, comfortSettingsSchema, describeZodError } from "@azru/contracts";
import type { Building } from "@azru/simulation";
import { readText } from "@azru/text-file";

/**
 * Reads a weekly schedule with its presets: JSON as `PUT /comfort` of the core takes it, or as `GET /comfort`
 * answers, of which the settings alone count.
 *
 * @throws UsageError in one line when it is unreadable, no JSON, or not a schedule
 */
export async function readSchedule(file: string): Promise<ComfortSettings> {
  const json = parse(await textOf(file), file);
  const isAnswer = typeof json === "object" && json !== null && "settings" in json;
  const settings = isAnswer ? json.settings : json;
  const result = comfortSettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new UsageError(`--schedule ${file}: ${describeZodError(result.error, settings, "settings")}`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new UsageError(`--schedule ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UsageError(
      `--schedule ${file} is not JSON: ${(error as SyntaxError).message.replaceAll(/\s+/g, " ")}`,
    );
  }
}

/**
 * The setpoints of `count` steps from `startMs` (Unix time) on, degrees C.
 *
 * @throws UsageError when a preset is above the schedule's warmest acceptable, or else a building's ceiling
 */
export function setpoints_c(
  settings: ComfortSettings,
  buildings: readonly Building[],
  startMs: number,
  dtSeconds: number,
  count: number,
): Float64Array {
  for (const { name, comfort } of buildings) {
    const highest_c = highestCeiling_c(settings, comfort.max_c);
    const whose = settings.warmest ? "the warmest acceptable" : `comfort.max_c of ${name}`;
    for (const [preset, setpoint_c] of Object.entries(settings.presets_c)) {
      if (setpoint_c > highest_c) {
        throw new UsageError(
          `--schedule: presets_c.${preset} must be <= ${highest_c}, ${whose}, got ${setpoint_c}`,
        );
      }
    }
  }
  return stepSetpoints_c(scheduleAlone(settings, startMs), startMs, dtSeconds * 1000, count);
}

/** The ceilings of the steps whose setpoints are given, degrees C; undefined where the schedule names no warmest. */
export function ceilings_c(
  settings: ComfortSettings,
  building: Building,
  { startMs, dtSeconds }: { readonly startMs: number; readonly dtSeconds: number },
  min_c: Float64Array,
): Float64Array | undefined {
  if (settings.warmest === undefined) return undefined;
  return stepCeilings_c(settings, building.comfort.max_c, { startMs, step_ms: dtSeconds * 1000 }, min_c);
}
