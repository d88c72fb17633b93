/** What containers take: memory, and what they write to the disk. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Stack } from "./stack.ts";

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
  return [...after].map(([service, { memory_mb, written_bytes }]) => {
    const earlier = before.get(service)?.written_bytes;
    const isKnown = written_bytes !== undefined && earlier !== undefined;
    const written_kb_h = isKnown ? (written_bytes - earlier) / 1000 / (minutes / 60) : undefined;
    return { service, memory_mb, written_kb_h };
  });
}

/** The most memory of each container while `isOver` says no, looked at every few seconds. */
export async function watchPeaks(stack: Stack, isOver: () => Promise<boolean>): Promise<Usage[]> {
  const peaks_mb = new Map<string, number>();
  do {
    for (const [service, { memory_mb }] of await readingsOf(stack)) {
      peaks_mb.set(service, Math.max(peaks_mb.get(service) ?? 0, memory_mb));
    }
    await setTimeout(3_000);
  } while (!(await isOver()));
  return [...peaks_mb].map(([service, memory_mb]) => ({ service, memory_mb, written_kb_h: undefined }));
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
