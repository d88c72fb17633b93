/**
 * The core's memory in a file of its own. It is written before a request is answered and at each decision: the store
 * may be away when the core starts again, created anew, or not have the latest yet.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describeZodError } from "@azru/contracts";
import type { Logger } from "@azru/runtime";
import { StoreError, type TimeSeriesStore } from "@azru/timeseries";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { auto } from "../decision/mode.ts";
import type { CoreEvent } from "./core-event.ts";
import { keptAside } from "./kept-aside.ts";
import { type Memory, usableMemory, withEvent } from "./memory.ts";
import { readStoredMemory, type StoredHome } from "./stored-memory.ts";

const version = 1;
const headSchema = z.object({ version: z.number(), memory: z.record(z.string(), z.unknown()) });

/**
 * What the file says, with what of it is damaged and left out; or why nothing can be read from it. Undefined where there
 * is none.
 */
export type MemoryFile =
  | { readonly memory: Memory; readonly damaged?: string }
  | { readonly why: string }
  | undefined;

/** @throws Error where the file is of a newer version, which a start would overwrite */
export function readMemoryFile(path: string): MemoryFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { why: `${path} cannot be read: ${error instanceof Error ? error.message : error}` };
  }
  const head = headSchema.safeParse(content);
  if (!head.success) return { why: `${path} is damaged: ${describeZodError(head.error, content, "file")}` };
  if (head.data.version > version) {
    throw new Error(
      `${path} was written by a newer version (${head.data.version}, this one knows ${version}): update Azru, or move the file away`,
    );
  }
  const { memory } = head.data;
  try {
    const { damaged, ...usable } = usableMemory(memory);
    return damaged === undefined ? usable : { ...usable, damaged: `${path} is damaged: ${damaged}` };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { why: `${path} is damaged: ${describeZodError(error, memory, "memory")}` };
  }
}

/**
 * Replaces the file in one go: it is the old or the new one whenever the power fails.
 *
 * @throws the errors of the file system
 */
export function writeMemoryFile(path: string, memory: Memory): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic.sync(path, JSON.stringify({ version, memory }));
}

/** Where the memory is read from at a start. */
export interface MemorySources {
  readonly store: TimeSeriesStore;
  /** Undefined where nothing is kept but the store. */
  readonly path: string | undefined;
  readonly log: Logger;
}

/**
 * Reads the memory from the store and the file, whichever is newer; from the file alone where the store cannot answer,
 * or has not everything yet.
 *
 * @throws StoreError where the store cannot answer and there is no file
 */
export async function restoreMemory({ store, path, log }: MemorySources, home: StoredHome): Promise<Memory> {
  if (path === undefined) return readStoredMemory(store, home);
  const kept = usableFile(path, log);
  if (kept && store.stats.pending > 0) return kept;
  try {
    const stored = await readStoredMemory(store, home);
    return kept ? newerOf(stored, kept) : stored;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const instead = kept ? `what ${path} says` : "nothing";
    log.warn({ err: error }, `the store cannot be read at the start: remembering ${instead}`);
    return kept ?? { mode: auto, readings: [] };
  }
}

/** What of the file can be used. A damaged one is kept under another name, and what is good of it is written anew. */
function usableFile(path: string, log: Logger): Memory | undefined {
  const file = readMemoryFile(path);
  if (!file) return undefined;
  if ("why" in file) {
    log.warn(`${file.why}; ${keptAside(path)}`);
    return undefined;
  }
  const { memory, damaged } = file;
  if (damaged === undefined) return memory;
  log.warn(`${damaged}, and is left out; ${keptAside(path)}`);
  try {
    writeMemoryFile(path, memory);
  } catch (error) {
    log.warn({ err: error }, "what is to be remembered cannot be written");
  }
  return memory;
}

/** The file's memory where it is not older than the store's, with the last readings that either has. */
function newerOf(stored: Memory, kept: Memory): Memory {
  const newest = stepMsOf(kept) >= stepMsOf(stored) ? { ...stored, ...kept } : stored;
  const rooms = new Map<string, Memory["readings"][number]>();
  for (const reading of [...stored.readings, ...kept.readings]) {
    const known = rooms.get(reading.room);
    if (!known || known.timeMs < reading.timeMs) rooms.set(reading.room, reading);
  }
  const { habits, doubt } = kept; // the store has neither
  return { ...newest, ...(habits && { habits }), ...(doubt && { doubt }), readings: [...rooms.values()] };
}

/** The last step of home time that left something in a memory. */
function stepMsOf({ plan, estimate, baseline }: Memory): number {
  const instants = [plan?.requestedMs, estimate?.atMs, baseline?.atMs];
  return Math.max(...instants.map((instant) => instant ?? Number.NEGATIVE_INFINITY));
}

/** Follows what happens, and writes the file where something changes that must outlive the core. */
export interface MemoryKeeper {
  update(event: CoreEvent): void;
  /** Writes the file now; a failure is logged, once until it is written again. */
  save(): void;
}

/** What the house itself remembers: what was saved by now, how the thermometers report, and what is doubted. */
export type KeptOfHouse = Pick<Memory, "savings" | "habits" | "doubt">;

/**
 * @param memory at the start
 * @param house what it remembers by now
 */
export function createMemoryKeeper(
  { path, log }: Omit<MemorySources, "store">,
  memory: Memory,
  house: () => KeptOfHouse,
): MemoryKeeper {
  let known = memory;
  let isFailing = false;

  function save(): void {
    if (path === undefined) return;
    try {
      writeMemoryFile(path, { ...known, ...house() });
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      if (!isFailing)
        log.warn(
          `${path} cannot be written (${reason}): a restart would know what it held last; let Azru write there, or make room`,
        );
      isFailing = true;
      return;
    }
    if (isFailing) log.info(`${path} is written again`);
    isFailing = false;
  }

  return {
    update(event) {
      known = withEvent(known, event);
      if (event.kind === "decision" || event.kind === "mode" || event.kind === "comfort") save();
    },
    save,
  };
}
