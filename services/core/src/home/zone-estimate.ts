import type { ZoneEstimate } from "@azru/contracts";
import type { HomeEstimate } from "./home-estimate.ts";

/** An estimate as it is published and stored. */
export function zoneEstimate(estimate: HomeEstimate): ZoneEstimate {
  const { theta_m_c, theta_m_sd_k, theta_op_c, phi_u_w, phi_u_sd_w, sensor_k, outdoorError_k, heatingFault } =
    estimate;
  return {
    mass_temperature: theta_m_c,
    ...(theta_op_c !== undefined && { operative_temperature: theta_op_c }),
    mass_temperature_sd: theta_m_sd_k,
    unknown_gains: phi_u_w,
    unknown_gains_sd: phi_u_sd_w,
    sensor_noise: sensor_k,
    ...(outdoorError_k !== undefined && { outdoor_error: outdoorError_k }),
    ...(heatingFault && { heating_fault: heatingFault === "not_heating" ? 1 : 2 }),
  };
}
