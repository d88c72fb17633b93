/** Every MQTT topic of a site: its path, its payload, how it is sent. */
import type { z } from "zod";
import { controlRoomBodySchema } from "./comfort.ts";
import {
  controlModeSchema,
  controlOptimizeSchema,
  controlPresetSchema,
  controlSetpointSchema,
  controlTariffSchema,
  controlVacationSchema,
  controlValveSchema,
  controlWarmestSchema,
  discoverySchema,
  homeAssistantStatusSchema,
  homePricesSchema,
  homeStateSchema,
} from "./home-assistant.ts";
import { mpcPlanSchema, mpcRequestSchema } from "./mpc.ts";
import {
  clockTimeSchema,
  forecastStateSchema,
  sensorMetricsSchema,
  serviceStatusSchema,
  tariffStateSchema,
  valveCommandSchema,
} from "./payloads.ts";
import { messageId, roomNameSchema, topicLevelSchema } from "./quantities.ts";
import { clockTolerance, metricsTolerance, type Tolerance, valveCommandTolerance } from "./tolerance.ts";

/** A topic below a site's root. Levels of `path` that begin with `:` are parameters. */
export interface Topic<Path extends string = string, Payload = unknown> {
  readonly kind: string;
  readonly path: Path;
  readonly schema: z.ZodType<Payload>;
  /** `text` is sent as it is, `json` as JSON; both UTF-8. */
  readonly encoding: "json" | "text";
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /**
   * What becomes of a message published while the broker is away: `drop` it (the next measurement follows
   * anyway), or keep the `latest` of each topic name and send it on return.
   */
  readonly offline: "drop" | "latest";
  /** What of a message that does not fit is made to fit, or left out. */
  readonly tolerance?: Tolerance;
  /** The topic of another system: its path stands alone, not below the site's root. */
  readonly foreign?: true;
}

type ParameterOf<Level extends string> = Level extends `:${infer Name}` ? Name : never;
type ParameterNames<Path extends string> = Path extends `${infer Level}/${infer Rest}`
  ? ParameterOf<Level> | ParameterNames<Rest>
  : ParameterOf<Path>;

/** The parameters of a topic: `{ room }`, `{ service }` or none. */
export type TopicParams<T extends Topic> = { readonly [Name in ParameterNames<T["path"]>]: string };

/** What a topic's messages say. */
export type TopicPayload<T extends Topic> = T extends Topic<string, infer Payload> ? Payload : never;

function define<const Kind extends string, const Path extends string, Payload>(
  kind: Kind,
  path: Path,
  schema: z.ZodType<Payload>,
  delivery: Pick<Topic, "qos" | "retain" | "offline" | "foreign" | "tolerance"> & {
    encoding?: Topic["encoding"];
  },
): Topic<Path, Payload> & { readonly kind: Kind } {
  return { kind, path, schema, encoding: "json", ...delivery };
}

const measurement = { qos: 0, retain: false, offline: "drop" } as const;
const command = { qos: 1, retain: false, offline: "latest" } as const;
const state = { qos: 1, retain: true, offline: "latest" } as const;

export const topics = {
  sensorMetrics: define("sensorMetrics", "sensors/:room/metrics", sensorMetricsSchema, {
    ...measurement,
    tolerance: metricsTolerance,
  }),
  valveSet: define("valveSet", ":room/valve/set", valveCommandSchema, {
    ...command,
    tolerance: valveCommandTolerance,
  }),
  clock: define("clock", "sys/clock", clockTimeSchema, {
    ...measurement,
    encoding: "text",
    tolerance: clockTolerance,
  }),
  status: define("status", "sys/status/:service", serviceStatusSchema, { ...state, encoding: "text" }),
  mpcRequest: define("mpcRequest", "mpc/request", mpcRequestSchema, { ...command, offline: "drop" }),
  mpcPlan: define("mpcPlan", "mpc/plan", mpcPlanSchema, { ...command, offline: "drop" }),
  tariff: define("tariff", "tariff", tariffStateSchema, state),
  forecast: define("forecast", "forecast", forecastStateSchema, state),
  homeState: define("homeState", "state", homeStateSchema, state),
  homePrices: define("homePrices", "prices", homePricesSchema, state),
  controlMode: define("controlMode", "control/mode", controlModeSchema, { ...command, encoding: "text" }),
  controlValve: define("controlValve", "control/valve", controlValveSchema, command),
  controlPreset: define("controlPreset", "control/preset", controlPresetSchema, {
    ...command,
    encoding: "text",
  }),
  controlSetpoint: define("controlSetpoint", "control/setpoint", controlSetpointSchema, command),
  controlRoom: define("controlRoom", "control/room", controlRoomBodySchema, command),
  controlTariff: define("controlTariff", "control/tariff", controlTariffSchema, state),
  controlWarmest: define("controlWarmest", "control/warmest", controlWarmestSchema, command),
  controlVacation: define("controlVacation", "control/vacation", controlVacationSchema, command),
  controlOptimize: define("controlOptimize", "control/optimize", controlOptimizeSchema, {
    ...command,
    encoding: "text",
  }),
} as const;

