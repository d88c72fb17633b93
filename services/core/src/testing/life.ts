/** A running core in a home with a course of its own, whose thermometer or heating may be wrong. */
import { join } from "node:path";
import { airTemperature_c, nextMassTemperature_c } from "@azru/physics";
import { hourMs } from "@azru/runtime";
import { disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { building, type LiveCore, model, startMs, stepMs, type TestHome } from "./test-home.ts";

const { maxPower_w } = building.heating;
const perHour = hourMs / stepMs;

export interface Life {
  readonly hours: number;
  /** What the thermometer says at an air temperature, and the heater gives of the heat ordered; by hours of life. */
  readonly sensor?: (air_c: number, hour: number, heat_w: number) => number;
  readonly heater?: (ordered_w: number, hour: number) => number;
  /** The core is stopped and started again at this hour of life. */
  readonly restartHour?: number;
}

/** A step of a life. */
interface Step {
  readonly hour: number;
  readonly air_c: number;
  readonly valve: number; // 0 to 1
  readonly state: ReturnType<LiveCore["core"]["state"]>;
  readonly ready: ReturnType<LiveCore["core"]["readiness"]>;
}

/** The core decides by its thermostat, the simplest that goes by a thermometer. */
export async function liveIn(
  home: TestHome,
  { hours, sensor = (air_c) => air_c, heater = (heat_w) => heat_w, restartHour }: Life,
) {
  const device = await home.device();
  const memoryFile = join(home.folder, "memory.json");
  let running = await home.core({ memoryFile });
  running.core.setMode("thermostat");
  const steps = hours * perHour;
  const series = await referenceYearSource().series(startMs, startMs + steps * stepMs);
  const weather = disturbances(building, stepMeans(series, startMs, stepMs / 1000, steps));
  const noise_k = randomNormal.source(randomLcg(0.4))(0, 0.05);
  let [theta_m_c, temperature] = [20, 20];
  const life: Step[] = [];
  for (let k = 0; k < steps; k++) {
    if (k / perHour === restartHour) {
      await running.stop();
      running = await home.core({ memoryFile });
    }
    const { valve_position } = await device.decision(startMs + k * stepMs, { temperature });
    await running.core.idle();
    const hour = k / perHour;
    const heat_w = heater((valve_position / 100) * maxPower_w, hour);
    const acting = [heat_w, weather.theta_e_c[k], weather.phi_sol_w[k], weather.phi_int_w[k]] as const;
    const air_c = airTemperature_c(model, theta_m_c, ...acting);
    theta_m_c = nextMassTemperature_c(model, theta_m_c, ...acting);
    temperature = sensor(air_c, hour, heat_w) + noise_k();
    life.push({
      hour,
      air_c,
      valve: valve_position / 100,
      state: running.core.state(),
      ready: running.core.readiness(),
    });
  }
  const from = (startHour: number) => life.filter(({ hour }) => hour >= startHour).map(({ air_c }) => air_c);
  return {
    life,
    running,
    metrics: await running.registry.metrics(),
    last: life.at(-1)!,
    warmest_c: (startHour: number) => Math.max(...from(startHour)),
    coldest_c: (startHour: number) => Math.min(...from(startHour)),
    /** Hours of life until the room's thermometer, or the heating, is doubted. */
    doubtedAt: life.find(({ state }) => state.rooms[0].status === "doubted" || state.heating.status !== "ok")
      ?.hour,
  };
}
