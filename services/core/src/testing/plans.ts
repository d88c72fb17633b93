/** Plans for tests. */
import { isoTimeOf, type OptimalPlan } from "@azru/contracts";

export interface FlatPlan {
  readonly startMs: number;
  readonly steps?: number;
  readonly step_s?: number;
  readonly id?: string;
  readonly valve_position?: number;
  readonly temperature_c?: number;
}

/** A plan that says the same at every step. */
export function flatPlan({
  startMs,
  steps = 96,
  step_s = 900,
  id = "plan-1",
  valve_position = 40,
  temperature_c = 20,
}: FlatPlan): OptimalPlan {
  const all = (value: number) => Array.from({ length: steps }, () => value);
  return {
    id,
    worker: "test",
    solve_ms: 5,
    status: "optimal",
    objective: 1.5,
    energy_cost: 1.25,
    storage_saving: 0.75,
    discomfort_below: 0,
    discomfort_above: 0,
    step_s,
    time: all(0).map((_, k) => isoTimeOf(startMs + k * step_s * 1000)),
    valve_position: all(valve_position),
    heating_power: all(45 * valve_position),
    planned_power: all(45 * valve_position),
    temperature: all(temperature_c),
    mass_temperature: all(temperature_c),
    external_temperature: all(3),
    electricity_price: all(0.16),
  };
}
