import { MultiBar, type SingleBar } from "cli-progress";

/** Shows how far several runs are, each of which takes days of home time. */
export interface Progress {
  begin(runs: readonly string[], days: number): void;
  /**
   * @param day how many are over
   * @param note what a bar shows beside the days
   * @param line what is printed of the day where there are no bars
   */
  day(run: string, day: number, note: string, line: string): void;
  stop(): void;
}

/** Bars with the time that remains on a terminal, one line a day elsewhere. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): Progress {
  const multi = new MultiBar({
    stream,
    format: "{run} {bar} {percentage}% | day {value}/{total} | ETA {eta_formatted}{note}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    etaBuffer: 20,
    barsize: 24,
  });
  const byRun = new Map<string, SingleBar>();
  return {
    begin(runs, days) {
      const width = Math.max(...runs.map((run) => run.length));
      for (const run of runs) byRun.set(run, multi.create(days, 0, { run: run.padEnd(width), note: "" }));
    },
    day(run, day, note) {
      const bar = byRun.get(run);
      if (!bar) throw new RangeError(`progress of ${run} was reported before it began`);
      bar.update(day, { note: note && ` | ${note}` });
    },
    stop: () => multi.stop(),
  };
}

function lines(stream: NodeJS.WritableStream): Progress {
  return {
    begin: () => undefined,
    day: (_run, _day, _note, line) => void stream.write(`${line}\n`),
    stop: () => undefined,
  };
}
