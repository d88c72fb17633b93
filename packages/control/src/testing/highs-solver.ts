/** The heating problem solved by HiGHS, to check our solvers and to compare with them; not for production. */
import loadHighs from "highs";
import { comfortCeiling, type Drift, drift } from "../plan.ts";
import { at, disturbanceOutcomes, type MpcProblem, type PriceBranches, type Steps } from "../problem.ts";

const certain = [{ z: 0, probability: 1 }] as const;

/** A linear program as it is written, and what its rows are made of. */
interface Program {
  readonly problem: MpcProblem;
  /** Valves of the first steps that are not free. */
  readonly held: ArrayLike<number>;
  readonly drift: Drift;
  readonly ceiling_c: ArrayLike<number>;
  readonly objective: string[];
  readonly rows: string[];
  readonly bounds: string[];
  nodes: number;
}

/** The states of a step: those of the variables `from` + `known_c`. */
interface States {
  readonly from: string;
  readonly known_c: ArrayLike<number>;
}

/** A step of one node, and how likely it is. */
interface Node {
  readonly k: number;
  readonly id: string;
  readonly probability: number;
  readonly states: States;
  readonly prices: {
    readonly price_eur_kwh: Steps;
    readonly first: number;
    readonly after?: PriceBranches | undefined;
  };
}

/**
 * Writes a problem in CPLEX LP format as it is defined, with temperatures as variables, in extensive form: what
 * turns out on the way makes a tree, each node of which has its own valve. `u0`.. are the valves without disturbance
 * before the first colour is published, `u7_2` is one of step 7 in another node; `m`, `s` and `o` are the states at
 * the end of a step (`m7_2i0` the first) and the kelvins too cold and too warm, `v` the terminal value of a leaf.
 *
 * @param held valves of the first steps that are not free
 */
function lpText(problem: MpcProblem, held: ArrayLike<number>): string {
  const free = drift(problem);
  const program: Program = {
    problem,
    held,
    drift: free,
    ceiling_c: comfortCeiling(problem, free),
    objective: [],
    rows: [],
    bounds: [],
    nodes: 0,
  };
  const prices = { price_eur_kwh: problem.price_eur_kwh, first: 0, after: problem.colours };
  writeNode(program, { k: 0, id: "", probability: 1, states: { from: "", known_c: problem.x_c }, prices });
  const { objective, rows, bounds } = program;
  return ["minimize", ...objective, "subject to", ...rows, "bounds", ...bounds, "end"].join("\n");
}

function term(coefficient: number, name: string): string {
  return `${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} ${name}`;
}

/** A sum over the states: its text, and its known part. */
function sum(row: ArrayLike<number>, { from, known_c }: States): { text: string; known: number } {
  let known = 0;
  const terms: string[] = [];
  for (let i = 0; i < row.length; i++) {
    known += row[i] * known_c[i];
    if (from !== "") terms.push(term(row[i], `${from}i${i}`));
  }
  return { text: terms.join(" "), known };
}

/** One step, and all that may follow. */
function writeNode(program: Program, node: Node): void {
  const { surprise_k, price_eur_kwh, model } = program.problem;
  const n = model.b.length;
  const { k, id, probability, prices } = node;
  const from = writeStep(program, node);
  const next = k + 1;
  if (next === price_eur_kwh.length) {
    writeLeaf(program, probability, { from, known_c: new Float64Array(n) }, id);
    return;
  }
  const sd_k = Array.from({ length: n }, (_, i) => surprise_k?.[n * next + i] ?? 0);
  const isUncertain = sd_k.some((sd) => sd !== 0);
  const published = prices.after?.step === next ? prices.after.branches : undefined;
  for (const { z, probability: p } of isUncertain ? disturbanceOutcomes : certain)
    for (const branch of published ?? [undefined]) {
      const isNew = branch !== undefined || z !== 0;
      writeNode(program, {
        k: next,
        id: isNew ? `_${++program.nodes}` : id,
        probability: probability * p * (branch?.probability ?? 1),
        states: { from, known_c: sd_k.map((sd) => z * sd) },
        prices: branch ? { ...branch, first: next } : prices,
      });
    }
}

