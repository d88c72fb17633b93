/** Heating problems drawn at random, for tests and benchmarks. */
import { discretise, type HousePhysics, heatStore, lossOf_w_k, stateSpaceOf } from "@azru/house";
import { affineStep, buildingClasses, createZone, emissionSystems } from "@azru/physics";
import type { MpcProblem, PriceBranch, PriceBranches } from "../problem.ts";

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const prices_eur_kwh = {
  blue: [0.1325, 0.1612],
  white: [0.1499, 0.1871],
  red: [0.1575, 0.706],
} as const;

/**
 * A problem over any home, weather, start, comfort and Tempo colours, the same for the same arguments; some
 * have negative, equal or no prices, a heat pump, a heater too weak, a comfort band that varies.
 *
 * @param dtSeconds a random choice of 15, 30 and 60 min by default
 */
export function randomProblem(seed: number, steps: number, dtSeconds?: number): MpcProblem {
  const random = uniform(seed * 7919 + steps);
  const between = (low: number, high: number) => low + (high - low) * random();
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const chance = (p: number) => random() < p;
  const series = (value: (k: number) => number) => Float64Array.from({ length: steps }, (_, k) => value(k));

  const dt = dtSeconds ?? oneOf([900, 1800, 3600]);
  const floorArea_m2 = between(30, 150);
  const zone = createZone({
    floorArea_m2,
    wallsArea_m2: floorArea_m2 * between(0.6, 2),
    windowsArea_m2: floorArea_m2 * between(0.08, 0.25),
    roomVolume_m3: floorArea_m2 * 2.5,
    totalInternalArea_m2: floorArea_m2 * 4.5,
    uWalls_w_m2k: between(0.15, 1.2),
    uWindows_w_m2k: between(0.8, 3),
    ventilation_ach: between(0.2, 1),
    infiltration_ach: between(0.1, 0.6),
    ventilationEfficiency: between(0, 0.8),
    thermalCapacitance_j_m2k: oneOf(Object.values(buildingClasses)),
  });
  const model = stateSpaceOf(affineStep(zone, oneOf(Object.values(emissionSystems)), dt));

  const firstHour = between(0, 24);
  const hourOf = (k: number) => firstHour + (k * dt) / 3600;
  const dailyMean_c = between(-12, 16);
  let front_c = 0;
  const theta_e_c = series((k) => {
    front_c = 0.98 * front_c + between(-0.5, 0.5);
    return dailyMean_c + 4 * Math.sin((2 * Math.PI * (hourOf(k) - 10)) / 24) + front_c;
  });
  const sun_w = floorArea_m2 * between(0, 40);
  const phi_sol_w = series((k) => {
    const height = Math.sin((Math.PI * ((hourOf(k) % 24) - 7)) / 10);
    return Math.max(0, height) * sun_w * between(0.5, 1);
  });

  const colours = [0, 1, 2].map(() => oneOf(Object.values(prices_eur_kwh)));
  const tempo = (k: number) => {
    const [offPeak, peak] = colours[Math.floor((hourOf(k) + 18) / 24) % 3];
    const hour = hourOf(k) % 24;
    return hour >= 6 && hour < 22 ? peak : offPeak;
  };
  const noise = chance(0.15) ? 0.3 : 0;
  const flat = chance(0.05) ? oneOf([0, 0.2, -0.05]) : undefined;
  const price_eur_kwh = series((k) => flat ?? tempo(k) + noise * between(-1, 1));

  const heatPump = chance(0.4);
  const cop = heatPump ? theta_e_c.map((theta_e) => Math.max(1, 3 + 0.08 * theta_e)) : 1;

  const min_c = between(17, 21);
  const varies = chance(0.4);
  const setback_c = between(0, 4);
  const max_c = chance(0.3) ? between(21.5, 24) : 28;
  const comfort = varies
    ? {
        min_c: series((k) => (hourOf(k) % 24 < 7 ? min_c - setback_c : min_c + between(0, 0.2))),
        max_c: series((k) => max_c + (k % 2)),
      }
    : { min_c, max_c };

  const bends = Math.floor(between(1, 4));
  const slopes = Array.from({ length: bends + 1 }, () => between(0, 1.5)).sort((x, y) => y - x);
  const designPower_w = ((1 - model.A[0]) / model.b[0]) * between(15, 60);
  return {
    model,
    x_c: [chance(0.15) ? between(5, 35) : between(17, 23)],
    maxPower_w: chance(0.3) ? series(() => designPower_w * between(0.7, 1)) : designPower_w,
    cop,
    theta_e_c,
    phi_sol_w,
    phi_int_w: series(() => floorArea_m2 * between(1, 6)),
    price_eur_kwh,
    comfort,
    weights: {
      below_eur_kh: chance(0.5) ? 1.5 : between(0.2, 5),
      above_eur_kh: chance(0.5) ? 10 : between(0.5, 20),
    },
    terminal: {
      breakpoints_c: Array.from({ length: bends }, (_, i) => min_c - 1 + i * between(0.5, 1.5) + i),
      slopes_eur_k: slopes,
    },
  };
}

