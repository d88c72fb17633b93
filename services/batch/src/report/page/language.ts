/** Chooses between the two languages that a report holds. Runs in the browser. */
import type { Language } from "./words.ts";

/**
 * Puts the French body in the place of the English one where the reader's browser prefers French, or the address ends
 * with #fr; another choice takes effect by loading the file again.
 */
export function showLanguage(): Language {
  const chosen = location.hash.slice(1);
  const wanted = [chosen, ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const language: Language = wanted.find((tag) => tag === "en" || tag === "fr") === "fr" ? "fr" : "en";
  const french = document.querySelector<HTMLTemplateElement>("template#french");
  if (language === "fr" && french !== null) {
    const kept = [...document.body.querySelectorAll(":scope > script")];
    document.title = french.dataset.title ?? document.title;
    document.documentElement.lang = language;
    document.body.replaceChildren(french.content, ...kept);
  }
  addEventListener("hashchange", () => location.reload());
  return language;
}
