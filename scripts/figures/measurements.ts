/** What the benchmarks measured, as committed in docs/figures. */
import { readFileSync } from "node:fs";
import { readFigures, type WinterFigure } from "../../services/batch/bench/winter-figures.ts";

/** By solver: `lp`, `exact`, `interior` and `highs`, where it was timed. */
type BySolver = Readonly<Partial<Record<"lp" | "exact" | "interior" | "highs", number>>>;

interface SolverGrid {
  readonly steps: number;
  readonly minutes: number;
  readonly states: number;
  readonly ms: BySolver;
  readonly toHighs: BySolver; // how many times as fast as HiGHS
}

export interface SolverFigures {
  readonly machine: { readonly node: string; readonly processor: string; readonly cores: number };
  readonly problems: number;
  readonly grids: readonly SolverGrid[];
  readonly growth: { readonly oneState: BySolver; readonly threeStates: BySolver };
}

export interface LivedDay {
  readonly theta_air_c: readonly number[];
  readonly theta_m_c: readonly number[];
  readonly valve: readonly number[];
}

export interface RedDay {
  readonly home: string;
  readonly startMs: number;
  readonly dtSeconds: number;
  readonly redFromMs: number;
  readonly redUntilMs: number;
  readonly price_eur_kwh: readonly number[];
  readonly theta_e_c: readonly number[];
  readonly thermostat: LivedDay;
  readonly mpc: LivedDay;
}

export interface Measurements {
  readonly solvers: SolverFigures;
  readonly year: {
    readonly decisions: number;
    readonly horizonSteps: number;
    readonly seconds: number;
    readonly processor_s: number;
    readonly decision_ms: number;
  };
  /** In the reference weather. */
  readonly winter: readonly WinterFigure[];
  /** In other weather. */
  readonly elsewhere: readonly WinterFigure[];
  readonly redDay: RedDay;
}

const folder = new URL("../../docs/figures/", import.meta.url);

/** Reads the committed measurements. */
export function measurements(): Measurements {
  const json = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  const figures = readFigures(new URL("winter.json", folder).pathname);
  const isReference = ({ weather }: WinterFigure) => weather.startsWith("reference");
  return {
    solvers: json("solvers.json"),
    year: json("year.json"),
    winter: figures.filter(isReference),
    elsewhere: figures.filter((figure) => !isReference(figure)),
    redDay: json("red-day.json"),
  };
}
