/** What the core depends on, and whether the home is heated in spite of it. */
import { type Dependency, isoTimeOf, type ReadyResponse } from "@azru/contracts";
import type { StoreStats, WriteProblem } from "@azru/timeseries";

/** What the core knows of its dependencies; a text is what is wrong and what is used instead. */
export interface Dependencies {
  readonly clockProblem?: string | undefined;
  /** Set while another core has this one's place on the broker. */
  readonly rival?: string | undefined;
  readonly brokerConnected: boolean;
  readonly storeProblem: string | undefined;
  readonly optimiserFailure: string | undefined;
  /** Set while nobody is there to be asked. */
  readonly workersProblem: string | undefined;
  /** Whether there was ever a plan. */
  readonly hasPlan: boolean;
  readonly weatherFallback: string | undefined;
  readonly tariffFallback: string | undefined;
  readonly temperatureProblem: string | undefined;
  /** Set while a thermometer is doubted and others, or the model of the house, stand in for it. */
  readonly doubtedThermometer: string | undefined;
  /** Set while nobody commands the devices that were named. */
  readonly devicesProblem: string | undefined;
  /** Set while the heating does not do what it is ordered to do. */
  readonly heatingProblem: string | undefined;
  readonly failsafe: { readonly reason: string; readonly sinceMs: number } | undefined;
  readonly hasDecided: boolean;
}

/** Ready when all is well, degraded when a substitute is in use, not ready when no command reaches a valve. */
export function readiness(known: Dependencies): ReadyResponse {
  const dependencies = {
    broker: known.brokerConnected ? up : down(known.rival ?? "no connection: commands wait"),
    store: known.storeProblem === undefined ? up : degraded(known.storeProblem),
    mpc: optimiser(known),
    weather: known.weatherFallback === undefined ? up : degraded(known.weatherFallback),
    tariff: known.tariffFallback === undefined ? up : degraded(known.tariffFallback),
    sensors: sensors(known),
    heating: known.heatingProblem === undefined ? up : down(known.heatingProblem),
    ...(known.devicesProblem !== undefined && { devices: down(known.devicesProblem) }),
    ...(known.clockProblem !== undefined && { clock: degraded(known.clockProblem) }),
  };
  const isHeating = known.brokerConnected && known.hasDecided;
  const allUp = Object.values(dependencies).every(({ status }) => status === "up");
  return { status: !isHeating ? "not_ready" : allUp ? "ready" : "degraded", dependencies };
}

function optimiser({ optimiserFailure, workersProblem, hasPlan, failsafe }: Dependencies): Dependency {
  if (optimiserFailure !== undefined) {
    const since = failsafe && { since: isoTimeOf(failsafe.sinceMs) };
    return { ...down(failsafe?.reason ?? optimiserFailure), ...since };
  }
  if (workersProblem !== undefined) return down(workersProblem);
  return hasPlan ? up : degraded("no plan yet");
}

function sensors({ temperatureProblem, doubtedThermometer }: Dependencies): Dependency {
  if (temperatureProblem !== undefined) return down(temperatureProblem);
  return doubtedThermometer === undefined ? up : degraded(doubtedThermometer);
}

const up: Dependency = { status: "up" };

function degraded(detail: string): Dependency {
  return { status: "degraded", detail };
}

function down(detail: string): Dependency {
  return { status: "down", detail };
}

/** Follows what the store reports; a problem is over when points were stored again. */
export interface StoreWatch {
  readonly onProblem: (problem: WriteProblem) => void;
  /** Undefined where all is well. */
  problem(stats: StoreStats): string | undefined;
}

/** Problems of a kind are reported at most so often; what was lost meanwhile is reported with the next. */
const reportEvery_ms = 60_000;

/** @param written how many points are stored by now; without it, from the first look on */
export function watchStore(
  report: (problem: WriteProblem) => void,
  now: () => number = Date.now,
  written: () => number | undefined = () => undefined,
): StoreWatch {
  let latest: { problem: WriteProblem; written: number | undefined } | undefined;
  const reported = new Map<WriteProblem["reason"], { atMs: number; unreported: number }>();
  return {
    onProblem(problem) {
      latest = { problem, written: written() };
      const { reason, points } = problem;
      const before = reported.get(reason);
      const isLoss = reason !== "retrying" && reason !== "memory-only"; // those count how many wait in all
      const unreported = isLoss ? (before?.unreported ?? 0) + points : points;
      const isDue = !before || Math.abs(now() - before.atMs) >= reportEvery_ms;
      reported.set(reason, isDue ? { atMs: now(), unreported: 0 } : { ...before, unreported });
      if (isDue) report({ ...problem, points: unreported });
    },
    problem(stats) {
      if (!latest) return undefined;
      latest.written ??= stats.written;
      if (stats.pending === 0 || stats.written > latest.written) {
        latest = undefined;
        return undefined;
      }
      return `${latest.problem.message}; ${stats.pending} points wait`;
    },
  };
}
