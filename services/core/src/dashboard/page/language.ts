/** The language of the pages: as it was chosen on any of them, else as the browser asks for. */
import { type Language, preferredLanguage } from "./format.ts";

const storageKey = "azru-language";

export function chosenLanguage(): Language {
  return preferredLanguage([localStorage.getItem(storageKey) ?? "", ...navigator.languages]);
}

/** Calls `onChange` when another language is chosen by the page's buttons. */
export function followLanguageButtons(onChange: (language: Language) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-language]")) {
    button.addEventListener("click", () => {
      const language = preferredLanguage([button.dataset.language ?? ""]);
      localStorage.setItem(storageKey, language);
      onChange(language);
    });
  }
}

/** Writes the texts and labels that elements name, and which language is chosen. */
export function writeNamedTexts(language: Language, textOf: (name: string) => string): void {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = textOf(element.dataset.text ?? "");
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", textOf(element.dataset.label ?? ""));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-language]")) {
    element.setAttribute("aria-pressed", String(element.dataset.language === language));
  }
}
