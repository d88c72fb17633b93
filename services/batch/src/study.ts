import {
  type Building,
  type Comparison,
  compare,
  type Kpis,
  storedHeat_j_k,
  type Trajectory,
  type TwinForm,
} from "@azru/simulation";
import type { Rate } from "@azru/tariff";
import type { Inputs } from "./inputs.ts";

export type Mode = "mpc" | "manual";

/** One house under one controller, simulated. */
export interface Run {
  /** Unique, and readable in a list: `20260201-20260205-heavy-mpc-k3f9`. */
  readonly id: string;
  readonly mode: Mode;
  readonly building: Building;
  /** The form of the simulated house; `5r1c` when absent. */
  readonly twin?: TwinForm;
  readonly trajectory: Trajectory;
  /** Floor of comfort of each step, degrees C, where a schedule changes it; the building's all along when absent. */
  readonly min_c?: Float64Array;
  /** Ceiling of comfort of each step, degrees C, where a schedule names one; the building's all along when absent. */
  readonly max_c?: Float64Array;
  readonly kpis: Kpis;
}

/** A baseline, and the MPC of the same building against it. */
export interface BaselineResult {
  readonly building: string;
  readonly baseline: string; // as `--baseline` takes it, or `pi` with its setpoint
  /** Whether it is the best of the family of rules. */
  readonly isBestRule: boolean;
  readonly kpis: Kpis;
  readonly result: Comparison;
}

/** Runs on the same weather and tariff, side by side. */
export interface Study {
  /** What sets it apart from the other studies of a grid; empty where it is alone. */
  readonly label: string;
  readonly inputs: Inputs;
  readonly startMs: number; // Unix time
  readonly endMs: number;
  readonly weather: string; // for people
  readonly tariff: string; // for people; says so when colours were allotted
  /** Prices and colours from `startMs` to `endMs`. */
  readonly rates: readonly Rate[];
  readonly runs: readonly Run[];
  /** Each building's MPC against its thermostat, where both were run; same order as the buildings. */
  readonly comparisons: readonly { readonly building: string; readonly result: Comparison }[];
  /** Each building's MPC against its other baselines, the best rule's last; same order as the buildings. */
  readonly baselines: readonly BaselineResult[];
  /** False when the user stopped it; the runs then hold what was computed. */
  readonly complete: boolean;
}

/** The floor of comfort of a step, degrees C. */
export function floor_c({ min_c, building }: Pick<Run, "min_c" | "building">, step: number): number {
  return min_c ? min_c[step] : building.comfort.min_c;
}

/** Each building's MPC against its thermostat, where both cover the same time. */
export function comparisonsOf(runs: readonly Run[]): Study["comparisons"] {
  return runs
    .filter(({ mode }) => mode === "mpc")
    .flatMap((mpc) => {
      const baseline = runs.find(({ mode, building }) => mode === "manual" && building === mpc.building);
      if (!baseline || baseline.trajectory.length !== mpc.trajectory.length) return [];
      const C_m = storedHeat_j_k(mpc.building, mpc.twin);
      return [{ building: mpc.building.name, result: compare(baseline.kpis, mpc.kpis, C_m) }];
    });
}
