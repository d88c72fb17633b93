/** Answers of a service, kept on disk. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { z } from "zod";
import { fileProblem, WeatherSourceError } from "./error.ts";

export interface AnswerCache {
  /** What was kept under a key; absent too where the file is not what the schema says, to be asked for again. */
  read<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /**
   * Keeps an answer; a reader sees the old file or the new one, never a part.
   *
   * @throws WeatherSourceError where the folder cannot be written
   */
  write(key: string, answer: unknown): Promise<void>;
}

/** A cache in a folder, which is made when needed; without a folder nothing is kept. */
export function answerCache(folder: string | undefined): AnswerCache {
  if (folder === undefined) return { read: async () => undefined, write: async () => {} };
  return {
    async read(key, schema) {
      const text = await readIfThere(join(folder, `${key}.json`));
      return text === undefined ? undefined : schema.safeParse(parseIfJson(text)).data;
    },
    async write(key, answer) {
      try {
        await mkdir(folder, { recursive: true });
        await writeFileAtomic(join(folder, `${key}.json`), JSON.stringify(answer));
      } catch (error) {
        throw new WeatherSourceError(`cannot keep weather answers in ${folder}: ${fileProblem(error)}`, {
          cause: error,
        });
      }
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === "ENOENT" || problem === "ENOTDIR") return undefined;
    throw new WeatherSourceError(`cannot read ${path}: ${problem}`, { cause: error });
  }
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a damaged file fails its schema like any other
  }
}
