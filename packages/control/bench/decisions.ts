/**
 * A year of decisions by the interior point, every 15 min, 48 h ahead, in a house of three states that is its own
 * model: `pnpm bench:decisions [--days 365]`. The time is the processor's, so that a busy machine does not count.
 */
import { createCommand, optionsOrExit, wholeNumber } from "@azru/command-line";
import { discretise, type HousePhysics, heatStore, nextState } from "@azru/house";
import { createInteriorPoint, type MpcProblem } from "../src/index.ts";
import { uniform } from "../src/testing/random-problem.ts";

const { days } = optionsOrExit<{ days: number }>(
  createCommand(
    "bench:decisions",
    "Times decisions by the interior point, every 15 min and 48 h ahead, in a house of three states.",
  ).option("--days <count>", "how many days of them", wholeNumber(1, 365), 365),
);

const dtSeconds = 900;
const stepsADay = 96;
const horizon = 192;
const random = uniform(1);

/** 100 m2 with cables in the screed. */
const physics: HousePhysics = {
  theta_g_c: 12,
  nodes: [
    { name: "air", C_j_k: 1.3e6, H_e_w_k: 60, H_g_w_k: 0, heat: 0, sun: 0.3, internal: 1, operative: 0 },
    { name: "emitter", C_j_k: 14e6, H_e_w_k: 0, H_g_w_k: 0, heat: 1, sun: 0.2, internal: 0, operative: 0 },
    { name: "walls", C_j_k: 20e6, H_e_w_k: 60, H_g_w_k: 0, heat: 0, sun: 0.5, internal: 0, operative: 0 },
  ],
  links: [
    { between: [0, 1], H_w_k: 530 },
    { between: [0, 2], H_w_k: 800 },
    { between: [1, 2], H_w_k: 550 },
  ],
};
const model = discretise(physics, dtSeconds);
const { weights } = heatStore(model);
const maxPower_w = 6000;

const steps = days * stepsADay + horizon;
const hourOf = (k: number) => (k / 4) % 24;
const winterOf = (k: number) => Math.cos((2 * Math.PI * k) / (365 * stepsADay)); // the year begins in January
let front_c = 0;
const theta_e_c = Float64Array.from({ length: steps }, (_, k) => {
  front_c = 0.995 * front_c + 0.3 * (random() - 0.5);
  return 12 - 8 * winterOf(k) + 4 * Math.sin((2 * Math.PI * (hourOf(k) - 9)) / 24) + front_c;
});
const phi_sol_w = Float64Array.from({ length: steps }, (_, k) => {
  const height = Math.sin((Math.PI * (hourOf(k) - 7)) / 11);
  return Math.max(0, height) * (1800 - 900 * winterOf(k)) * (0.4 + 0.6 * Math.abs(Math.sin(k / 400)));
});
const phi_int_w = new Float64Array(steps).fill(250);
const price_eur_kwh = Float64Array.from({ length: steps }, (_, k) => {
  const isPeak = hourOf(k) >= 6 && hourOf(k) < 22;
  const isRed = winterOf(k) > 0.3 && Math.floor((k - 24) / stepsADay) % 5 === 4;
  return isRed ? (isPeak ? 0.706 : 0.1575) : isPeak ? 0.1612 : 0.1325;
});

let x_c: Float64Array = Float64Array.from([19, 19, 19]);
const solve = createInteriorPoint();
let heat_kwh = 0;
let below_kh = 0;
const before = process.cpuUsage();
for (let k = 0; k < days * stepsADay; k++) {
  const ahead = (series: Float64Array) => series.subarray(k, k + horizon);
  const problem: MpcProblem = {
    model,
    x_c,
    maxPower_w,
    cop: 1,
    theta_e_c: ahead(theta_e_c),
    phi_sol_w: ahead(phi_sol_w),
    phi_int_w: ahead(phi_int_w),
    price_eur_kwh: ahead(price_eur_kwh),
    comfort: { min_c: 19, max_c: 28 },
    weights: { below_eur_kh: 10, above_eur_kh: 20 },
    terminal: { weights, breakpoints_c: [19], slopes_eur_k: [1, 1] },
  };
  const { valve, theta_air_c } = solve(problem);
  const phi_HC_w = valve[0] * maxPower_w;
  heat_kwh += (phi_HC_w * dtSeconds) / 3.6e6;
  below_kh += Math.max(0, 19 - theta_air_c[0]) / 4;
  x_c = nextState(model, x_c, phi_HC_w, {
    theta_e_c: theta_e_c[k],
    phi_sol_w: phi_sol_w[k],
    phi_int_w: phi_int_w[k],
  });
}
const { user, system } = process.cpuUsage(before);
const seconds = (user + system) / 1e6;
const decisions = days * stepsADay;
console.log(
  `${decisions} decisions in ${seconds.toFixed(1)} s of one core, ${((1000 * seconds) / decisions).toFixed(2)} ms each; ` +
    `${heat_kwh.toFixed(0)} kWh, ${below_kh.toFixed(2)} K h below 19 degrees`,
);
