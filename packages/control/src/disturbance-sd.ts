/** What a new forecast will change in the plan: how ready to be for it. */
import type { StateSpace } from "@azru/house";
import { InvalidProblemError } from "./problem.ts";

/** Standard deviation of an error, one hour and one day ahead; between and beyond, a power law. */
interface ErrorGrowth {
  readonly at1h: number;
  readonly at24h: number;
}

// A good regional forecast: outdoor air in K, solar gains in parts of themselves.
const outdoor: ErrorGrowth = { at1h: 0.5, at24h: 1.5 };
const sun: ErrorGrowth = { at1h: 0.07, at24h: 0.2 };
const correlation_h = 12;
const issuedEvery_h = 6;

function sigma({ at1h, at24h }: ErrorGrowth, lead_h: number): number {
  return at1h * lead_h ** (Math.log(at24h / at1h) / Math.log(24));
}

/**
 * Disturbances to be ready for (`MpcProblem.surprise_k`): what a forecast errs moves the thermal mass, which is found at
 * every new issue, six hours apart. First-order autoregressive errors of the outdoor temperature and the sun go
 * through the model; the disturbance at an issue is what they add to the variance of the mass since the one before.
 *
 * @param phi_sol_w solar gains foreseen, one value a step
 */
export function disturbanceSd_k(model: StateSpace, phi_sol_w: Float64Array): Float64Array {
  const { A, b, E, dtSeconds } = model;
  if (b.length !== 1) throw new InvalidProblemError("model.b.length", b.length, "1");
  const [a, bo, bs] = [A[0], E[0], E[1]];
  const hours = dtSeconds / 3600;
  const every = Math.max(1, Math.round(issuedEvery_h / hours));
  const phi = Math.exp(-hours / correlation_h);
  const surprise_k = new Float64Array(phi_sol_w.length);
  // Covariance of the mass with itself and with both errors, each of unit variance in the end and of none now.
  let mass = 0;
  let massOutdoor = 0;
  let massSun = 0;
  let error = 0;
  let kept = 0; // of the variance at the last issue
  for (let k = 0; k + 1 < phi_sol_w.length; k++) {
    const lead_h = (k + 0.5) * hours;
    const o = bo * sigma(outdoor, lead_h);
    const s = bs * sigma(sun, lead_h) * phi_sol_w[k];
    mass = a * a * mass + (o * o + s * s) * error + 2 * a * (o * massOutdoor + s * massSun);
    massOutdoor = phi * (a * massOutdoor + o * error);
    massSun = phi * (a * massSun + s * error);
    error = phi * phi * error + 1 - phi * phi;
    kept *= a * a;
    if ((k + 1) % every !== 0) continue;
    surprise_k[k + 1] = Math.sqrt(Math.max(0, mass - kept));
    kept = mass;
  }
  return surprise_k;
}
