/** Whether this machine knows what time it is: prices change at 06:00 and 22:00. */
import { type Finding, inEnglish, ok, problem, reasonOf, type Say, warning } from "./finding.ts";

const slight_ms = 30_000;
const wrong_ms = 5 * 60_000;

/**
 * @param others what other clocks show at this moment, Unix ms
 * @param timeZone of this machine
 */
export function judgeClock(
  nowMs: number,
  others: readonly number[],
  timeZone: string,
  say: Say = inEnglish,
): Finding {
  const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const shown = say(
    `${time}, time zone ${timeZone} (prices follow Europe/Paris in any case)`,
    `${time}, fuseau horaire ${timeZone} (les prix suivent toujours Europe/Paris)`,
  );
  const shows = say(`it shows ${shown}`, `elle indique ${shown}`);
  const synchronise = say(
    "switch on time synchronisation: sudo timedatectl set-ntp true",
    "activer la synchronisation de l'heure : sudo timedatectl set-ntp true",
  );
  if (nowMs < Date.UTC(2025, 0)) return problem("clock", shows, synchronise);
  const offsets = others.map((otherMs) => nowMs - otherMs).sort((a, b) => a - b);
  const offset_ms = offsets[Math.floor(offsets.length / 2)];
  if (offset_ms === undefined)
    return warning(
      "clock",
      say(
        `${shows}; nothing could be found to compare it with`,
        `${shows} ; aucune autre heure n'a été trouvée pour comparer`,
      ),
      say("compare it with a watch", "comparer avec une montre"),
    );
  const offset_s = Math.round(Math.abs(offset_ms) / 1000);
  const off = say(
    `it is ${offset_s} s ${offset_ms > 0 ? "fast" : "slow"}: ${shown}`,
    `elle ${offset_ms > 0 ? "avance" : "retarde"} de ${offset_s} s : ${shown}`,
  );
  if (Math.abs(offset_ms) > wrong_ms) return problem("clock", off, synchronise);
  if (Math.abs(offset_ms) > slight_ms) return warning("clock", off, synchronise);
  return ok("clock", say(`right: ${shown}`, `à l'heure : ${shown}`));
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
