export { dayMs, homeDay, homeHour, homeInstant, homeMinute, hourMs, parseHomeTime } from "@azru/time";
export { type Clock, createSimulatedClock, createWallClock, type SimulatedClock } from "./clock.ts";
export {
  type Config,
  ConfigError,
  divisor,
  documentVariables,
  exampleEnv,
  flag,
  numeric,
  readConfig,
  secretsOf,
  type Variable,
  type Variables,
  variablesHelp,
  whole,
} from "./config.ts";
export { createLogger, type Logger } from "./logger.ts";
export { printable, printableRecord } from "./printable.ts";
export {
  brokerVariables,
  influxOf,
  logVariables,
  readStoreConfig,
  runService,
  type ServiceContext,
  type StoreConfig,
  startWallClock,
  storeVariables,
} from "./service.ts";
export { createShutdown, type Shutdown } from "./shutdown.ts";
export { hasColours } from "./terminal.ts";
export type { ClockChange } from "./trusted-time.ts";
