/** A plant process: a house that reports what it measures at each quarter of an hour, and takes a valve position. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RunError } from "@azru/command-line";

/** What a plant says of the step just past; of it a home measures `air`, `ext` and `power`. */
export interface PlantStep {
  /** The step that begins now. */
  readonly k: number;
  readonly time_ms: number; // Unix time at which it begins
  readonly air: number; // mean, degrees C
  readonly air5: readonly number[]; // 5-minute values
  readonly op?: number; // operative temperature, degrees C
  readonly ext?: number; // outdoor, degrees C
  readonly power?: number; // electric, W
}

export interface PlantOptions {
  readonly python: string;
  /** Folder of `plant.py`. */
  readonly folder: string;
  readonly house: string;
  readonly weatherFile: string;
  readonly firstDay: string; // YYYY-MM-DD
  readonly lastDay: string;
  readonly seed: number;
  readonly hasPeople: boolean;
  /** Further arguments of this plant. */
  readonly arguments?: readonly string[];
}

/** The plant ended before its time; the message has what it wrote on standard error. */
export class PlantError extends RunError {}

/**
 * Drives a plant: calls `decide` with each step, the first of which has no past, until it returns nothing.
 *
 * @param decide the valve, 0 to 1, of the step that begins; undefined ends the run
 * @throws PlantError with what the process wrote on standard error, when it ends before that
 */
export async function drivePlant(
  options: PlantOptions,
  decide: (step: PlantStep) => number | undefined | Promise<number | undefined>,
): Promise<void> {
  const { python, folder, house, weatherFile, firstDay, lastDay, seed, hasPeople } = options;
  const words = [join(folder, "plant.py"), house, "--weather", weatherFile, "--begin", firstDay];
  words.push("--end", lastDay, "--seed", String(seed), ...(hasPeople ? [] : ["--no-people"]));
  words.push(...(options.arguments ?? []));
  const plant = spawn(python, ["-B", ...words], { env: { ...process.env, OMP_NUM_THREADS: "1" } });
  const complaints: string[] = [];
  plant.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  plant.stdin.on("error", () => undefined); // it has ended; what it wrote says why
  const ended = new Promise<number | null>((resolve, reject) =>
    plant.once("error", reject).once("close", resolve),
  );
  try {
    for await (const line of createInterface({ input: plant.stdout })) {
      const step = JSON.parse(line) as PlantStep & { readonly done?: boolean };
      if (step.done) break;
      const valve = await decide(step);
      if (valve === undefined) return;
      plant.stdin.write(`${JSON.stringify({ valve })}\n`);
    }
  } finally {
    plant.kill("SIGKILL");
    await ended;
  }
  throw new PlantError(`the plant of ${house} ended early: ${complaints.join("").trim().slice(-3000)}`);
}
