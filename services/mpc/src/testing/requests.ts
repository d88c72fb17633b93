/** Requests for tests. */
import { isoTimeOf, type MpcRequest } from "@azru/contracts";
import { stateSpaceOf } from "@azru/house";
import { affineStep, createZone, emissionSystems, prototypeHome } from "@azru/physics";

const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);

export interface RequestOptions {
  readonly steps?: number;
  /** Wall time until the deadline; ten minutes by default, so that no machine is too slow. */
  readonly within_ms?: number;
  readonly theta_m_c?: number;
}

/** A winter day ahead of the prototype's home; the outdoor temperature depends on the id. */
export function requestOf(
  id: string,
  { steps = 96, within_ms = 600_000, theta_m_c = 20 }: RequestOptions = {},
): MpcRequest {
  const each = (value: (k: number) => number) => Array.from({ length: steps }, (_, k) => value(k));
  const mean_c = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 10;
  const hour = (k: number) => (k / 4) % 24;
  return {
    id,
    issued_at: isoTimeOf(Date.now()),
    deadline: isoTimeOf(Date.now() + within_ms),
    start: "2026-01-11T00:00:00Z",
    problem: {
      model: stateSpaceOf(model),
      x_c: [theta_m_c],
      maxPower_w: 4500,
      cop: each((k) => 3 + 0.02 * hour(k)),
      theta_e_c: each((k) => mean_c - 5 + 4 * Math.sin((hour(k) - 9) / 3.8)),
      phi_sol_w: each((k) => Math.max(0, 900 * Math.sin(((hour(k) - 8) / 9) * Math.PI))),
      phi_int_w: each(() => 100),
      price_eur_kwh: each((k) => (hour(k) >= 6 && hour(k) < 22 ? 0.706 : 0.1575)),
      comfort: { min_c: 19, max_c: 28 },
      weights: { below_eur_kh: 1.5, above_eur_kh: 10 },
      terminal: { breakpoints_c: [19], slopes_eur_k: [0.6, 0.4] },
    },
  };
}

/** A house that 1 W warms by 1 K, where a kelvin costs far more than its heat: too far apart for the interior point. */
export function hardRequestOf(id: string): MpcRequest {
  const request = requestOf(id, { steps: 24 });
  const { problem } = request;
  problem.model = { ...problem.model, b: [1], c: [1], D: 0.2 };
  problem.weights = { below_eur_kh: 1e5, above_eur_kh: 1e5 };
  return request;
}