/** Which process is the service, by a name of its own: most brokers do not say that it was replaced. */
export const instanceTopic = define(
  "instance",
  "sys/instance/:service",
  messageId.describe(
    "which process is the service, by a name of its own; by it two cores on one site notice each other",
  ),
  {
    ...state,
    encoding: "text",
  },
);

/** Topics of Home Assistant; `:prefix` is its discovery prefix. */
export const homeAssistantTopics = {
  discovery: define("homeAssistantDiscovery", ":prefix/device/:device/config", discoverySchema, {
    ...state,
    foreign: true,
  }),
  status: define("homeAssistantStatus", ":prefix/status", homeAssistantStatusSchema, {
    ...command,
    encoding: "text",
    foreign: true,
  }),
} as const;

export type TopicKind = keyof typeof topics;

/** A topic name taken apart. */
export type ParsedTopic = {
  [Kind in TopicKind]: { readonly kind: Kind } & TopicParams<(typeof topics)[Kind]>;
}[TopicKind];

/** The site root of a home that has no other name. */
export const defaultSite = "home";

/** Stands for all sites in a filter; never a site's name. */
export const anySite = "+";

/**
 * The name to publish to: `home/sensors/bedroom/metrics`.
 *
 * @throws RangeError when the site or a parameter is not a safe topic level
 */
export function topicNameOf<T extends Topic>(topic: T, site: string, params: TopicParams<T>): string {
  const given: Readonly<Record<string, string>> = params;
  return join(topic, site, (parameter) => safeLevel(parameter, given[parameter]));
}

/**
 * The filter to subscribe to: every parameter that is not given matches anything, `home/sensors/+/metrics`.
 *
 * @param site one site, or `anySite`
 * @throws RangeError when the site or a given parameter is not a safe topic level
 */
export function topicFilterOf<T extends Topic>(
  topic: T,
  site: string,
  params: Partial<TopicParams<T>> = {},
): string {
  const given: Readonly<Record<string, string | undefined>> = params;
  const level = (parameter: string) =>
    given[parameter] === undefined ? "+" : safeLevel(parameter, given[parameter]);
  return join(topic, site, level, site === anySite ? anySite : undefined);
}

/** The parameters in a topic name, or undefined where the name is not one of this topic and site. */
export function matchTopic<T extends Topic>(
  topic: T,
  site: string,
  name: string,
): TopicParams<T> | undefined {
  const levels = name.split("/");
  const path = topic.path.split("/");
  const root = topic.foreign ? [] : [site];
  const pattern = [...root, ...path];
  if (levels.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < pattern.length; i++) {
    if (i >= root.length && pattern[i].startsWith(":")) {
      const parameter = pattern[i].slice(1);
      if (!schemaOf(parameter).safeParse(levels[i]).success) return undefined;
      params[parameter] = levels[i];
    } else if (levels[i] !== pattern[i]) return undefined;
  }
  return params as TopicParams<T>;
}

/**
 * Why a name that has the form of a topic of the site is none: the parameter that is no safe topic level. Undefined
 * where the name is one, or has another form.
 */
export function badParameter(topic: Topic, site: string, name: string): string | undefined {
  const levels = name.split("/");
  const pattern = topic.foreign ? topic.path.split("/") : [site, ...topic.path.split("/")];
  const isOther = (part: string, i: number) => !part.startsWith(":") && part !== levels[i];
  if (levels.length !== pattern.length || pattern.some(isOther)) return undefined;
  for (const [i, part] of pattern.entries()) {
    if (!part.startsWith(":")) continue;
    const checked = schemaOf(part.slice(1)).safeParse(levels[i]);
    if (!checked.success) return `${part.slice(1)} ${checked.error.issues[0].message}`;
  }
  return undefined;
}

/** The site that a topic name begins with, or undefined where its first level is no site's name. */
export function siteOf(name: string): string | undefined {
  return topicLevelSchema.safeParse(name.split("/", 1)[0]).data;
}

/** Takes a topic name of a site apart; undefined where it is none of ours. */
export function parseTopic(site: string, name: string): ParsedTopic | undefined {
  for (const topic of Object.values(topics)) {
    const params = matchTopic<Topic>(topic, site, name);
    if (params) return { kind: topic.kind, ...params } as ParsedTopic;
  }
  return undefined;
}

function join(
  topic: Topic,
  site: string,
  level: (parameter: string) => string,
  root = safeLevel("site", site),
): string {
  const levels = topic.path.split("/").map((part) => (part.startsWith(":") ? level(part.slice(1)) : part));
  return (topic.foreign ? levels : [root, ...levels]).join("/");
}

function schemaOf(parameter: string): z.ZodType<string> {
  return parameter === "room" ? roomNameSchema : topicLevelSchema;
}

function safeLevel(parameter: string, value: string | undefined): string {
  const result = schemaOf(parameter).safeParse(value);
  if (result.success) return result.data;
  throw new RangeError(`${parameter} ${result.error.issues[0].message}, got ${JSON.stringify(value)}`);
}
