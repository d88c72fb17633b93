/** Reads the file of a home's heated rooms, YAML or JSON. */
import { readFile } from "node:fs/promises";
import { describeZodError, type RoomsFile, roomsFileSchema } from "@azru/contracts";
import { ConfigError } from "@azru/runtime";
import { parse, YAMLParseError } from "yaml";

/**
 * Checks the text of a rooms file.
 *
 * @throws ConfigError in one line that begins with the file's name
 */
export function parseRoomsFile(text: string, file: string): RoomsFile {
  let input: unknown;
  try {
    input = parse(text);
  } catch (cause) {
    if (!(cause instanceof YAMLParseError) && !(cause instanceof ReferenceError)) throw cause;
    throw problem(file, `is no YAML: ${cause.message}`);
  }
  const result = roomsFileSchema.safeParse(input);
  if (result.success) return result.data;
  throw problem(file, describeZodError(result.error, input, "rooms file"));
}

/**
 * Reads a rooms file.
 *
 * @throws ConfigError in one line that begins with the file's name, when it is unreadable or does not make sense
 */
export async function readRoomsFile(file: string): Promise<RoomsFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw problem(file, `cannot be read: ${code}; copy examples/rooms/rooms.example.yaml there`);
  }
  return parseRoomsFile(text, file);
}

function problem(file: string, what: string): ConfigError {
  return new ConfigError([`AZRU_ROOMS ${file}: ${what.replaceAll(/\s+/g, " ")} (see docs/rooms.md)`]);
}
