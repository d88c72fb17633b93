import { homeVariables, maxSteps, roomNameSchema, topicLevelSchema } from "@azru/contracts";
import {
  brokerVariables,
  type Config,
  ConfigError,
  divisor,
  influxOf,
  numeric,
  storeVariables,
  type Variables,
  whole,
} from "@azru/runtime";
import { weatherSpecForms } from "@azru/weather";
import { z } from "zod";
import { longestPlanSteps } from "./comfort/reheating.ts";
import { largestSpread_s } from "./decision/phase.ts";
import { checkTariffSpec } from "./outlook/tariff-loader.ts";
import { isLoopback } from "./plugins/access.ts";

/** Whether a tariff has a name that there is; what the weather allows of it shows later. */
function knownTariff(spec: string, context: z.RefinementCtx): void {
  try {
    checkTariffSpec(spec);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The text that was given stands in the message: one line of it, whatever it holds.
    const message = error.message.replace(/^tariff /, "").replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
    context.addIssue({ code: "custom", message });
  }
}

const roomList = z
  .string()
  .transform((text) => [...new Set(text.split(";").map((room) => room.trim()))])
  .pipe(z.array(roomNameSchema));

/** As `isOwnName` takes them. */
const hostNames = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
  )
  .refine((names) => names.every((name) => /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)), {
    error: "must be names such as azru.example.org, without http:// and port, separated by commas",
  });

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  ...brokerVariables,
  httpHost: {
    env: "AZRU_HTTP_HOST",
    schema: z.string().default("127.0.0.1"),
    description: "address to listen on; any but loopback needs AZRU_API_TOKEN",
  },
  httpPort: {
    env: "AZRU_HTTP_PORT",
    schema: whole(0, 65_535).default(8000),
    description: "port to listen on; 0 takes a free one",
  },
  apiToken: {
    env: "AZRU_API_TOKEN",
    schema: z.string().min(16, { error: "must have at least 16 characters" }).optional(),
    description: "bearer token asked for on everything that changes state",
    secret: true,
  },
  httpNames: {
    env: "AZRU_HTTP_NAMES",
    schema: hostNames.default([]),
    description:
      "names by which the page and the API are reached beside IP addresses and those of a local network (azru, azru.local, azru.lan), separated by commas: azru.example.org, or *.example.org for all below one",
  },
  supervisor: {
    env: "AZRU_SUPERVISOR",
    schema: z.union([z.ipv4(), z.ipv6()], { error: "must be an IP address" }).optional(),
    description:
      "address from which Home Assistant's ingress asks, which has logged its user in: no token is asked for there; set by the add-on alone",
  },
  requestsPerMinute: {
    env: "AZRU_HTTP_REQUESTS_PER_MINUTE",
    schema: whole(1, 1_000_000_000).default(1200),
    description: "requests that one client may make in a minute",
  },
  ...storeVariables,
  queuePoints: {
    env: "AZRU_STORE_QUEUE_POINTS",
    schema: whole(1, 100_000_000).default(1_000_000),
    description: "points kept on disk while InfluxDB does not take them; beyond, the oldest are given up",
  },
  rawDays: {
    env: "AZRU_RAW_DAYS",
    schema: whole(1, 36_500).default(90),
    description:
      "days for which each reading is kept (36500: a century); older ones are thinned to one a quarter of an hour",
  },
  time: {
    env: "AZRU_TIME",
    schema: z.enum(["wall", "simulated"]).default("wall"),
    description: "wall: the system's clock; simulated: the time that the twin publishes",
  },
  building: homeVariables.building,
  room: homeVariables.room,
  rooms: {
    env: "AZRU_ROOMS",
    schema: z.string().optional(),
    description:
      "file of the rooms that are heated each by itself, with their heaters' power and comfort (docs/rooms.md); the home is heated as one when unset",
  },
  valves: {
    env: "AZRU_VALVES",
    schema: z.string().default("config/valves.yaml"),
    description:
      "the valves file: with AZRU_ROOMS, a room without power_w has the rated_w of its heaters there (docs/rooms.md)",
  },
  decidingRooms: {
    env: "AZRU_DECIDING_ROOMS",
    schema: roomList.optional(),
    description:
      "rooms whose temperature decides, separated by semicolons: their median counts; AZRU_ROOM alone when unset; other rooms are shown",
  },
  maxRooms: {
    env: "AZRU_MAX_ROOMS",
    schema: whole(1, 1000).default(32),
    description:
      "rooms kept at most, those that decide among them; measurements of more are refused and counted",
  },
  roomForgetHours: {
    env: "AZRU_ROOM_FORGET_HOURS",
    schema: numeric(1, 8760).default(72),
    description: "home time of silence after which a room that is shown only is forgotten",
  },
  weather: {
    env: "AZRU_WEATHER",
    schema: z.string().optional(),
    description: `weather to expect: ${weatherSpecForms.join(", ")}; when unset, open-meteo of the building's place in wall time and reference in simulated time`,
  },
  tariff: {
    env: "AZRU_TARIFF",
    schema: z.string().superRefine(knownTariff).default("tempo"),
    description:
      "tempo, tempo:FILE (a calendar of colours), base:PRICE, hphc:PEAK/OFFPEAK[:HOURS], file:FILE (prices by time, or a dated series, read anew each quarter of an hour), pushed (prices that come at run time by PUT /tariff, home/control/tariff or an entity of Home Assistant) or peak (docs/tariffs.md); in simulated time tempo's colours are those of the past season, or allotted from the weather",
  },
  tempoPrices: {
    env: "AZRU_TEMPO_PRICES",
    schema: z.string().optional(),
    description: "file of Tempo prices, CSV or JSON, in the place of those that Azru knows (docs/tariffs.md)",
  },
  stepMinutes: {
    env: "AZRU_STEP_MINUTES",
    schema: divisor(60, 1).default(15),
    description: "home time between two decisions, a divisor of an hour",
  },
  decisionSpreadSeconds: {
    env: "AZRU_DECISION_SPREAD_SECONDS",
    schema: numeric(0, 1800).default(0),
    description:
      "for fleets: home time over which the sites spread their decisions, each at its own moment after the full step; with AZRU_MPC_TIMEOUT_SECONDS at most half of the step",
  },
  horizonHours: {
    env: "AZRU_HORIZON_HOURS",
    schema: numeric(1, 72).default(48),
    description: "how far a plan looks ahead",
  },
  mpcTimeoutSeconds: {
    env: "AZRU_MPC_TIMEOUT_SECONDS",
    schema: numeric(0.1, 600).default(20),
    description: "real time that the optimiser has for a plan",
  },
  manualHours: {
    env: "AZRU_MANUAL_HOURS",
    schema: numeric(0.1, 168).default(4),
    description: "home time that a manual command holds where it does not say",
  },
  homeAssistant: {
    env: "AZRU_HOME_ASSISTANT",
    schema: topicLevelSchema.default("off"),
    description:
      "discovery prefix of a Home Assistant on the same broker, most often homeassistant: the home appears there and follows its commands; off neither announces nor accepts any",
  },
  homeAssistantLanguage: {
    env: "AZRU_HOME_ASSISTANT_LANGUAGE",
    schema: z.enum(["en", "fr"]).default("en"),
    description: "language of the entities' names and of the reason in Home Assistant; entity ids stay",
  },
  sensorTimeoutMinutes: {
    env: "AZRU_SENSOR_TIMEOUT_MINUTES",
    schema: numeric(1, 1440).default(30),
    description:
      "home time after which a temperature no longer counts; of a sensor that has shown to report less often, later by itself",
  },
  sensorFrozenHours: {
    env: "AZRU_SENSOR_FROZEN_HOURS",
    schema: numeric(1, 10_000).default(12),
    description:
      "home time after which a temperature that never changes, not by a tenth, no longer counts; of a sensor that has shown coarse steps, later by itself",
  },
  comfortMargin: {
    env: "AZRU_COMFORT_MARGIN",
    schema: numeric(0, 10).default(2.5),
    description:
      "distance that plans keep from the setpoint, in standard deviations of what sensors, model and forecast were found to err by in a step; 0 keeps none",
  },
  houseModel: {
    env: "AZRU_HOUSE_MODEL",
    schema: z.enum(["auto", "states", "5r1c"]).default("auto"),
    description:
      "what plans are made with: states, a house of several states that has to prove itself on the home's own days before it heats; 5r1c, the zone of ISO 13790, taken as it is; auto: states in a real home, 5r1c where time is simulated, whose twin is that zone",
  },
  calibrate: {
    env: "AZRU_CALIBRATE",
    schema: z.enum(["auto", "nightly", "off"]).default("auto"),
    description:
      "nightly: learn the house from its history at 03:30 and when asked, and use what was learnt; auto: nightly in a real home, off where time is simulated",
  },
  calibrateWeeks: {
    env: "AZRU_CALIBRATE_WEEKS",
    schema: numeric(1, 17).default(4),
    description: "length of the history that a calibration reads",
  },
} satisfies Variables;

