/** What set-up writes, and what services read of it when they start. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeZodError, type HomeFile, homeFileSchema, type SetupAnswers } from "@azru/contracts";
import writeFileAtomic from "write-file-atomic";
import { buildingOf } from "./building.ts";

/** The home file cannot be used; one line that says what to do. */
export class HomeFileError extends Error {
  override readonly name = "HomeFileError";
}

/** Where set-up writes, in the folder of data. */
export function homeFiles(dataFolder: string): { readonly home: string; readonly building: string } {
  const folder = join(dataFolder, "home");
  return { home: join(folder, "home.json"), building: join(folder, "building.json") };
}

/**
 * What was answered; undefined where nobody has.
 *
 * @throws HomeFileError when there is a file that is no home file
 */
export function readHomeFile(dataFolder: string): HomeFile | undefined {
  const { home } = homeFiles(dataFolder);
  let text: string;
  try {
    text = readFileSync(home, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new HomeFileError(`${home} cannot be read: ${code}`, { cause });
  }
  const advice = "answer the questions of set-up anew, or remove the file";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new HomeFileError(`${home} is not JSON: ${advice}`, { cause });
  }
  const result = homeFileSchema.safeParse(json);
  if (result.success) return result.data;
  throw new HomeFileError(`${home}: ${describeZodError(result.error, json, "home")}: ${advice}`);
}

/** Writes home and building file, each as a whole or not at all. @returns their paths */
export function writeHomeFiles(dataFolder: string, answers: SetupAnswers, writtenMs: number): string[] {
  const files = homeFiles(dataFolder);
  mkdirSync(join(dataFolder, "home"), { recursive: true });
  // The home file last: it is what says that the home is set up.
  write(files.building, buildingOf(answers));
  write(files.home, { answers, written_at: new Date(writtenMs).toISOString() } satisfies HomeFile);
  return [files.building, files.home];
}

function write(file: string, content: object): void {
  writeFileAtomic.sync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * The variables that the home file stands for, as every service reads them. What the environment says itself
 * holds instead.
 *
 * @throws HomeFileError when there is a file that is no home file
 */
export function homeEnvironment(dataFolder: string): Readonly<Record<string, string>> {
  const home = readHomeFile(dataFolder);
  if (home === undefined) return {};
  const { rooms, contract } = home.answers;
  return {
    AZRU_BUILDING: homeFiles(dataFolder).building,
    AZRU_ROOM: rooms[0],
    AZRU_TARIFF: contract,
  };
}
