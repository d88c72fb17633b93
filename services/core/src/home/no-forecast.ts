import type { Forecast } from "@azru/control";

const empty = new Float64Array();

/** For a thermostat, which looks at the present alone. */
export const noForecast: Forecast = {
  dtSeconds: 0,
  theta_e_c: empty,
  phi_sol_w: empty,
  phi_int_w: empty,
  price_eur_kwh: empty,
};
