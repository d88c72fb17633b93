/** Where the chosen language is kept, for all pages. */
export const languageKey = "azru-language";