/** @returns the name of the states at the end of the step */
function writeStep(program: Program, { k, id, probability, states, prices }: Node): string {
  const { problem, held, drift: free, ceiling_c, objective, rows, bounds } = program;
  const { model, comfort, weights } = problem;
  const hours = model.dtSeconds / 3600;
  const n = model.b.length;
  const [u, s, o, m] = [`u${k}${id}`, `s${k}${id}`, `o${k}${id}`, `m${k}${id}`];
  const power = at(problem.maxPower_w, k);
  const energy_kwh = (power / 1000) * hours;
  const price = prices.price_eur_kwh[k - prices.first];
  objective.push(term((probability * price * energy_kwh) / at(problem.cop, k), u));
  objective.push(term(probability * weights.below_eur_kh * hours, s));
  objective.push(term(probability * weights.above_eur_kh * hours, o));
  for (let i = 0; i < n; i++) {
    const { text, known } = sum(
      model.A.slice(n * i, n * i + n).map((a) => -a),
      states,
    );
    rows.push(`${m}i${i} ${text} ${term(-model.b[i] * power, u)} = ${free.state_c[n * k + i] - known}`);
    bounds.push(`${m}i${i} free`);
  }
  const output = sum(model.c, states);
  const y = `${output.text} ${term(model.D * power, u)}`;
  const known = free.output_c[k] + output.known;
  rows.push(`${y} + ${s} >= ${at(comfort.min_c, k) - known}`);
  rows.push(`${y} - ${o} <= ${ceiling_c[k] - known}`);
  bounds.push(id === "" && k < held.length ? `${u} = ${held[k]}` : `0 <= ${u} <= 1`);
  return m;
}

function writeLeaf(
  { problem, objective, rows, bounds }: Program,
  probability: number,
  states: States,
  id: string,
) {
  const { breakpoints_c, slopes_eur_k, weights = [1] } = problem.terminal;
  objective.push(term(-probability, `v${id}`));
  bounds.push(`v${id} free`);
  // A concave, piecewise linear function is the least of its lines.
  let value_eur = 0;
  for (let i = 0; i <= breakpoints_c.length; i++) {
    const from_c = breakpoints_c[Math.max(0, i - 1)];
    if (i > 1) value_eur += slopes_eur_k[i - 1] * (from_c - breakpoints_c[i - 2]);
    const slope = slopes_eur_k[i];
    const { text, known } = sum(
      Array.from(weights, (w) => -slope * w),
      states,
    );
    rows.push(`v${id} ${text} <= ${value_eur - slope * from_c - known}`);
  }
}

/** What HiGHS found: its own figure of the objective, and the valve of each step before the first colour is published. */
export interface HighsAnswer {
  readonly objective_eur: number;
  readonly valve: Float64Array;
}

/** Loads HiGHS. The function that comes back throws an Error unless HiGHS proves its answer optimal. */
export async function loadHighsSolver(): Promise<
  (problem: MpcProblem, held?: ArrayLike<number>) => HighsAnswer
> {
  const highs = await loadHighs();
  const options = {
    output_flag: false,
    primal_feasibility_tolerance: 1e-9,
    dual_feasibility_tolerance: 1e-9,
  };
  // The presolve of HiGHS 1.15 gives up on one program in a thousand that it solves without ("HiGHS error -1").
  const solved = (text: string) => {
    try {
      return highs.solve(text, options);
    } catch {
      return highs.solve(text, { ...options, presolve: "off" });
    }
  };
  return (problem, held = []) => {
    const { Status, ObjectiveValue, Columns } = solved(lpText(problem, held));
    if (Status !== "Optimal") throw new Error(`HiGHS: ${Status}`);
    const length = problem.colours?.step ?? problem.price_eur_kwh.length;
    const valve = Float64Array.from({ length }, (_, k) => Columns[`u${k}`].Primal);
    return { objective_eur: ObjectiveValue, valve };
  };
}
