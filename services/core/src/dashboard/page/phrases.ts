/** What is said around a time or an amount, in each language. */
import { dayOf, type Format, type Language } from "./format.ts";

/** A time to come as it is said within a phrase: of today the hour alone. */
export function timeToCome(timeMs: number, nowMs: number, f: Format, tomorrowAt: string, at = ""): string {
  if (dayOf(timeMs) === dayOf(nowMs)) return at + f.clock(timeMs);
  if (timeMs - nowMs <= 86_400_000) return tomorrowAt + f.clock(timeMs);
  return f.instant(timeMs);
}

const en = {
  tomorrowAt: "tomorrow at ",
  /** @param from null where it is under way */
  vacation: (from: string | null, until: string, setpoint: string) =>
    `${from === null ? "Away" : `Away from ${from}`} until ${until}, meanwhile at least ${setpoint}.`,
  between: (on: string, off: string) => `${on} to ${off}`,
  held: (setpoint: string) => `holding ${setpoint}`,
  unknownColour: (time: string) =>
    `The colour is not known from ${time} on: an average of the prices that may come is counted.`,
  leastComfort: (time: string) =>
    `As planned until ${time}, then as if the home were kept at just the least comfort.`,
};

const fr: typeof en = {
  tomorrowAt: "demain à ",
  vacation: (from, until, setpoint) =>
    `${from === null ? "Absent" : `Absent du ${from}`} jusqu’au ${until}, au moins ${setpoint} entre-temps.`,
  between: (on, off) => `de ${on} à ${off}`,
  held: (setpoint) => `qui tient ${setpoint}`,
  unknownColour: (time) =>
    `À partir de ${time}, la couleur n’est pas encore connue\u202f: une moyenne des prix possibles est comptée.`,
  leastComfort: (time) =>
    `Selon le plan jusqu’à ${time}, puis comme si la maison était tenue juste au confort minimal.`,
};

export const phrases: Readonly<Record<Language, typeof en>> = { en, fr };
