/** The heating problem solved by HiGHS, to check our solvers and to compare with them; not for production. */
import loadHighs from "highs";
import { comfortCeiling, drift } from "./plan.ts";
import { at, type MpcProblem, type PriceBranches, type Steps, surpriseOutcomes } from "./problem.ts";

const certain = [{ z: 0, probability: 1 }] as const;

/**
 * Writes a problem in CPLEX LP format as it is defined, with temperatures as variables, in extensive form: what
 * turns out on the way makes a tree, each node of which has its own valve. `u0`.. are the valves without surprise
 * before the first colour is published, `u7_2` is one of step 7 in another node; `m`, `s` and `o` are the states at
 * the end of a step (`m7_2i0` the first) and the kelvins too cold and too warm, `v` the terminal value of a leaf.
 *
 * @param held valves of the first steps that are not free
 */
function lpText(problem: MpcProblem, held: ArrayLike<number>): string {
  const { model, comfort, weights, terminal, surprise_k, colours } = problem;
  const steps = problem.price_eur_kwh.length;
  const hours = model.dtSeconds / 3600;
  const n = model.b.length;
  const { state_c, output_c } = drift(problem);
  const ceiling = comfortCeiling(problem, { state_c, output_c });
  const valued = terminal.weights ?? [1];
  const term = (coefficient: number, name: string) =>
    `${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} ${name}`;
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  let nodes = 0;

  /** A sum over the states, those of the variables `from` + `known_c`: its text, and its known part. */
  type States = { readonly from: string; readonly known_c: ArrayLike<number> };
  const sum = (row: ArrayLike<number>, { from, known_c }: States) => {
    let known = 0;
    const terms: string[] = [];
    for (let i = 0; i < n; i++) {
      known += row[i] * known_c[i];
      if (from !== "") terms.push(term(row[i], `${from}i${i}`));
    }
    return { text: terms.join(" "), known };
  };

  function leaf(probability: number, states: States, id: string): void {
    objective.push(term(-probability, `v${id}`));
    bounds.push(`v${id} free`);
    // A concave, piecewise linear function is the least of its lines.
    let value_eur = 0;
    for (let i = 0; i <= terminal.breakpoints_c.length; i++) {
      const from_c = terminal.breakpoints_c[Math.max(0, i - 1)];
      if (i > 1) value_eur += terminal.slopes_eur_k[i - 1] * (from_c - terminal.breakpoints_c[i - 2]);
      const slope = terminal.slopes_eur_k[i];
      const { text, known } = sum(
        Array.from(valued, (w) => -slope * w),
        states,
      );
      rows.push(`v${id} ${text} <= ${value_eur - slope * from_c - known}`);
    }
  }

  /** One step, and all that may follow. */
  function step(
    k: number,
    id: string,
    probability: number,
    states: States,
    prices: {
      readonly price_eur_kwh: Steps;
      readonly first: number;
      readonly after?: PriceBranches | undefined;
    },
  ): void {
    const [u, s, o, m] = ["u", "s", "o", "m"].map((name) => `${name}${k}${id}`) as [
      string,
      string,
      string,
      string,
    ];
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
      rows.push(`${m}i${i} ${text} ${term(-model.b[i] * power, u)} = ${state_c[n * k + i] - known}`);
      bounds.push(`${m}i${i} free`);
    }
    const output = sum(model.c, states);
    const y = `${output.text} ${term(model.D * power, u)}`;
    const known = output_c[k] + output.known;
    rows.push(`${y} + ${s} >= ${at(comfort.min_c, k) - known}`);
    rows.push(`${y} - ${o} <= ${ceiling[k] - known}`);
    bounds.push(id === "" && k < held.length ? `${u} = ${held[k]}` : `0 <= ${u} <= 1`);
    const next = k + 1;
    if (next === steps) {
      leaf(probability, { from: m, known_c: new Float64Array(n) }, id);
      return;
    }
    const sd_k = Array.from({ length: n }, (_, i) => surprise_k?.[n * next + i] ?? 0);
    const isSurprised = sd_k.some((sd) => sd !== 0);
    const published = prices.after?.step === next ? prices.after.branches : undefined;
    for (const { z, probability: p } of isSurprised ? surpriseOutcomes : certain) {
      for (const branch of published ?? [undefined]) {
        const ahead = branch ? { ...branch, first: next } : prices;
        const isNew = branch !== undefined || z !== 0;
        const way = isNew ? `_${++nodes}` : id;
        const shifted = { from: m, known_c: sd_k.map((sd) => z * sd) };
        step(next, way, probability * p * (branch?.probability ?? 1), shifted, ahead);
      }
    }
  }

  step(
    0,
    "",
    1,
    { from: "", known_c: problem.x_c },
    {
      price_eur_kwh: problem.price_eur_kwh,
      first: 0,
      after: colours,
    },
  );
  return [
    "minimize",
    objective.join("\n"),
    "subject to",
    rows.join("\n"),
    "bounds",
    bounds.join("\n"),
    "end",
  ].join("\n");
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
  return (problem, held = []) => {
    const { Status, ObjectiveValue, Columns } = highs.solve(lpText(problem, held), {
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
    });
    if (Status !== "Optimal") throw new Error(`HiGHS: ${Status}`);
    const length = problem.colours?.step ?? problem.price_eur_kwh.length;
    const valve = Float64Array.from({ length }, (_, k) => Columns[`u${k}`].Primal);
    return { objective_eur: ObjectiveValue, valve };
  };
}
