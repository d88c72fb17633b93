/** What set-up writes, and what services read of it when they start. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeZodError, type HomeFile, homeFileSchema, type SetupAnswers } from "@azru/contracts";
import writeFileAtomic from "write-file-atomic";
import { stringify } from "yaml";
import { buildingOf } from "./building.ts";
import { describedRooms, describedValves } from "./devices.ts";

/** The home file cannot be used; one line that says what to do. */
export class HomeFileError extends Error {
  override readonly name = "HomeFileError";
}

/** What set-up writes. */
interface HomeFiles {
  readonly home: string;
  readonly building: string;
  /** Valves file; where radiators were named. */
  readonly valves: string;
  /** Rooms file; where rooms are heated each by itself. */
  readonly rooms: string;
}

/** Where set-up writes, in the folder of data. */
export function homeFiles(dataFolder: string): HomeFiles {
  const path = (name: string) => join(dataFolder, "home", name);
  return {
    home: path("home.json"),
    building: path("building.json"),
    valves: path("valves.yaml"),
    rooms: path("rooms.yaml"),
  };
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

/** Writes the home's files, each as a whole or not at all, and removes those that no longer hold. @returns what there is now */
export function writeHomeFiles(dataFolder: string, answers: SetupAnswers, writtenMs: number): string[] {
  const files = homeFiles(dataFolder);
  mkdirSync(join(dataFolder, "home"), { recursive: true });
  const home = { answers, written_at: new Date(writtenMs).toISOString() } satisfies HomeFile;
  const valves = describedValves(answers);
  const rooms = describedRooms(answers);
  const written = [
    writeOrRemove(files.building, json(buildingOf(answers))),
    writeOrRemove(files.rooms, rooms && yaml(rooms, "docs/rooms.md")),
    writeOrRemove(files.valves, valves && yaml(valves, "docs/valves.md, docs/pilot-wire.md")),
    // The home file last: it is what says that the home is set up.
    writeOrRemove(files.home, json(home)),
  ];
  return written.filter((file) => file !== undefined);
}

/** @returns the file, where it is there now */
function writeOrRemove(file: string, content: string | undefined): string | undefined {
  if (content === undefined) rmSync(file, { force: true });
  else writeFileAtomic.sync(file, content);
  return content === undefined ? undefined : file;
}

function json(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

function yaml(content: object, page: string): string {
  return `# Written by set-up from the answers in home.json, anew each time (${page})\n${stringify(content)}`;
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
  const files = homeFiles(dataFolder);
  return {
    AZRU_BUILDING: files.building,
    AZRU_ROOM: rooms[0],
    AZRU_TARIFF: contract,
    ...(describedValves(home.answers) && { AZRU_VALVES: files.valves }),
    ...(describedRooms(home.answers) && { AZRU_ROOMS: files.rooms }),
  };
}

/**
 * Adds to a service's environment what the home file says of the variables that it reads. A file that cannot be used ends
 * the process as a bad configuration does.
 *
 * @returns those of the variables that were set already, and hold instead of the file
 */
export function takeHomeFile(
  service: string,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): string[] {
  const overridden = names.filter((name) => environment[name]);
  try {
    const home = homeEnvironment(environment.AZRU_DATA_DIR || "data");
    for (const name of names) if (name in home) environment[name] ||= home[name];
  } catch (error) {
    if (!(error instanceof HomeFileError)) throw error;
    console.error(`${service}: ${error.message}`);
    process.exit(2);
  }
  return overridden;
}
