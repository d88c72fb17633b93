import { readFile } from "node:fs/promises";
import { buildingSchema, describeZodError } from "@azru/contracts";
import type { Building } from "@azru/simulation";
import { UsageError } from "./errors.ts";

/**
 * Reads and validates a building file.
 *
 * @throws UsageError in one line when it is unreadable, no JSON, or not a building
 */
export async function readBuilding(file: string): Promise<Building> {
  const json = parse(file, await read(file));
  const result = buildingSchema.safeParse(json);
  if (!result.success) throw new UsageError(`${file}: ${describeZodError(result.error, json, "building")}`);
  return result.data;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`--building ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as SyntaxError).message}`);
  }
}
