/** Mehrotra's predictor-corrector method on a tree of steps (Nocedal and Wright, algorithm 14.3). */
import {
  advance,
  centreBounds,
  centrePenalties,
  completeDirection,
  dualLength,
  formCurvature,
  formRightSide,
  meanProduct,
  meanProductAfter,
  primalLength,
} from "./iterate.ts";
import { factorise, roll, substituteBack } from "./newton.ts";
import type { Program } from "./program.ts";
import { prune } from "./prune.ts";
import { differentiate, gapOf, objectiveOf, simulate } from "./trajectory.ts";
import type { Workspace } from "./workspace.ts";

const iterationsMost = 60;
const tolerance = 1e-8; // of the objective, at least of 1 EUR
const towardsBound = 0.999; // of the way to the nearest bound

export interface Minimum {
  readonly objective_eur: number;
  /** The objective is at most so much above the optimum, EUR. */
  readonly gap_eur: number;
  /** Whether the gap is within the tolerance. */
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Finds the valves of least objective; `work.best` has them. The caller judges by the gap whether they will do.
 * Penalties that cannot arise are removed from the program.
 *
 * @param start valves to start near; half open everywhere by default
 */
export function minimise(program: Program, work: Workspace, start?: ArrayLike<number>): Minimum {
  prune(program, work);
  begin(program, work, start);
  let best = { objective_eur: Number.POSITIVE_INFINITY, gap_eur: Number.POSITIVE_INFINITY };
  for (let iterations = 0; ; iterations++) {
    const objective_eur = objectiveOf(program, work);
    const gap_eur = gapOf(program, work);
    if (gap_eur < best.gap_eur) {
      best = { objective_eur, gap_eur };
      work.best.set(work.u);
    }
    const converged = best.gap_eur <= tolerance * Math.max(1, Math.abs(objective_eur));
    if (converged || iterations === iterationsMost || !Number.isFinite(gap_eur))
      return { ...best, converged, iterations };
    step(program, work);
    simulate(program, work);
    differentiate(program, work);
  }
}

const startMu = 1e-1;

function begin(program: Program, work: Workspace, start: ArrayLike<number> | undefined): void {
  const { u, v } = work;
  for (let i = 0; i < program.decisions; i++) {
    const valve = start ? Math.min(0.95, Math.max(0.05, start[i])) : 0.5;
    u[i] = valve;
    v[i] = 1 - valve;
  }
  simulate(program, work);
  centrePenalties(program, work, startMu);
  differentiate(program, work);
  centreBounds(program, work, startMu);
}

function step(program: Program, work: Workspace): void {
  const mu = meanProduct(program, work);
  formCurvature(program, work);
  factorise(program, work);
  direct(program, work, 0, 0);
  const primal = Math.min(1, primalLength(program, work));
  const dual = Math.min(1, dualLength(program, work));
  const centring = (meanProductAfter(program, work, primal, dual) / mu) ** 3;
  direct(program, work, centring * mu, primal * dual);
  let primalStep = Math.min(1, towardsBound * primalLength(program, work));
  let dualStep = Math.min(1, towardsBound * dualLength(program, work));
  if (program.changes) primalStep = dualStep = Math.min(primalStep, dualStep); // a quadratic couples both
  advance(program, work, primalStep, dualStep);
}

function direct(program: Program, work: Workspace, target: number, correction: number): void {
  formRightSide(program, work, target, correction);
  substituteBack(program, work);
  roll(program, work);
  completeDirection(program, work);
}
