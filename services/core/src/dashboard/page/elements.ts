/** The page's elements by their ids, and text in them. */

/** @throws Error when the page has none of that id */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** Writes only what differs, so that screen readers announce only what changed. */
export function write(id: string, text: string): void {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Words of the core, on a page that may be French. */
export function inEnglish(text: string): HTMLElement {
  return made("span", { lang: "en", textContent: text });
}

/** An element with some of its properties. */
export function made<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
): HTMLElementTagNameMap[Tag] {
  return Object.assign(document.createElement(tag), properties);
}
