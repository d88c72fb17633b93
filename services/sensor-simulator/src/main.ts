import { readBuilding } from "@azru/contracts/building-file";
import { connectService } from "@azru/messaging";
import { exampleEnv, homeDay, logVariables, runService } from "@azru/runtime";
import { usualTwin } from "@azru/simulation";
import { weatherSourceFrom } from "@azru/weather";
import { variables } from "./config.ts";
import { createDecisions } from "./lockstep.ts";
import { createPrices } from "./prices.ts";
import { createSensors } from "./sensors.ts";
import { publisherOf, serviceName, subscribe } from "./service.ts";
import { pacingOf, startOf, valveOptions } from "./settings.ts";
import { createSimulator } from "./simulator.ts";
import { createSurroundings } from "./surroundings.ts";
import { createTwin } from "./twin.ts";
import { createValve } from "./valve.ts";
import { wall } from "./wall.ts";

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else
  await runService(serviceName, variables, async (context) => {
    const { config, log, shutdown } = context;
    const { room, sampleSeconds: dtSeconds } = config;
    const { signal } = shutdown;
    const startMs = startOf(config, Date.now());
    const decisions = createDecisions();
    const pacing = pacingOf(config, decisions);

    const building = await readBuilding(config.building);
    const twin = createTwin(building, dtSeconds, config.twin ?? usualTwin(building));
    const weather = await weatherSourceFrom(config.weather, {
      scenarioFirstDay: homeDay(startMs),
      openMeteo: { now: Date.now },
    });
    const surroundings = createSurroundings({ source: weather, building, dtSeconds, log });
    const valve = createValve({ ...valveOptions(config, pacing), startMs, log });
    const prices = createPrices();
    const sensors = createSensors(config.noise_k, config.seed);

    const messenger = connectService(context, serviceName);
    const simulator = createSimulator({
      twin,
      startMs,
      theta_start_c: config.startTemperature_c,
      surroundings,
      prices,
      valve,
      sensors,
      pacing,
      publish: publisherOf(messenger, room, log),
      wall,
      log,
      signal,
    });
    const { progress } = simulator;
    subscribe(messenger, { room, valve, prices, decisions, now: () => progress.timeMs });

    const { kind, speed } = pacing;
    log.info({ building: building.name, weather: weather.name, pacing: kind, speed, startMs }, "simulating");
    await messenger.whenConnected(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    const running = simulator.run();
    shutdown.onClose("simulation", async () => {
      await running;
      log.info({ ...progress, verdicts: valve.verdicts, messages: messenger.metrics().topics }, "simulated");
    });
    await running;
  });
