/** A dashboard in French: the English one, queries and all, with its texts from a list. */

/** Where Grafana keeps what people read. */
const textKeys = new Set(["title", "description", "label", "text", "tooltip", "displayName"]);

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * @returns the dashboard under a uid of its own, whose links lead to French dashboards, and the one to itself in
 *   French to the English one; texts that the list lacks stay as they are
 */
export function inFrench(dashboard: { readonly uid: string }, texts: Readonly<Record<string, string>>): Json {
  const translate = (value: Json, key?: string): Json => {
    if (typeof value === "string") {
      if (key === "url")
        return value.replace(/^\/d\/([\w-]+)/, (_, uid: string) => `/d/${otherLanguage(uid)}`);
      return key && textKeys.has(key) ? (texts[value] ?? value) : value;
    }
    if (Array.isArray(value)) return value.map((one) => translate(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, translate(one, keyOf(value, name))]),
    );
  };
  return { ...(translate(dashboard as unknown as Json) as object), uid: otherLanguage(dashboard.uid) };
}

function otherLanguage(uid: string): string {
  return uid.endsWith("-fr") ? uid.slice(0, -"-fr".length) : `${uid}-fr`;
}

/** A property that Grafana names beside its value, as of an override, goes by that name. */
function keyOf(object: object, name: string): string {
  return name === "value" && "id" in object && typeof object.id === "string" ? object.id : name;
}

/** The texts of a dashboard that are not in the list; numbers and names of runs need none. */
export function untranslated(dashboard: object, texts: Readonly<Record<string, string>>): string[] {
  const missing = new Set<string>();
  const look = (value: unknown, key?: string): void => {
    if (typeof value === "string") {
      const isText =
        key !== undefined && textKeys.has(key) && /[a-z]{2}/i.test(value.replaceAll(/\$\{.*?\}/g, ""));
      if (isText && !(value in texts)) missing.add(value);
    } else if (Array.isArray(value)) for (const one of value) look(one);
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) look(one, keyOf(value, name));
    }
  };
  look(dashboard);
  return [...missing];
}
