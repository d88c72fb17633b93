/** Whether this machine knows what time it is: prices change at 06:00 and 22:00. */
import { type Finding, ok, problem, reasonOf, warning } from "./finding.ts";

const slight_ms = 30_000;
const wrong_ms = 5 * 60_000;
const synchronise = "switch on time synchronisation: sudo timedatectl set-ntp true";

/**
 * @param others what other clocks show at this moment, Unix ms
 * @param timeZone of this machine
 */
export function judgeClock(nowMs: number, others: readonly number[], timeZone: string): Finding {
  const shown = `${new Date(nowMs).toISOString().slice(0, 19)}Z, time zone ${timeZone} (prices follow Europe/Paris in any case)`;
  if (nowMs < Date.UTC(2025, 0)) return problem("clock", `it shows ${shown}`, synchronise);
  const offsets = others.map((otherMs) => nowMs - otherMs).sort((a, b) => a - b);
  const offset_ms = offsets[Math.floor(offsets.length / 2)];
  if (offset_ms === undefined)
    return warning(
      "clock",
      `it shows ${shown}; nothing could be found to compare it with`,
      "compare it with a watch",
    );
  const off = `it is ${Math.round(Math.abs(offset_ms) / 1000)} s ${offset_ms > 0 ? "fast" : "slow"}: ${shown}`;
  if (Math.abs(offset_ms) > wrong_ms) return problem("clock", off, synchronise);
  if (Math.abs(offset_ms) > slight_ms) return warning("clock", off, synchronise);
  return ok("clock", `right: ${shown}`);
}

/** What the clock of a web server shows, Unix ms; undefined where it does not answer. */
export async function httpTimeMs(url: string): Promise<number | undefined> {
  try {
    const { headers } = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(5_000),
    });
    const timeMs = Date.parse(headers.get("date") ?? "");
    return Number.isNaN(timeMs) ? undefined : timeMs;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw new Error(`${url}: ${reasonOf(error)}`, { cause: error });
  }
}
