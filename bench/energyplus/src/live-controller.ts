/** The live core as a controller of the bench: a broker, the optimiser's service and the core, step by step over MQTT. */
import { join } from "node:path";
import type { ValveCommand } from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import { createSimulatedClock } from "@azru/runtime";
import type { Building, HomeController as LearntController } from "@azru/simulation";
import { houseModel } from "../../../services/core/src/home/house-model.ts";
import { createModelInForce } from "../../../services/core/src/home/model-in-force.ts";
import { createTariffOutlook } from "../../../services/core/src/outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "../../../services/core/src/outlook/weather-outlook.ts";
import { writeHouseMemory } from "../../../services/core/src/record/house-memory.ts";
import { silent, startTestHome } from "../../../services/core/src/testing/test-home.ts";
import type { HomeController } from "./home-controller.ts";
import { dtSeconds, type Season, weatherAt } from "./season.ts";

/** How many decisions each of the core's ways of deciding made. */
export type SourceCounts = Record<string, number>;

export interface LiveHome {
  readonly controller: HomeController;
  readonly sources: SourceCounts;
  stop(): Promise<void>;
}

/** Wall time that the optimiser has; no decision is missed because the machine is busy. */
const patience_ms = 60_000;
const horizonSteps = (48 * 3600) / dtSeconds;

/**
 * Starts a core in simulated time that goes on from what a home has learnt.
 *
 * @param learnt a controller that has learnt from the home's history
 */
export async function startLiveHome(
  season: Season,
  building: Building,
  learnt: LearntController,
): Promise<LiveHome> {
  const broker = brokers.find(({ available }) => available)!; // the embedded one always is
  const home = await startTestHome(broker);
  const device = await home.device();
  await home.optimiser(device.messenger);

  const { known, filter } = learnt.knowledge;
  const houseFile = join(home.folder, "house.json");
  if (filter.memory) writeHouseMemory(houseFile, filter.memory, silent);
  const { core } = await home.core({
    model: createModelInForce(houseModel(building, dtSeconds, undefined, known)),
    clock: createSimulatedClock(season.startMs, (error) => {
      throw error;
    }),
    horizonSteps,
    houseFile,
    mpcTimeout_ms: patience_ms,
    weather: weatherOutlook(season),
    tariff: tariffOutlook(season),
  });
  const sources: SourceCounts = {};
  return {
    sources,
    controller: {
      name: "live core",
      horizonSteps: 1, // it has its own forecast
      async decide({ timeMs, theta_air_c, theta_e_c, power_w }) {
        const command: ValveCommand = await device.decision(timeMs, {
          temperature: theta_air_c,
          external_temperature: theta_e_c,
          power_consumption: power_w,
        });
        await core.idle();
        sources[command.source] = (sources[command.source] ?? 0) + 1;
        return command.valve_position / 100;
      },
    },
    stop: home.stop,
  };
}

/** The bench's forecasts, issued each hour, in the place of a weather service. */
function weatherOutlook(season: Season): WeatherOutlook {
  return {
    kind: "epw_file",
    refresh: async () => true,
    async steps(startMs, stepSeconds, count) {
      const k = (startMs - season.startMs) / (dtSeconds * 1000);
      if (stepSeconds !== dtSeconds || !Number.isInteger(k))
        throw new RangeError(`the bench foresees steps of ${dtSeconds} s on the quarter of an hour`);
      return {
        steps: weatherAt(season, k, count),
        source: season.weather.name,
        issuedMs: startMs - (k % 4) * dtSeconds * 1000,
      };
    },
  };
}

function tariffOutlook({ tariff, calendar }: Season) {
  const loaded = { kind: "allotted", tariff, calendar, source: calendar.source } as const;
  return createTariffOutlook({
    name: "tempo",
    initial: loaded,
    load: async () => loaded,
  });
}
