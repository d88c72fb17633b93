/** What containers take: memory, and what they write to the disk. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Stack } from "./stack.ts";

const day_ms = 86_400_000;

export interface Usage {
  readonly service: string;
  readonly memory_mb: number;
  /** What the kernel was given to write, an hour; undefined where its counters cannot be read (not root). */
  readonly written_kb_h: number | undefined;
}

interface Reading {
  readonly memory_mb: number;
  readonly written_bytes: number | undefined;
}

/** Watches the running containers for some minutes. */
export async function watchUsage(stack: Stack, minutes: number): Promise<Usage[]> {
  const before = await readingsOf(stack);
  await setTimeout(minutes * 60_000);
  const after = await readingsOf(stack);
  return [...after].map(([service, reading]) => ({
    service,
    memory_mb: reading.memory_mb,
    written_kb_h: rate(before.get(service), reading, minutes / 60),
  }));
}

/** Memory and writing over days of a home's time. */
export interface Course {
  readonly days: number;
  /** The most memory, and what was written an hour of the home's time. */
  readonly peaks: readonly Usage[];
  /** Each service's memory at the end of each day, MB. */
  readonly daily: ReadonlyMap<string, readonly number[]>;
}

/**
 * Watches the running containers, looked at every ten seconds, until so many days of the home's time are over.
 *
 * @param homeMs the home's time
 * @param isOver whether to end before
 */
export async function watchDays(
  stack: Stack,
  days: number,
  homeMs: () => Promise<number>,
  isOver: () => boolean,
): Promise<Course> {
  const startMs = await homeMs();
  const first = await readingsOf(stack);
  const peaks_mb = new Map<string, number>();
  const daily = new Map<string, number[]>();
  let last = first;
  let passed = 0;
  do {
    await setTimeout(10_000);
    last = await readingsOf(stack);
    const day = Math.floor(passed);
    passed = ((await homeMs()) - startMs) / day_ms;
    for (const [service, { memory_mb }] of last) {
      peaks_mb.set(service, Math.max(peaks_mb.get(service) ?? 0, memory_mb));
      if (passed >= day + 1) daily.set(service, [...(daily.get(service) ?? []), memory_mb]);
    }
  } while (passed < days && !isOver());
  const peaks = [...peaks_mb].map(([service, memory_mb]) => ({
    service,
    memory_mb,
    written_kb_h: rate(first.get(service), last.get(service), passed * 24),
  }));
  return { days: passed, peaks, daily };
}

/** kB an hour; undefined where it is not known. */
function rate(before: Reading | undefined, after: Reading | undefined, hours: number): number | undefined {
  if (before?.written_bytes === undefined || after?.written_bytes === undefined) return undefined;
  return (after.written_bytes - before.written_bytes) / 1000 / hours;
}

async function readingsOf(stack: Stack): Promise<Map<string, Reading>> {
  const running = (await stack.containers()).filter(({ State }) => State === "running");
  const readings = new Map<string, Reading>();
  for (const { ID, Service } of running) {
    const pids = (await stack.docker("top", ID, "-o", "pid")).split("\n").slice(1).map(Number);
    readings.set(Service, {
      memory_mb: pids.reduce((sum, pid) => sum + proportionalMemory_mb(pid), 0),
      written_bytes: pids.reduce<number | undefined>((sum, pid) => {
        const written = writtenBytes(pid);
        return sum === undefined || written === undefined ? undefined : sum + written;
      }, 0),
    });
  }
  return readings;
}

/** Resident memory, what is shared counted by its share; see proc_pid_smaps_rollup(5). */
export function proportionalMemory_mb(pid: number): number {
  return numberIn(`/proc/${pid}/smaps_rollup`, /^Pss: +(\d+) kB/m, 0) / 1024;
}

/** See write_bytes of proc_pid_io(5). */
function writtenBytes(pid: number): number | undefined {
  return numberIn(`/proc/${pid}/io`, /^write_bytes: (\d+)/m, undefined);
}

function numberIn<T>(file: string, pattern: RegExp, absent: T): number | T {
  try {
    return Number(pattern.exec(readFileSync(file, "utf8"))?.[1]);
  } catch (error) {
    // Another user's process, or one that has just ended.
    if (["EACCES", "EPERM", "ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return absent;
    throw error;
  }
}

export function usageTable(usages: readonly Usage[]): string {
  const rows = usages.map(
    ({ service, memory_mb, written_kb_h }) =>
      `| ${service} | ${memory_mb.toFixed(0)} | ${written_kb_h === undefined ? "?" : written_kb_h.toFixed(0)} |`,
  );
  const sum = usages.reduce((all, { memory_mb }) => all + memory_mb, 0).toFixed(0);
  return [
    "| container | memory, MB | written, kB an hour |",
    "|---|---|---|",
    ...rows,
    `| all | ${sum} | |`,
  ].join("\n");
}
