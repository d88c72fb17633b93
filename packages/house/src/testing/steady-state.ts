import { solve } from "../matrix.ts";
import { conductanceMatrix, type HousePhysics } from "../thermal-network.ts";

/** Node temperatures that stay under constant heat and disturbances, degrees C. */
export function steadyState(
  physics: HousePhysics,
  {
    phi_HC_w,
    theta_e_c,
    phi_sol_w,
    phi_int_w,
  }: { phi_HC_w: number; theta_e_c: number; phi_sol_w: number; phi_int_w: number },
): Float64Array {
  const { nodes, theta_g_c } = physics;
  const flows = nodes.map(
    ({ heat, sun, internal, H_e_w_k, H_g_w_k }) =>
      heat * phi_HC_w + sun * phi_sol_w + internal * phi_int_w + H_e_w_k * theta_e_c + H_g_w_k * theta_g_c,
  );
  return solve(conductanceMatrix(physics), flows, nodes.length);
}