/** A house of air, emitter, walls and what lies behind them, as many as asked for. */
function randomPhysics(states: number, random: () => number): HousePhysics {
  const between = (low: number, high: number) => low + (high - low) * random();
  const heated = Math.min(states - 1, Math.floor(3 * random())); // mainly air, emitter or walls
  const capacities_j_k = [between(0.5e6, 4e6), between(1e6, 15e6), between(5e6, 40e6), between(10e6, 60e6)];
  return {
    theta_g_c: 12,
    nodes: (["air", "emitter", "walls", "core"] as const).slice(0, states).map((name, i) => ({
      name,
      C_j_k: capacities_j_k[i],
      H_e_w_k: i === 1 ? 0 : between(10, 80),
      H_g_w_k: 0,
      heat: i === heated ? 1 : 0,
      sun: 1 / states,
      internal: i === 0 ? 1 : 0,
      operative: 0,
    })),
    links: Array.from({ length: states - 1 }, (_, i) => ({
      between: [i, i + 1] as const,
      H_w_k: between(100, 800),
    })),
  };
}

/** The random problem of a seed in a house of one to four states; some have no heater, a weak one, or start at 5 or 35 degrees. */
export function randomHouseProblem(
  seed: number,
  steps: number,
  states: number,
  dtSeconds?: number,
): MpcProblem {
  const problem = randomProblem(seed, steps, dtSeconds);
  const random = uniform(seed * 104_729 + steps * 31 + states);
  const between = (low: number, high: number) => low + (high - low) * random();
  const physics = randomPhysics(states, random);
  const model = discretise(physics, problem.model.dtSeconds);
  const strength = random() < 0.08 ? 0 : random() < 0.1 ? between(0.05, 0.4) : between(0.8, 2);
  const start_c = random() < 0.15 ? (random() < 0.5 ? 5 : 35) : between(17, 23);
  return {
    ...problem,
    model,
    x_c: Array.from({ length: states }, () => start_c + between(-1, 1)),
    maxPower_w: strength * 30 * lossOf_w_k(physics),
    terminal: { ...problem.terminal, weights: heatStore(model).weights },
  };
}

/** Random prices from `step` on, of two or three colours; another publication follows where there is room. */
function randomColours(random: () => number, steps: number, step: number, last: number): PriceBranches {
  const count = 2 + Math.floor(2 * random());
  const weights = Array.from({ length: count }, () => 0.1 + random());
  const sum = weights.reduce((a, b) => a + b);
  const branches = weights.map((weight): PriceBranch => {
    const next = step + 2 + Math.floor(3 * random());
    const after = next < last ? randomColours(random, steps, next, Math.min(last, next)) : undefined;
    const length = (after?.step ?? steps) - step;
    const level = 0.1 + 0.6 * random();
    const price_eur_kwh = Float64Array.from({ length }, () => level + 0.1 * random());
    return { probability: weight / sum, price_eur_kwh, ...(after && { after }) };
  });
  return { step, branches };
}

/** The mean price of each step over all that may turn out. */
function expected({ step, branches }: PriceBranches, prices: Float64Array): Float64Array {
  const mean = Float64Array.from(prices);
  mean.fill(0, step);
  for (const { probability, price_eur_kwh, after } of branches) {
    const of = new Float64Array(prices.length);
    of.set(price_eur_kwh, step);
    const all = after ? expected(after, of) : of;
    for (let k = step; k < prices.length; k++) mean[k] += probability * all[k];
  }
  return mean;
}

/** The problem with disturbances in up to three steps (not every third seed), and with colours to be published (not every third either). */
export function withDisturbances(problem: MpcProblem, seed: number): MpcProblem {
  const steps = problem.price_eur_kwh.length;
  const states = problem.model.b.length;
  const random = uniform(seed);
  const surprise_k = new Float64Array(states * steps);
  if (seed % 3 !== 0)
    for (let i = 0; i < 3; i++) {
      const at = states * (1 + Math.floor((steps - 1) * random()));
      const size_k = 0.1 + random();
      for (let s = 0; s < states; s++) surprise_k[at + s] = size_k / (1 + s);
    }
  if (seed % 3 === 1) return { ...problem, surprise_k };
  const colours = randomColours(random, steps, 1 + Math.floor(3 * random()), 7);
  return {
    ...problem,
    surprise_k,
    colours,
    price_eur_kwh: expected(colours, Float64Array.from(problem.price_eur_kwh)),
  };
}
