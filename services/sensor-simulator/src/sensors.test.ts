import { sensorMetricsSchema } from "@azru/contracts";
import { describe, expect, it } from "vitest";
import { createSensors } from "./sensors.ts";
import { building } from "./testing/home.ts";
import { createTwin, firstMoment, nextMoment } from "./twin.ts";

const outside = { theta_e_c: -3, phi_sol_w: 250, phi_int_w: 120, cop: 2, price_eur_kwh: 0.25 };
const moment = nextMoment(createTwin(building, 60), firstMoment(0, 20, outside), 0.4, outside);

describe("the sensors", () => {
  it("say what is so when they have no error", () => {
    const metrics = createSensors(0, 1)(moment);
    expect(sensorMetricsSchema.parse(metrics)).toEqual(metrics);
    expect(metrics).toEqual({
      temperature: moment.theta_air_c,
      mass_temperature: moment.theta_m_c,
      external_temperature: -3,
      power_consumption: 900,
      solar_power: 250,
      valve_position: 40,
      electricity_price: 0.25,
      heating_cost_step: moment.costStep_eur,
      heating_cost_cumulative: moment.cost_eur,
      sim_time: "1970-01-01T00:01:00.000Z",
    });
  });

  it("say nothing of costs where the price is not known", () => {
    const unpriced = { ...moment, price_eur_kwh: undefined, costStep_eur: undefined };
    const metrics = createSensors(0, 1)(unpriced);
    expect(Object.keys(metrics).filter((field) => /price|cost/.test(field))).toEqual([]);
  });

  it("err around the truth by as much as they are said to", () => {
    const read = createSensors(0.2, 7);
    const errors = Array.from({ length: 4000 }, () => read(moment).temperature - moment.theta_air_c);
    const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(deviation).toBeGreaterThan(0.19);
    expect(deviation).toBeLessThan(0.21);
  });

  it("err the same way for the same seed only", () => {
    const errorsOf = (seed: number) => {
      const read = createSensors(0.05, seed);
      return Array.from({ length: 5 }, () => read(moment));
    };
    expect(errorsOf(3)).toEqual(errorsOf(3));
    expect(errorsOf(3)).not.toEqual(errorsOf(4));
  });
});
