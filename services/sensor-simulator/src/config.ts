import { homeVariables } from "@azru/contracts";
import { brokerVariables, divisor, numeric, parseHomeTime, type Variables, whole } from "@azru/runtime";
import { weatherSpecForms } from "@azru/weather";
import { z } from "zod";

/** As times in messages must. */
const isWithinEra = (timeMs: number) => timeMs >= 0 && timeMs < Date.UTC(2200, 0);

const instant = z.string().transform((text, context) => {
  try {
    const startMs = parseHomeTime(text);
    if (isWithinEra(startMs)) return startMs;
    context.addIssue({ code: "custom", message: "must lie within the years 1970 to 2199" });
    return z.NEVER;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  building: homeVariables.building,
  room: homeVariables.room,
  weather: {
    env: "AZRU_WEATHER",
    schema: z.string().default("reference"),
    description: `weather of the simulated house: ${weatherSpecForms.join(", ")}`,
  },
  twin: {
    env: "AZRU_TWIN",
    schema: z.enum(["5r1c", "states"]).optional(),
    description:
      "what the house is: 5r1c, the zone of ISO 13790; states, a house whose air and heater hold heat; when unset, states where the heater warms the air, and 5r1c for floor heating and slabs",
  },
  pacing: {
    env: "AZRU_PACING",
    schema: z.enum(["free", "lockstep"]).default("free"),
    description: "free: the clock runs on its own; lockstep: it waits for every decision",
  },
  speed: {
    env: "AZRU_SPEED",
    schema: numeric(0.1, 1e6).optional(),
    description:
      "simulated seconds per second; when unset, 60 in free pacing, and as fast as it goes in lockstep",
  },
  start: {
    env: "AZRU_START",
    schema: instant.optional(),
    description:
      "start of the simulation, Europe/Paris unless it has an offset; when unset, now in free pacing, and 2026-01-11T00:00:00 in lockstep",
  },
  startTemperature_c: {
    env: "AZRU_START_TEMPERATURE",
    schema: numeric(-20, 50).default(20),
    description: "temperature of air and walls at the start, degrees C",
  },
  sampleSeconds: {
    env: "AZRU_SAMPLE_SECONDS",
    schema: divisor(3600, 1).default(60),
    description: "simulated seconds between two measurements, a divisor of an hour",
  },
  noise_k: {
    env: "AZRU_NOISE_K",
    schema: numeric(0, 5).default(0.05),
    description: "standard deviation of the thermometers' error, K",
  },
  seed: {
    env: "AZRU_SEED",
    schema: whole(0, 2 ** 32 - 1).default(1),
    description: "seed of the thermometers' errors",
  },
  stepMinutes: {
    env: "AZRU_STEP_MINUTES",
    schema: divisor(60, 1).default(15),
    description: "time between two decisions that lockstep waits for, a divisor of an hour",
  },
  lockstepTimeoutSeconds: {
    env: "AZRU_LOCKSTEP_TIMEOUT_SECONDS",
    schema: numeric(0.1, 86_400).default(60),
    description: "real time that lockstep waits for a decision",
  },
  commandAgeMinutes: {
    env: "AZRU_COMMAND_AGE_MINUTES",
    schema: numeric(1, 10_080).default(60),
    description: "simulated age from which a command is not accepted; never less than 5 s of real time",
  },
  valveTimeoutMinutes: {
    env: "AZRU_VALVE_TIMEOUT_MINUTES",
    schema: numeric(0, 10_080).default(0),
    description:
      "simulated silence after which the valve takes its safe position; 0: it keeps the last position",
  },
  valveSafePosition: {
    env: "AZRU_VALVE_SAFE_POSITION",
    schema: numeric(0, 100).default(30),
    description: "position of the valve that nobody commands any more, %: no frost, no heat to waste",
  },
} satisfies Variables;
