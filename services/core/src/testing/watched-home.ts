/** What a core remembers of a home that it has watched for days, as a memory file of before its start. */
import { nextState, outputOf } from "@azru/house";
import { createHouseWatch } from "@azru/identification";
import { dayMs } from "@azru/runtime";
import { disturbances } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { randomLcg, randomNormal } from "d3-random";
import { auto } from "../decision/mode.ts";
import { houseModel } from "../home/house-model.ts";
import { watchedModel } from "../home/watched-model.ts";
import { writeMemoryFile } from "../record/memory-file.ts";
import { building, room, startMs, stepMs } from "./test-home.ts";

/** Lives days of the test home with a thermostat until its start, watched as the core does. */
export async function rememberWatching(memoryFile: string, days: number): Promise<void> {
  const steps = (days * dayMs) / stepMs;
  const fromMs = startMs - steps * stepMs;
  const { house, forcesOf, maxPower_w } = watchedModel(houseModel(building, stepMs / 1000));
  const watch = createHouseWatch(house);
  const series = await referenceYearSource().series(fromMs, startMs);
  const foreseen = disturbances(building, stepMeans(series, fromMs, stepMs / 1000, steps));
  const noise_k = randomNormal.source(randomLcg(0.2))(0, 0.05);
  let x: ArrayLike<number> = new Float64Array(house.model.b.length).fill(20);
  let [theta_air_c, isOn] = [20, false];
  for (let k = 0; k < steps; k++) {
    const forces = forcesOf(foreseen, k);
    isOn = theta_air_c < building.thermostat.on_c || (isOn && theta_air_c < building.thermostat.off_c);
    const phi_HC_w = isOn ? maxPower_w : 0;
    theta_air_c = outputOf(house.model, x, phi_HC_w, forces) + noise_k();
    x = nextState(house.model, x, phi_HC_w, forces);
    watch.advance({ ...forces, phi_HC_w, theta_air_c });
  }
  const doubt = { atMs: startMs, rooms: { [room]: watch.memory }, thermometers: {} };
  writeMemoryFile(memoryFile, { mode: auto, readings: [], doubt });
}
