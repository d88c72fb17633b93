/** Names of the entities, in each language; entity ids do not follow them. */
import type { Language } from "../dashboard/page/format.ts";
import en from "./names/en.json" with { type: "json" };
import fr from "./names/fr.json" with { type: "json" };

const names: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, fr } satisfies Record<
  Language,
  typeof en
>;

/** @returns the id itself, in words, where no name is known */
export function entityName(id: string, language: Language): string {
  const words = id.replace(/^problem_/, "").replaceAll("_", " ");
  return names[language][id] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
