/** What containers take: memory, and what they write to the disk. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Stack } from "./stack.ts";

const day_ms = 86_400_000;

/** What a container takes. */
export interface Usage {
  readonly service: string;
  /** Proportional resident memory: what is shared, such as Node's own code, counted by its share. */
  readonly memory_mb: number;
  /** What its control group is charged, cached files left out; undefined where that cannot be read. */
  readonly charged_mb: number | undefined;
  /** What the kernel was given to write, an hour; undefined where its counters cannot be read (not root). */
  readonly written_kb_h: number | undefined;
}

interface Reading {
  readonly memory_mb: number;
  readonly charged_mb: number | undefined;
  readonly written_bytes: number | undefined;
}
type Readings = ReadonlyMap<string, Reading>;

/** Watches the running containers for some minutes. */
export async function watchUsage(stack: Stack, minutes: number): Promise<Usage[]> {
  const before = await readingsOf(stack);
  for (let left_minutes = minutes; left_minutes > 0; left_minutes--) {
    await setTimeout(Math.min(left_minutes, 1) * 60_000);
    stack.goesOn();
  }
  const after = await readingsOf(stack);
  return [...after].map(([service, reading]) => ({
    service,
    memory_mb: reading.memory_mb,
    charged_mb: reading.charged_mb,
    written_kb_h: rate(before.get(service), reading, minutes / 60),
  }));
}

/** What was seen of a value, look by look. */
interface Seen {
  readonly mean: number;
  /** 95 of 100 looks saw no more. */
  readonly usual: number;
  readonly most: number;
}

/** Memory and writing over days of a home's time. */
export interface Course {
  readonly days: number;
  readonly looks: number;
  readonly services: readonly ServiceCourse[];
  /** The home's own services at the same time, MB. */
  readonly together_mb: Seen;
}

interface ServiceCourse {
  readonly service: string;
  readonly memory_mb: Seen;
  readonly charged_mb: Seen | undefined;
  /** An hour of the home's time. */
  readonly written_kb_h: number | undefined;
  /** At the end of each day. */
  readonly daily_mb: readonly number[];
}

/** Of these the aims for memory speak; the others are not ours. */
const ownServices = ["core", "mpc", "sensor-simulator", "valves"];

/** How often one looks. */
const look_ms = 10_000;

/**
 * Watches the running containers until so many days of the home's time are over.
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
  const looks: Readings[] = [];
  const daily: Readings[] = [];
  let passed = 0;
  do {
    await setTimeout(look_ms);
    const readings = await readingsOf(stack);
    looks.push(readings);
    const before = passed;
    passed = ((await homeMs()) - startMs) / day_ms;
    if (passed > before) stack.goesOn();
    if (Math.floor(passed) > Math.floor(before)) {
      daily.push(readings);
      const line = [...readings].map(([service, { memory_mb }]) => `${service} ${memory_mb.toFixed(0)}`);
      console.error(`day ${Math.floor(passed)}: ${line.join(", ")} MB`);
    }
  } while (passed < days && !isOver());
  const last = looks.at(-1)!;
  const services = [...last.keys()].map((service): ServiceCourse => {
    const of = (all: readonly Readings[]) => all.flatMap((readings) => readings.get(service) ?? []);
    const charged_mb = of(looks).flatMap((reading) => reading.charged_mb ?? []);
    return {
      service,
      memory_mb: seen(of(looks).map(({ memory_mb }) => memory_mb)),
      charged_mb: charged_mb.length > 0 ? seen(charged_mb) : undefined,
      written_kb_h: rate(first.get(service), last.get(service), passed * 24),
      daily_mb: of(daily).map(({ memory_mb }) => memory_mb),
    };
  });
  const sums_mb = looks.map((readings) =>
    ownServices.reduce((sum, service) => sum + (readings.get(service)?.memory_mb ?? 0), 0),
  );
  return { days: passed, looks: looks.length, services, together_mb: seen(sums_mb) };
}

function seen(values: readonly number[]): Seen {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    usual: sorted[Math.ceil(sorted.length * 0.95) - 1],
    most: sorted.at(-1)!,
  };
}

/** kB an hour; undefined where it is not known. */
function rate(before: Reading | undefined, after: Reading | undefined, hours: number): number | undefined {
  if (before?.written_bytes === undefined || after?.written_bytes === undefined) return undefined;
  return (after.written_bytes - before.written_bytes) / 1000 / hours;
}

