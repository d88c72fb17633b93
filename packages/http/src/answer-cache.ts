/** Answers of public services, kept on disk: the one cache of weather and tariffs. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";

/** A file of the cache cannot be used; the message names it. */
export class CacheError extends Error {
  override readonly name = "CacheError";
  /** The system's word for it, such as EACCES; undefined where the content is no JSON. */
  readonly code: string | undefined;

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`${path}: ${code ?? message}`, { cause });
    this.code = code;
  }
}

export interface AnswerCache {
  /** Where a key's answer is kept. */
  pathOf(key: string): string;
  /**
   * What was kept under a key, not checked yet; undefined where nothing was.
   *
   * @throws CacheError when the file cannot be read or is no JSON
   */
  read(key: string): Promise<unknown>;
  /**
   * Keeps an answer; a reader sees the old file or the new one, never a part.
   *
   * @throws CacheError when the folder cannot be written
   */
  write(key: string, answer: unknown): Promise<void>;
}

/** A cache in a folder, which is made when needed: one JSON file a key. */
export function answerCache(folder: string): AnswerCache {
  const pathOf = (key: string) => join(folder, `${key}.json`);
  return {
    pathOf,
    async read(key) {
      try {
        return JSON.parse(await readFile(pathOf(key), "utf8"));
      } catch (error) {
        const failure = new CacheError(pathOf(key), error);
        if (failure.code === "ENOENT" || failure.code === "ENOTDIR") return undefined;
        throw failure;
      }
    },
    async write(key, answer) {
      try {
        await mkdir(folder, { recursive: true });
        await writeFileAtomic(pathOf(key), `${JSON.stringify(answer)}\n`);
      } catch (error) {
        throw new CacheError(pathOf(key), error);
      }
    },
  };
}
