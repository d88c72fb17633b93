/** The dashboard of the home in French: the English one, queries and all, with its texts from a list. */

/** Where Grafana keeps what people read. */
const textKeys = new Set(["title", "description", "label", "text", "displayName"]);

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** @returns the dashboard under a uid of its own; texts that the list lacks stay as they are */
export function inFrench(dashboard: { readonly uid: string }, texts: Readonly<Record<string, string>>): Json {
  const translate = (value: Json, key?: string): Json => {
    if (typeof value === "string") return key && textKeys.has(key) ? (texts[value] ?? value) : value;
    if (Array.isArray(value)) return value.map((one) => translate(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, translate(one, name)]));
  };
  return { ...(translate(dashboard as unknown as Json) as object), uid: `${dashboard.uid}-fr` };
}

/** The texts of a dashboard that are not in the list; numbers and variables need none. */
export function untranslated(dashboard: object, texts: Readonly<Record<string, string>>): string[] {
  const missing = new Set<string>();
  const look = (value: unknown, key?: string): void => {
    if (typeof value === "string") {
      const isText =
        key !== undefined && textKeys.has(key) && /[a-z]{2}/i.test(value) && !value.includes("$");
      if (isText && !(value in texts)) missing.add(value);
    } else if (Array.isArray(value)) for (const one of value) look(one);
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) look(one, name);
    }
  };
  look(dashboard);
  return [...missing];
}
