/** Heating problems drawn at random, for tests and benchmarks. */
import { stateSpaceOf } from "@azru/house";
import { affineStep, buildingClasses, createZone, emissionSystems } from "@azru/physics";
import type { MpcProblem } from "./problem.ts";

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
    const [offPeak, peak] = colours[Math.floor((hourOf(k) + 18) / 24) % 3]!;
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
  const designPower_w = ((1 - model.A[0]!) / model.b[0]!) * between(15, 60);
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
