/** The prices to come: colours fetched in the background, at hand whenever a decision is due. */
import type { TariffFallbackCause, TariffKind } from "@azru/contracts";
import {
  publishedCalendar,
  type Tariff,
  type TempoCalendar,
  type TempoColour,
  tempoDay,
  tempoDayOf,
  withPeriods,
} from "@azru/tariff";
import { createCoordinator } from "./coordinator.ts";

/** A tariff as it was last loaded. */
export interface LoadedTariff {
  readonly kind: TariffKind;
  readonly tariff: Tariff;
  /** Absent where the tariff has no colours. */
  readonly calendar?: TempoCalendar;
  /** Where colours and prices come from, for people. */
  readonly source: string;
  /** Why a substitute is in use; absent where none is. */
  readonly fallbackReason?: string;
  /** The same for programs; absent where `fallbackReason` is. */
  readonly fallbackCause?: TariffFallbackCause;
  /** What its colours say against the rules of Tempo; they are followed nevertheless. */
  readonly doubts?: readonly string[];
}

export interface TariffLoader {
  /** What stands before the colon of its name: tempo, base, hphc, file or peak. */
  readonly name: string;
  /** What holds until the first `load`. */
  readonly initial: LoadedTariff;
  /** Rejects with a TariffSourceError, or what the weather source of an allotted season throws. */
  load(nowMs: number): Promise<LoadedTariff>;
}

export interface TariffOutlook {
  readonly name: TariffLoader["name"];
  /**
   * Loads the tariff anew, one at a time. Never rejects: a failure is kept, with the last good tariff.
   *
   * @returns what is new about the colours of today and tomorrow, for people; undefined where nothing is
   */
  refresh(nowMs: number): Promise<string | undefined>;
  /** The rates of `[startMs, endMs)` as far as they are known at `nowMs`. */
  rates(startMs: number, endMs: number, nowMs: number): ReturnType<typeof withPeriods>;
  /** What prices may turn out to be, see `Tariff.priceTree`; undefined where they are all known. */
  priceTree(
    startMs: number,
    dtSeconds: number,
    steps: number,
    nowMs: number,
  ): ReturnType<NonNullable<Tariff["priceTree"]>>;
  /** What is in use, and why if it is a substitute. */
  readonly loaded: LoadedTariff;
  /** When that was loaded; undefined before the first time. */
  readonly loadedMs: number | undefined;
}

export function createTariffOutlook(loader: TariffLoader): TariffOutlook {
  const coordinator = createCoordinator(loader.load);
  const inUse = () => coordinator.good?.value ?? loader.initial;
  return {
    name: loader.name,
    async refresh(nowMs) {
      const before = colours(inUse(), nowMs);
      await coordinator.refresh(nowMs);
      const after = colours(inUse(), nowMs);
      const changed = (["today", "tomorrow"] as const).filter((day) => before[day] !== after[day]);
      return changed.map((day) => `${day} is ${after[day] ?? "unknown"}`).join(", ") || undefined;
    },
    rates: (startMs, endMs, nowMs) => withPeriods(inUse().tariff.rates(startMs, endMs, nowMs)),
    priceTree: (startMs, dtSeconds, steps, nowMs) =>
      inUse().tariff.priceTree?.(startMs, dtSeconds, steps, nowMs),
    get loaded() {
      const { failure } = coordinator;
      const loaded = inUse();
      const reasons = [failure, loaded.fallbackReason].filter((reason) => reason !== undefined);
      if (reasons.length === 0) return loaded;
      const fallbackCause = failure === undefined ? (loaded.fallbackCause ?? "incomplete") : "failed";
      return { ...loaded, fallbackReason: reasons.join("; "), fallbackCause };
    },
    get loadedMs() {
      return coordinator.good?.atMs;
    },
  };
}

type Colours = Readonly<Record<"today" | "tomorrow", TempoColour | undefined>>;

function colours({ calendar }: LoadedTariff, nowMs: number): Colours {
  const known = calendar && publishedCalendar(calendar, nowMs).colours;
  const today = tempoDay(tempoDayOf(nowMs));
  return { today: known?.get(today.day), tomorrow: known?.get(tempoDayOf(today.endMs)) };
}
