/** What stands on the page, in each language. */
import type { Actuator, Language } from "./format.ts";
import en from "./texts/en.json" with { type: "json" };
import fr from "./texts/fr.json" with { type: "json" };

export type TextKey = keyof typeof en;

/** What is said of a valve, where the heating itself is switched. */
const ofHeating: Readonly<Record<Language, Partial<Record<TextKey, string>>>> = {
  en: {
    valve: "Heating",
    valveLine: "heating",
    position: "Share of its power",
    setValve: "Set the heating",
  },
  fr: {
    valve: "Chauffage",
    valveLine: "chauffage",
    position: "Part de sa puissance",
    setValve: "Régler le chauffage",
  },
};

/** The texts of a home with a valve, or of one whose heating is switched. */
export function textsOf(language: Language, actuator: Actuator): Readonly<Record<TextKey, string>> {
  return actuator === "valve" ? texts[language] : { ...texts[language], ...ofHeating[language] };
}

export const texts: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, fr };
