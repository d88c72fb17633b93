export type Language = "en" | "fr";

/** The language of the user's terminal, as its environment says. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  return (LC_ALL || LC_MESSAGES || LANG || "").startsWith("fr") ? "fr" : "en";
}
