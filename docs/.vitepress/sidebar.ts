/** The order in which the pages are read. A page that stands nowhere here is shown under the last heading. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Part {
  readonly title: string;
  /** Paths below the folder, without `.md`; one that does not exist is left out. */
  readonly pages: readonly string[];
}

export interface SidebarGroup {
  readonly text: string;
  readonly collapsed?: boolean;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** The English pages, part by part. */
export const parts: readonly Part[] = [
  { title: "Begin", pages: ["index", "getting-started", "set-up"] },
  {
    title: "At home",
    pages: [
      "live",
      "dashboard",
      "comfort",
      "home-assistant",
      "rooms",
      "valves",
      "pilot-wire",
      "raspberry-pi",
      "from-the-prototype",
      "troubleshooting",
      "configuration",
    ],
  },
  { title: "Study", pages: ["simulate", "tariffs", "calibration", "compared", "foreign-houses"] },
  { title: "How it works", pages: ["physics", "controller", "estimation"] },
  {
    title: "Reference",
    pages: ["reference/mqtt", "reference/http", "reference/series", "reference/zigbee-devices"],
  },
  { title: "Operation", pages: ["reliability", "scale"] },
  { title: "Development", pages: ["development", "extending", "glossary"] },
];

/** The French pages: what someone needs who lives with Azru. */
export const frenchParts: readonly Part[] = [
  { title: "Commencer", pages: ["index", "demarrage", "description"] },
  {
    title: "À la maison",
    pages: [
      "page",
      "confort",
      "home-assistant",
      "vannes",
      "fil-pilote",
      "pieces",
      "raspberry-pi",
      "reglages",
      "depannage",
    ],
  },
  { title: "Étudier", pages: ["etude", "batiment", "calage"] },
];

/**
 * The sidebar of a folder of pages, each under its own first heading.
 *
 * @param folder where the Markdown is
 * @param base path of that folder on the site, with a slash at both ends
 * @param others title for the pages that no part names
 * @param except folders below that are not part of it
 */
export function sidebarOf(
  folder: string,
  base: string,
  parts: readonly Part[],
  others: string,
  except: readonly string[] = [],
): SidebarGroup[] {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.replaceAll("\\", "/").replace(/\.md$/, ""))
    .filter((page) => !except.some((name) => page.startsWith(`${name}/`)))
    .sort();
  const item = (page: string) => ({
    text: titleOf(readFileSync(join(folder, `${page}.md`), "utf8"), page),
    link: base + page.replace(/(^|\/)index$/, "$1"),
  });
  const named = parts.map(({ title, pages }) => ({
    text: title,
    items: pages.filter((page) => found.includes(page)).map(item),
  }));
  const rest = found.filter((page) => !parts.some(({ pages }) => pages.includes(page)));
  const decisions = rest.filter((page) => page.startsWith("decisions/"));
  const unnamed = rest.filter((page) => !decisions.includes(page));
  return [
    ...named,
    { text: others, items: unnamed.map(item) },
    { text: "Decisions", collapsed: true, items: decisions.map(item) },
  ].filter(({ items }) => items.length > 0);
}

/** A page's first heading, without its marks. */
function titleOf(markdown: string, page: string): string {
  const heading = /^# (.+)$/m.exec(markdown);
  if (!heading) throw new Error(`docs page ${page} has no first heading (# ...)`);
  return heading[1].replaceAll("`", "");
}
