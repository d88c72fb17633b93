/** Programs drawn at random, for tests: houses of one to four states under weather, prices and surprises. */
import { uniform } from "../random-problem.ts";
import { addPenalty, createProgram, type Program } from "./program.ts";

/** A zone of n heat capacities and what leads into them, over one step. */
interface Network {
  readonly A: number[][];
  readonly heat: number[]; // K of each state by 1 kW over the step
  readonly outdoor: number[]; // K of each state by 1 K of outdoor air
}

/** exp(M) by scaling and squaring of its Taylor series; small matrices only. */
function exponential(M: readonly (readonly number[])[]): number[][] {
  const multiply = (X: readonly (readonly number[])[], Y: readonly (readonly number[])[]) =>
    X.map((row) => Y[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * Y[k]![j]!, 0)));
  const squarings = 12;
  const scaled = M.map((row) => row.map((value) => value / 2 ** squarings));
  let term: number[][] = M.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  let sum = term;
  for (let k = 1; k <= 8; k++) {
    term = multiply(term, scaled).map((row) => row.map((value) => value / k));
    sum = sum.map((row, i) => row.map((value, j) => value + term[i]![j]!));
  }
  for (let k = 0; k < squarings; k++) sum = multiply(sum, sum);
  return sum;
}

/** Capacities in a row (air, emitter or walls, ...), joined by conductances, the first and the last to the outdoor air. */
function randomNetwork(n: number, random: () => number, hours: number): Network {
  const between = (low: number, high: number) => low + (high - low) * random();
  const capacity_kwh_k = Array.from({ length: n }, (_, i) =>
    i === 0 ? between(0.2, 1.5) : between(0.5, 15),
  );
  const heater = Math.floor(n * random());
  const M = Array.from({ length: n + 2 }, () => new Array<number>(n + 2).fill(0));
  const join = (i: number, j: number, conductance: number) => {
    M[i]![i]! -= (conductance * hours) / capacity_kwh_k[i]!;
    M[i]![j]! += (conductance * hours) / capacity_kwh_k[i]!;
  };
  for (let i = 0; i + 1 < n; i++) {
    const conductance = between(0.1, 0.8); // kW/K
    join(i, i + 1, conductance);
    join(i + 1, i, conductance);
  }
  join(0, n, between(0.02, 0.1));
  join(n - 1, n, between(0.01, 0.1));
  M[heater]![n + 1]! += hours / capacity_kwh_k[heater]!;
  const E = exponential(M);
  const rows = E.slice(0, n);
  return {
    A: rows.map((row) => row.slice(0, n)),
    outdoor: rows.map((row) => row[n]!),
    heat: rows.map((row) => row[n + 1]!),
  };
}

/** A node of the tree before its numbers are drawn. */
interface Place {
  readonly parent: number;
  readonly step: number;
  readonly probability: number;
  readonly surprise_k: number;
  readonly price: number; // on top of the step's own
}

/** A chain, or a tree that branches at two steps into three surprises, at the first into two colours as well. */
function placesOf(steps: number, branches: boolean, random: () => number) {
  const first = Math.max(1, Math.floor(steps * (0.2 + 0.3 * random())));
  const second = Math.max(first + 1, Math.floor(steps * (0.5 + 0.4 * random())));
  const size_k = random();
  const surprises = [
    [-1.7, 1 / 6],
    [0, 2 / 3],
    [1.7, 1 / 6],
  ] as const;
  const places: Place[] = [{ parent: -1, step: 0, probability: 1, surprise_k: 0, price: 0 }];
  let front = [0];
  for (let step = 1; step < steps; step++) {
    const next: number[] = [];
    for (const parent of front) {
      const { probability, price } = places[parent]!;
      const colours = branches && step === first ? [0, 0.4] : [undefined];
      const outcomes = branches && (step === first || step === second) ? surprises : ([[0, 1]] as const);
      for (const colour of colours)
        for (const [z, share] of outcomes) {
          next.push(places.length);
          places.push({
            parent,
            step,
            probability: (probability * share) / colours.length,
            surprise_k: z * size_k,
            price: colour ?? price,
          });
        }
    }
    front = next;
  }
  return { places, leaves: front };
}

/** The same for the same arguments. Some are hard: far from comfort, with negative, equal or no prices, no heater or a weak one. */
export function randomProgram(seed: number, states: number, steps: number, branches: boolean): Program {
  const random = uniform(seed * 7919 + steps * 31 + states);
  const between = (low: number, high: number) => low + (high - low) * random();
  const chance = (p: number) => random() < p;
  const { places, leaves } = placesOf(steps, branches, random);
  const hours = [0.25, 0.5, 1][Math.floor(3 * random())]!;
  const network = randomNetwork(states, random, hours);
  const direct = chance(0.4) ? between(0.05, 0.6) : 0; // K of air at once by 1 kW
  const program = createProgram({
    states,
    decisions: places.length,
    ends: leaves.length,
    models: 1,
    penalties: 2 * places.length,
    changes: false,
  });
  program.A.set(network.A.flat());
  program.c[0] = 1;
  const heater_kw = chance(0.08) ? 0 : chance(0.1) ? between(0.1, 1) : between(2, 9);
  const outdoor_c = Array.from(
    { length: steps },
    (_, k) => between(-10, 12) * 0.3 + 5 * Math.sin(k * hours * 0.26),
  );
  const flat = chance(0.1) ? [0, 0.2, -0.05][Math.floor(3 * random())]! : undefined;
  const noise = chance(0.2) ? 0.3 : 0;
  const dear = between(0, 24);
  const price = Array.from({ length: steps }, (_, k) => {
    const hour = (k * hours + dear) % 24;
    return flat ?? (hour < 8 ? 0.13 : hour < 16 ? 0.17 : 0.7) + noise * between(-1, 1);
  });
  const start_c = chance(0.15) ? [5, 35][Math.floor(2 * random())]! : between(17, 23);
  const min_c = between(17, 21);
  const max_c = chance(0.3) ? between(21.5, 24) : 28;
  const below_eur_kh = chance(0.05) ? 0 : between(0.2, 10);
  const above_eur_kh = between(0.5, 20);
  const gains_k = Array.from({ length: steps }, () => (chance(0.2) ? between(0, 1.5) : 0));
  for (const [i, { parent, step, probability, surprise_k, price: extra }] of places.entries()) {
    program.parent[i] = parent;
    for (let s = 0; s < states; s++) {
      program.b[i * states + s] = network.heat[s]! * heater_kw;
      const drift = parent < 0 ? 0 : network.outdoor[s]! * outdoor_c[step - 1]!;
      program.offset[i * states + s] = parent < 0 ? start_c + between(-1, 1) : drift + surprise_k / (1 + s);
    }
    program.offset[i * states]! += gains_k[step]!;
    program.d[i] = direct * heater_kw;
    program.output[i] = between(-0.2, 0.2);
    program.cost[i] = probability * (price[step]! + (flat === undefined ? extra : 0)) * heater_kw * hours;
    addPenalty(program, i, { sign: -1, bound: -min_c, weight: probability * hours * below_eur_kh });
    addPenalty(program, i, { sign: 1, bound: max_c, weight: probability * hours * above_eur_kh });
  }
  const worth_eur_kwh = between(0, 0.15);
  for (const [e, parent] of leaves.entries()) {
    program.parent[places.length + e] = parent;
    for (let s = 0; s < states; s++)
      program.worth[e * states + s] = places[parent]!.probability * worth_eur_kwh * between(0.5, 8);
  }
  return program;
}
