/** The estimate of the walls in a running core that knows of the home by MQTT alone. */
import { type OptimalPlan, type StateResponse, stateResponseSchema, topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
} from "@azru/physics";
import { type Disturbances, disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { afterEach, beforeEach, expect, test } from "vitest";
import { flatPlan } from "./testing/plans.ts";
import { building, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const emission = emissionSystems[building.heating.emission];
const shut = affineStep(createZone(building.zone), emission, 900);
const open = affineStep(
  createZone({ ...building.zone, ventilation_ach: building.zone.ventilation_ach + 4 }),
  emission,
  900,
);
const broker = brokers.find(({ available }) => available)!;
const noise = randomNormal.source(randomLcg(0.3));

let home: TestHome;
let weather: Disturbances;
beforeEach(async () => {
  home = await startTestHome(broker);
  const series = await referenceYearSource().series(startMs, startMs + 96 * stepMs);
  weather = disturbances(building, stepMeans(series, startMs, 900, 96));
});
afterEach(() => home.stop());

interface Life {
  readonly estimate: NonNullable<StateResponse["estimate"]>;
  readonly margin_k: number;
  readonly off_k: number; // from the walls as they are
}

/** A home whose walls are 5 K warmer than the first reading, in a core that is asked for a plan every step. */
async function liveHome(noise_k: number) {
  const device = await home.device();
  const gains_w: number[] = [];
  respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }): OptimalPlan => {
    gains_w.push(problem.phi_int_w[0]);
    return flatPlan({ id, startMs: Date.parse(start), valve_position: gains_w.length % 3 === 0 ? 80 : 20 });
  });
  const error_k = noise(0, noise_k);
  let running = await home.core();
  let truth_c = 20;
  let k = 0;
  let temperature = 15;
  return {
    gains_w,
    async restart() {
      await running.core.idle();
      await running.stop();
      running = await home.core();
    },
    async live(steps: number, model = shut): Promise<Life> {
      let walls_c = truth_c;
      for (const end = k + steps; k < end; k++) {
        const { valve_position } = await device.decision(startMs + k * stepMs, { temperature });
        const acting = [
          (valve_position / 100) * building.heating.maxPower_w,
          weather.theta_e_c[k],
          weather.phi_sol_w[k],
          weather.phi_int_w[k],
        ] as const;
        walls_c = truth_c;
        temperature = airTemperature_c(model, truth_c, ...acting) + error_k();
        truth_c = nextMassTemperature_c(model, truth_c, ...acting);
      }
      await running.core.idle();
      const { estimate, comfort } = stateResponseSchema.parse(running.core.state());
      return {
        estimate: estimate!,
        margin_k: comfort.margin,
        off_k: Math.abs(estimate!.mass_temperature - walls_c),
      };
    },
  };
}

test.each([0, 0.2])(
  "finds walls that are 5 K off, with a sensor that errs by %s K, and keeps them over a restart",
  async (noise_k) => {
    const { live, restart } = await liveHome(noise_k);
    expect((await live(1)).off_k).toBe(5);
    const found = await live(16);
    expect(found.off_k).toBeLessThan(0.3);
    expect(found.estimate.mass_temperature_sd).toBeLessThan(0.3);
    await restart();
    expect((await live(1)).off_k).toBeLessThan(0.3);
    expect((await live(8)).off_k).toBeLessThan(0.3);
  },
);

test("learns how good the thermometer is, keeps less distance for it, and remembers over a restart", async () => {
  const { live, restart } = await liveHome(0.02);
  const first = await live(2);
  expect(first.estimate.sensor_noise).toBe(0.3);
  const { estimate, margin_k } = await live(70);
  expect(estimate.sensor_noise).toBe(0.05);
  expect(margin_k).toBeLessThan(first.margin_k / 2);
  await restart();
  const again = await live(2);
  expect(again.estimate.sensor_noise).toBe(0.05);
  expect(again.margin_k).toBeLessThan(first.margin_k / 2);
});

test("an open window is heat that the model does not know, and is planned with while it is open", async () => {
  const { live, gains_w } = await liveHome(0.1);
  await live(17);
  const airing = await live(8, open);
  expect(airing.off_k).toBeLessThan(1);
  expect(airing.estimate.unknown_gains).toBeLessThan(-300);
  expect(gains_w.at(-1)).toBeCloseTo(building.internalGains_w + airing.estimate.unknown_gains, 6);
  const shutAgain = await live(12);
  expect(shutAgain.off_k).toBeLessThan(0.3);
  expect(shutAgain.estimate.unknown_gains).toBeGreaterThan(airing.estimate.unknown_gains / 2);
});
