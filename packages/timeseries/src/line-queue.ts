/**
 * Lines that wait to be sent, the oldest first: on disk as far as it takes them, the newest in memory. Without a
 * file, or while the disk fails, all of them wait in memory.
 */
import { openQueueFile, type QueueFile } from "./queue-file.ts";
import { messageOf, StoreError } from "./store-error.ts";

export interface LineQueueOptions {
  readonly filePath?: string | undefined;
  /** Lines kept on disk; beyond, the oldest are given up. */
  readonly maxOnDisk: number;
  /** The same in memory. */
  readonly maxInMemory: number;
  /** The disk does not take lines, or does so again where no reason is given. */
  readonly onDiskFailure: (lines: number, reason: string) => void;
  /** Lines were given up, as the disk does not give them back. */
  readonly onUnreadable: (lines: number, reason: string) => void;
}

/** So many lines on disk leave a file worth shrinking. */
const largeBacklog = 50_000;

export class LineQueue {
  /** Lines that an earlier run has left. */
  readonly found: number;
  readonly #options: LineQueueOptions;
  #file: QueueFile | undefined;
  #memory: string[] = [];
  #onDisk: number; // those that are taken not included
  #taken: { readonly lines: number; readonly throughId: number | undefined } | undefined;
  #doneId = 0; // what is sent, whether the disk has forgotten it or not
  #isLarge = false;
  #diskFails = false;

  /** @throws StoreError "newer" where the file is of a newer version; any other failure leaves the disk unused */
  constructor(options: LineQueueOptions) {
    this.#options = options;
    this.#file = this.#open();
    this.found = this.#file?.found ?? 0;
    this.#onDisk = this.found;
    this.#isLarge = this.found > largeBacklog;
  }

  /** Those that are taken not included. */
  get length(): number {
    return this.#onDisk + this.#memory.length;
  }

  get inMemory(): number {
    return this.#memory.length;
  }

  /** Whether what waits outlives the process. */
  get isDurable(): boolean {
    return this.#file !== undefined;
  }

  push(line: string): void {
    this.#memory.push(line);
  }

  /** Brings what is in memory to the disk, where there is one that takes it. */
  persist(): void {
    if (!this.#file || this.#memory.length === 0) return;
    try {
      this.#file.append(this.#memory);
    } catch (error) {
      this.#diskFailed(error);
      return;
    }
    this.#diskFails = false;
    this.#onDisk += this.#memory.length;
    this.#memory = [];
    if (this.#onDisk > largeBacklog) this.#isLarge = true;
  }

  /** The oldest lines that fit; they stay queued until `settle`. */
  take(maxLines: number, maxCharacters: number): string[] {
    if (this.#onDisk > 0) {
      const rows = this.#read(maxLines);
      const count = fitting(
        rows.map(({ text }) => text),
        maxLines,
        maxCharacters,
      );
      if (count > 0) {
        this.#onDisk -= count;
        this.#taken = { lines: count, throughId: rows[count - 1].id };
        return rows.slice(0, count).map(({ text }) => text);
      }
    }
    const lines = this.#memory.splice(0, fitting(this.#memory, maxLines, maxCharacters));
    this.#taken = { lines: lines.length, throughId: undefined };
    return lines;
  }

  /** What was taken need not be sent again. */
  settle(): void {
    const throughId = this.#taken?.throughId;
    this.#taken = undefined;
    if (throughId === undefined) return;
    this.#doneId = throughId;
    try {
      this.#file?.removeThrough(throughId);
      if (this.#onDisk === 0 && this.#isLarge) {
        this.#file?.shrink();
        this.#isLarge = false;
      }
    } catch (error) {
      this.#diskFailed(error); // the next removal takes these lines along
    }
  }

  /** Gives up the oldest lines beyond the bounds. @returns how many */
  dropExcess(): number {
    return this.#dropOfDisk() + this.#dropOfMemory();
  }

  #dropOfDisk(): number {
    const excess = this.#onDisk - this.#options.maxOnDisk;
    if (excess <= 0 || !this.#file) return 0;
    try {
      const dropped = this.#file.removeAfter(this.#taken?.throughId ?? this.#doneId, excess);
      this.#onDisk -= dropped;
      return dropped;
    } catch (error) {
      this.#diskFailed(error);
      return 0;
    }
  }

  #dropOfMemory(): number {
    const excess = this.#memory.length - this.#options.maxInMemory;
    return excess > 0 ? this.#memory.splice(0, excess).length : 0;
  }

  /** Lets go of the file. @returns how many lines were in memory alone, and are lost */
  close(): number {
    this.persist();
    this.#closeFile();
    const inMemory =
      this.#memory.length + (this.#taken && this.#taken.throughId === undefined ? this.#taken.lines : 0);
    this.#memory = [];
    this.#taken = undefined;
    return inMemory;
  }

  #open(): QueueFile | undefined {
    const { filePath, onDiskFailure } = this.#options;
    if (filePath === undefined) return undefined;
    try {
      return openQueueFile(filePath);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === "newer") throw error;
      onDiskFailure(0, error.message);
      return undefined;
    }
  }

  /** A file that cannot be read is left as it is: a later start may read it. */
  #read(maxLines: number): ReturnType<QueueFile["read"]> {
    try {
      const rows = this.#file!.read(this.#doneId, maxLines);
      if (rows.length > 0) return rows;
      throw new StoreError("unwritable", `${this.#options.filePath} has lost its lines`);
    } catch (error) {
      this.#closeFile();
      const lost = this.#onDisk;
      this.#onDisk = 0;
      this.#options.onUnreadable(lost, messageOf(error));
      return [];
    }
  }

  /** What fails then has failed before: the lines are in the file, or counted. */
  #closeFile(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      file?.close();
    } catch (error) {
      this.#diskFailed(error);
    }
  }

  #diskFailed(error: unknown): void {
    if (this.#diskFails) return;
    this.#diskFails = true;
    this.#options.onDiskFailure(this.#memory.length, messageOf(error));
  }
}

function fitting(lines: readonly string[], maxLines: number, maxCharacters: number): number {
  let characters = 0;
  let count = 0;
  while (count < Math.min(lines.length, maxLines)) {
    characters += lines[count].length;
    if (characters > maxCharacters && count > 0) break;
    count++;
  }
  return count;
}
