/** What happens in the core. Recorder, memory, log, metrics and server-sent events each listen to it. */
import type { ComfortEvent } from "../comfort/comfort-keeper.ts";
import type { Decision } from "../decision/decision.ts";
import type { ModeEvent } from "../decision/mode-keeper.ts";
import type { ForecastEvent } from "../decision/supervisor.ts";
import type { Cost } from "../home/energy-meter.ts";
import type { HomeStep } from "../home/home-steps.ts";
import type { Reading } from "../home/reading.ts";

/** A sensor message that counts. */
export interface ReadingEvent {
  readonly kind: "reading";
  readonly reading: Reading;
  /** What the sensor does not measure itself. */
  readonly cost: Cost;
}

export type CoreEvent = ReadingEvent | HomeStep | ComfortEvent | ModeEvent | ForecastEvent | Decision;
