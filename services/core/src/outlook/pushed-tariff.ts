/** The tariff that is pushed at run time, over HTTP or MQTT: the last one holds, over restarts too. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isoTimeOf } from "@azru/contracts";
import { dayMs, type Logger } from "@azru/runtime";
import {
  type DatedPrice,
  peakOffPeakTariff,
  type TariffContent,
  TariffSourceError,
  tariffContent,
  tariffFileOf,
  tariffOf,
} from "@azru/tariff";
import writeFileAtomic from "write-file-atomic";
import { reasonOf } from "./coordinator.ts";
import type { LoadedTariff, TariffLoader } from "./tariff-outlook.ts";

export interface PushedTariff {
  readonly loader: TariffLoader;
  /**
   * Takes what was pushed, and keeps it. Dated prices are joined to those before, whose place they take where both say
   * something; rules stand alone.
   *
   * @param by how it came, its name where it has none: `pushed over HTTP`
   * @returns whether anything is new
   * @throws TariffSourceError naming the field and the value; what was in use before stays in use
   */
  take(data: unknown, by: string, nowMs: number): boolean;
  /** Forgets all that was pushed. @returns whether there was anything */
  forget(): boolean;
}

export interface PushedTariffOptions {
  /** A tariff file, which replays can read, too: `--tariff file:data/pushed-tariff.json`. */
  readonly path: string;
  readonly log: Pick<Logger, "warn">;
}

/** The expectation of prices that are not known looks back a week; a few days more for those who look at the file. */
const keep_ms = 10 * dayMs;
const howToPush = "PUT /tariff, home/control/tariff, or an entity of Home Assistant (docs/tariffs.md)";

/** Reads what was kept, and waits for more. A file that cannot be read is named in the log, and replaced at the next push. */
export function createPushedTariff({ path, log }: PushedTariffOptions): PushedTariff {
  let content = kept(path, log);
  let refusal: string | undefined;

  function keep(next: TariffContent | undefined): void {
    content = next;
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (next === undefined) rmSync(path, { force: true });
      else writeFileAtomic.sync(path, `${JSON.stringify(tariffFileOf(next), null, 1)}\n`);
    } catch (error) {
      log.warn({ err: error }, `${path}: pushed prices cannot be written, and are lost at a restart`);
    }
  }

  return {
    loader: {
      name: "pushed",
      initial: nothingPushed(),
      load: async (nowMs) => loadedOf(content, refusal, nowMs),
    },
    take(data, by, nowMs) {
      let pushed: TariffContent;
      try {
        pushed = tariffContent(data, by);
      } catch (error) {
        if (error instanceof TariffSourceError)
          refusal = `prices that were pushed at ${isoTimeOf(nowMs)} are not used: ${error.message}`;
        throw error;
      }
      refusal = undefined;
      const next = joined(content, pushed, nowMs);
      if (content && isDeepStrictEqual(tariffFileOf(next), tariffFileOf(content))) return false;
      keep(next);
      return true;
    },
    forget() {
      refusal = undefined;
      if (content === undefined) return false;
      keep(undefined);
      return true;
    },
  };
}

function kept(path: string, log: PushedTariffOptions["log"]): TariffContent | undefined {
  try {
    return tariffContent(JSON.parse(readFileSync(path, "utf8")), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.warn(`${path}: the pushed prices cannot be read, waiting for new ones: ${reasonOf(error)}`);
    return undefined;
  }
}

/** All that was pushed is known: nobody has to wait for the auction's hour. */
function joined(before: TariffContent | undefined, pushed: TariffContent, nowMs: number): TariffContent {
  if (pushed.kind === "rules") return pushed;
  const older = before?.kind === "series" ? before.prices : [];
  const fromMs = pushed.prices[0].startMs;
  const untilMs = pushed.prices.at(-1)!.endMs;
  const prices = [
    ...older.flatMap((price) => clipped(price, Number.NEGATIVE_INFINITY, fromMs)),
    ...pushed.prices,
    ...older.flatMap((price) => clipped(price, untilMs, Number.POSITIVE_INFINITY)),
  ];
  const recent = prices.filter(({ endMs }) => endMs > nowMs - keep_ms);
  return { ...pushed, published: null, prices: recent.length > 0 ? recent : pushed.prices };
}

/** The part of a price from `fromMs` to `untilMs`, if any. */
function clipped(price: DatedPrice, fromMs: number, untilMs: number): DatedPrice[] {
  const startMs = Math.max(price.startMs, fromMs);
  const endMs = Math.min(price.endMs, untilMs);
  return startMs < endMs ? [{ ...price, startMs, endMs }] : [];
}

function loadedOf(
  content: TariffContent | undefined,
  refusal: string | undefined,
  nowMs: number,
): LoadedTariff {
  if (content === undefined) return nothingPushed(refusal);
  const reasons = [refusal, content.kind === "series" ? whyNotNow(content.prices, nowMs) : undefined];
  const reason = reasons.filter((each) => each !== undefined).join("; ");
  return {
    kind: "pushed",
    tariff: tariffOf(content, { gaps: "expected" }),
    source: content.name,
    ...(reason !== "" && { fallbackReason: reason, fallbackCause: "incomplete" }),
  };
}

/** Why the price of now is only expected; undefined where it is known. */
function whyNotNow(prices: readonly DatedPrice[], nowMs: number): string | undefined {
  if (prices.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs)) return undefined;
  const { endMs } = prices.at(-1)!;
  const what = endMs <= nowMs ? `end at ${isoTimeOf(endMs)}` : `do not hold ${isoTimeOf(nowMs)}`;
  return `the prices that were pushed ${what}: what is usual at this time is expected`;
}

function nothingPushed(refusal?: string): LoadedTariff {
  const tariff = peakOffPeakTariff();
  const why = `no prices have been pushed yet (${howToPush}): ${tariff.name}`;
  return {
    kind: "pushed",
    tariff,
    source: tariff.name,
    fallbackReason: refusal === undefined ? why : `${refusal}; ${why}`,
    fallbackCause: "not_yet",
  };
}