async function readingsOf(stack: Stack): Promise<Readings> {
  const running = (await stack.containers()).filter(({ State }) => State === "running");
  const readings = new Map<string, Reading>();
  for (const { ID, Service } of running) {
    const pids = (await stack.docker("top", ID, "-o", "pid")).split("\n").slice(1).map(Number);
    readings.set(Service, {
      memory_mb: pids.reduce((sum, pid) => sum + proportionalMemory_mb(pid), 0),
      charged_mb: pids[0] === undefined ? undefined : chargedMemory_mb(pids[0]),
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

/**
 * What the control group of a process is charged, less what is cached of files, which the kernel takes back when memory
 * is short; as `docker stats` has it, less the active part of the cache, too. See cgroups(7), memory.stat of both versions.
 */
function chargedMemory_mb(pid: number): number | undefined {
  const groups = textOf(`/proc/${pid}/cgroup`);
  const path = (pattern: RegExp) => groups && pattern.exec(groups)?.[1];
  const first = path(/^\d+:memory:(.*)$/m);
  const second = path(/^0::(.*)$/m);
  const folder = first === undefined ? `/sys/fs/cgroup${second}` : `/sys/fs/cgroup/memory${first}`;
  const [use, prefix] = first === undefined ? ["memory.current", ""] : ["memory.usage_in_bytes", "total_"];
  const all = numberIn(`${folder}/${use}`, /^(\d+)$/m, undefined);
  const cached = ["active_file", "inactive_file"].map((name) =>
    numberIn(`${folder}/memory.stat`, new RegExp(`^${prefix}${name} (\\d+)$`, "m"), undefined),
  );
  if (all === undefined || cached[0] === undefined || cached[1] === undefined) return undefined;
  return (all - cached[0] - cached[1]) / 2 ** 20;
}

/** See write_bytes of proc_pid_io(5). */
function writtenBytes(pid: number): number | undefined {
  return numberIn(`/proc/${pid}/io`, /^write_bytes: (\d+)/m, undefined);
}

function numberIn<T>(file: string, pattern: RegExp, absent: T): number | T {
  const text = textOf(file);
  return text === undefined ? absent : Number(pattern.exec(text)?.[1]);
}

/** Undefined for what another user or a process has that has just ended. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["EACCES", "EPERM", "ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

export function usageTable(usages: readonly Usage[]): string {
  const rows = usages.map(({ service, memory_mb, charged_mb, written_kb_h }) =>
    row(service, memory_mb.toFixed(0), text(charged_mb), text(written_kb_h)),
  );
  const own = usages.filter(({ service }) => ownServices.includes(service));
  const sum = (values: readonly (number | undefined)[]) =>
    text(
      values.reduce((all, value) => (all === undefined || value === undefined ? undefined : all + value), 0),
    );
  return [
    row("container", "memory, MB", "charged, MB", "written, kB an hour"),
    row("---", "---", "---", "---"),
    ...rows,
    row(
      "services together",
      sum(own.map(({ memory_mb }) => memory_mb)),
      sum(own.map(({ charged_mb }) => charged_mb)),
      "",
    ),
  ].join("\n");
}

export function courseTable({ services, together_mb }: Course): string {
  const three = ({ mean, usual, most }: Seen) => [mean, usual, most].map((value) => value.toFixed(0));
  return [
    row(
      "container",
      "memory, MB: mean",
      "95 %",
      "most",
      "charged, MB: mean",
      "95 %",
      "most",
      "written, kB an hour",
    ),
    row(...Array<string>(8).fill("---")),
    ...services.map(({ service, memory_mb, charged_mb, written_kb_h }) =>
      row(
        service,
        ...three(memory_mb),
        ...(charged_mb ? three(charged_mb) : ["?", "?", "?"]),
        text(written_kb_h),
      ),
    ),
    row("services together, at a time", ...three(together_mb), "", "", "", ""),
  ].join("\n");
}

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const text = (value: number | undefined) => (value === undefined ? "?" : value.toFixed(0));
