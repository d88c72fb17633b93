import { actuatorPoint, type Point, rateMessage, sensorPoint, tariffPoint } from "@azru/contracts";
import type { Rate } from "@azru/tariff";
import type { Run } from "./study.ts";

const room = "home";

/** A run as stored points, tagged with `run` and `mode`, so that runs can be laid side by side. */
export function* runPoints({ id, mode, trajectory: t }: Run, rates: readonly Rate[]): Generator<Point> {
  const tags = { run: id, mode };
  const source = mode === "mpc" ? "mpc" : "thermostat";
  let cumulative_eur = 0;
  for (let k = 0; k < t.length; k++) {
    const timeMs = t.startMs + k * t.dtSeconds * 1000;
    const valve_position = 100 * t.valve[k];
    cumulative_eur += t.cost_eur[k];
    yield sensorPoint(
      room,
      {
        temperature: t.theta_air_c[k],
        mass_temperature: t.theta_m_c[k],
        external_temperature: t.theta_e_c[k],
        power_consumption: t.power_w[k],
        solar_power: t.phi_sol_w[k],
        valve_position,
        electricity_price: t.price_eur_kwh[k],
        heating_cost_step: t.cost_eur[k],
        heating_cost_cumulative: cumulative_eur,
      },
      timeMs,
      tags,
    );
    yield actuatorPoint(room, { valve_position, planned_power: t.power_w[k], source }, timeMs, tags);
  }
  const endMs = t.startMs + t.length * t.dtSeconds * 1000;
  for (const rate of rates) {
    if (rate.startMs < endMs) yield tariffPoint(rateMessage(rate), rate.startMs, tags);
  }
}
