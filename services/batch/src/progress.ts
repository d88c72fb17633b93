import { homeDay } from "@azru/runtime";
import { MultiBar, type SingleBar } from "cli-progress";

/** A day that a run has lived through. */
interface DayReport {
  readonly run: string;
  readonly dayStartMs: number; // Unix time
  readonly day: number; // 1-based
  readonly cost_eur: number;
  readonly energy_kwh: number;
  readonly meanTemperature_c: number;
}

/** Tells a waiting person how far the runs are. */
export interface Progress {
  begin(runs: readonly string[], days: number): void;
  day(report: DayReport): void;
  stop(): void;
}

/** Bars with an ETA on a terminal, one line a simulated day elsewhere. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): Progress {
  const multi = new MultiBar({
    stream,
    format: "{run} {bar} {percentage}% | day {value}/{total} | ETA {eta_formatted} | {cost} EUR",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    etaBuffer: 20,
    barsize: 24,
  });
  const byRun = new Map<string, { bar: SingleBar; cost_eur: number }>();
  return {
    begin(runs, days) {
      const width = Math.max(...runs.map((run) => run.length));
      for (const run of runs) {
        byRun.set(run, { bar: multi.create(days, 0, { run: run.padEnd(width), cost: "0.00" }), cost_eur: 0 });
      }
    },
    day({ run, day, cost_eur }) {
      const entry = byRun.get(run);
      if (!entry) throw new RangeError(`progress of ${run} was reported before it began`);
      entry.cost_eur += cost_eur;
      entry.bar.update(day, { cost: entry.cost_eur.toFixed(2) });
    },
    stop: () => multi.stop(),
  };
}

function lines(stream: NodeJS.WritableStream): Progress {
  let days = 0;
  return {
    begin(_runs, count) {
      days = count;
    },
    day(r) {
      stream.write(
        `${homeDay(r.dayStartMs)} ${r.run}: day ${r.day}/${days}, ${r.energy_kwh.toFixed(1)} kWh, ` +
          `${r.cost_eur.toFixed(2)} EUR, ${r.meanTemperature_c.toFixed(1)} C\n`,
      );
    },
    stop: () => undefined,
  };
}