const divisorsOfHour = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

function checkPlanLength(horizonHours: number, stepMinutes: number): void {
  const steps = longestPlanSteps(horizonHours, stepMinutes);
  if (steps <= maxSteps) return;
  const least = divisorsOfHour.find((minutes) => longestPlanSteps(horizonHours, minutes) <= maxSteps);
  throw new ConfigError([
    `AZRU_STEP_MINUTES must be at least ${least} with AZRU_HORIZON_HOURS ${horizonHours}: a plan may have ${maxSteps} steps, and the longest, before a return from a vacation, would have ${steps}; got ${stepMinutes}`,
  ]);
}

/**
 * Checks what takes several variables.
 *
 * @throws ConfigError when the API could be reached from other machines and asks for no token, when an
 *   InfluxDB is to be used without one, when the horizon is no whole number of steps or has more of them than a
 *   plan may have, or when a decision would come too late in its step
 */
export function checkTogether(config: Config<typeof variables>): void {
  const { httpHost, apiToken, horizonHours, stepMinutes, decisionSpreadSeconds, mpcTimeoutSeconds } = config;
  if (!isLoopback(httpHost) && apiToken === undefined) {
    throw new ConfigError([
      `AZRU_API_TOKEN is missing: with AZRU_HTTP_HOST ${JSON.stringify(httpHost)} anybody in the network could control the home`,
    ]);
  }
  influxOf(config);
  if (config.rooms !== undefined && config.decidingRooms) {
    throw new ConfigError([
      "AZRU_DECIDING_ROOMS must be unset with AZRU_ROOMS: the rooms of that file decide, each of its own heating",
    ]);
  }
  if (!Number.isInteger((horizonHours * 60) / stepMinutes)) {
    throw new ConfigError([
      `AZRU_HORIZON_HOURS must be whole steps of ${stepMinutes} minutes, got ${horizonHours}`,
    ]);
  }
  checkPlanLength(horizonHours, stepMinutes);
  if (decisionSpreadSeconds === 0) return;
  const largest_s = largestSpread_s(stepMinutes * 60, mpcTimeoutSeconds);
  if (decisionSpreadSeconds > largest_s) {
    throw new ConfigError([
      `AZRU_DECISION_SPREAD_SECONDS must be at most ${largest_s}: with AZRU_MPC_TIMEOUT_SECONDS (${mpcTimeoutSeconds}) it may take half of a step of ${stepMinutes} minutes, got ${decisionSpreadSeconds}`,
    ]);
  }
  if (config.time === "simulated") {
    throw new ConfigError([
      "AZRU_DECISION_SPREAD_SECONDS must be 0 with AZRU_TIME simulated: a simulated clock waits at the full step for the decision",
    ]);
  }
}
