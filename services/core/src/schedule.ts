/** When the core decides, and when it asks for weather and tariff: all of it by home time. */
import { isoTimeOf, timeMsOf, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
import type { Clock, Logger, SimulatedClock } from "@azru/runtime";
import type { Supervisor } from "./decision/supervisor.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";
import type { WeatherOutlook } from "./outlook/weather-outlook.ts";

export interface ScheduleParts {
  /** Set from `sys/clock` where it is simulated. */
  readonly clock: Clock | SimulatedClock;
  readonly messenger: Messenger;
  readonly supervisor: Supervisor;
  readonly weather: WeatherOutlook;
  readonly tariff: TariffOutlook;
  readonly publishTariff: () => void;
  readonly step_ms: number;
  /** Home time between the full step and the home's decision. */
  readonly phase_ms: number;
  readonly log: Pick<Logger, "warn" | "error">;
}

const refreshEvery_ms = 5 * 60_000; // home time
/** Wall time that the first decision waits for weather and tariff; later ones wait for nothing. */
const firstWait_ms = 5_000;

/** Decides at once, then at every step; returns when the broker is reached, or is not in time. */
export async function startSchedule(parts: ScheduleParts): Promise<void> {
  const { clock, messenger, supervisor, step_ms, phase_ms, log } = parts;
  const refresh = refresherOf(parts);

  /** Waits for weather and tariff for a moment, then decides for the first time. */
  async function start(): Promise<void> {
    const refreshed = refresh(clock.now());
    await Promise.race([refreshed, elapsed(firstWait_ms)]);
    supervisor.start();
    await refreshed;
  }

  if ("set" in clock) followSimulatedTime(parts, clock, start, refresh);
  clock.scheduleEvery(refreshEvery_ms, refresh, phase_ms % refreshEvery_ms);
  clock.scheduleEvery(step_ms, (dueMs) => {
    if (supervisor.hasStarted && clock.now() < dueMs + phase_ms) supervisor.followPlan();
  });
  clock.onChange(({ fromMs, toMs, wasKnown }) => {
    const cause = wasKnown ? `the clock was set ${lengthOf(toMs - fromMs)}` : "the time is known";
    log.warn({ from: isoTimeOf(fromMs), to: isoTimeOf(toMs) }, cause);
    supervisor.decideIfStarted(cause);
    return refresh(toMs).catch((error: unknown) => log.error({ err: error }, "the refresh failed"));
  });
  const cause = `every ${step_ms / 60_000} minutes`;
  clock.scheduleEvery(
    step_ms,
    () => {
      if (!messenger.rival) supervisor.decideIfStarted(cause);
    },
    phase_ms,
  );
  decideOnReturn(messenger, supervisor);
  if (clock.simulated) return;
  await messenger.whenConnected(AbortSignal.timeout(firstWait_ms)).catch(() => {
    log.warn("the broker is not reached yet, starting without it");
  });
  start().catch((error: unknown) => log.error({ err: error }, "the first refresh failed"));
}

/** While another core has this one's place nothing is decided; afterwards it is at once. */
function decideOnReturn(messenger: Messenger, supervisor: Supervisor): void {
  let stoodBy = false;
  messenger.onConnectionChange((connected) => {
    if (connected && stoodBy) supervisor.decideIfStarted("the other core has left");
    stoodBy = messenger.rival !== undefined;
  });
}

/** The first time that comes starts the core; a jump back has weather and tariff asked for again. */
function followSimulatedTime(
  { messenger, supervisor, step_ms }: ScheduleParts,
  clock: SimulatedClock,
  start: () => Promise<void>,
  refresh: (nowMs: number) => Promise<void>,
): void {
  let starting: Promise<void> | undefined;
  messenger.subscribe(topics.clock, ({ payload }) => {
    const beforeMs = clock.now();
    const timeMs = timeMsOf(payload);
    clock.set(timeMs);
    if (!starting) {
      starting = start();
      return starting;
    }
    if (timeMs >= beforeMs - step_ms || !supervisor.hasStarted) return undefined;
    supervisor.decide("the clock has jumped back");
    return refresh(timeMs);
  });
}

/** Asks for weather and tariff, and decides at once where the answer changes what was decided on. */
function refresherOf(parts: ScheduleParts): (nowMs: number) => Promise<void> {
  const { supervisor, weather, tariff, publishTariff, log } = parts;
  const doubted = new Set<string>();

  async function refreshWeather(nowMs: number): Promise<void> {
    const isSubstitute = supervisor.forecast?.weather.fallbackReason !== undefined;
    const hasCome = await weather.refresh(nowMs);
    if (hasCome && isSubstitute) supervisor.decideIfStarted("a weather forecast has come");
  }

  async function refreshTariff(nowMs: number): Promise<void> {
    const news = await tariff.refresh(nowMs);
    for (const doubt of tariff.loaded.doubts ?? []) {
      if (!doubted.has(doubt)) log.warn({ source: tariff.loaded.source }, `the tariff's colours: ${doubt}`);
      doubted.add(doubt);
    }
    if (!supervisor.hasStarted) return;
    publishTariff();
    if (news !== undefined) supervisor.decide(`new Tempo colour: ${news}`);
  }

  return async (nowMs) => {
    if (!parts.clock.isKnown) return;
    await Promise.all([refreshWeather(nowMs), refreshTariff(nowMs)]);
  };
}

/** In words: forward or back, by how much. */
function lengthOf(change_ms: number): string {
  const minutes = Math.round(Math.abs(change_ms) / 60_000);
  const length = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `${change_ms < 0 ? "back" : "forward"} by ${length}`;
}

function elapsed(wait_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, wait_ms).unref());
}
