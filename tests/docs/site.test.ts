import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const site = mkdtempSync(join(tmpdir(), "azru-site-"));
afterAll(() => rmSync(site, { recursive: true }));

// A dead link or a page that cannot be read fails the build.
beforeAll(async () => {
  const vitepress = join(root, "node_modules/vitepress/bin/vitepress.js");
  await promisify(execFile)(process.execPath, [vitepress, "build", "docs", "--outDir", site], { cwd: root });
}, 600_000);

const filesOf = (folder: string, extension: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(extension));
const hrefsOf = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}\\b[^>]*? (?:src|href)="([^"]+)"`, "g"))].map(([, href]) => href);

test.each([
  ["English", "index.html", (page: string) => !page.startsWith("fr/")],
  ["French", "fr/index.html", (page: string) => page.startsWith("fr/")],
])("the sidebar leads to every %s page", (_language, start, belongs) => {
  const linked = new Set(hrefsOf(readFileSync(join(site, start), "utf8"), "a"));
  const pages = filesOf(join(root, "docs"), ".md")
    .map((file) => file.replace(/\.md$/, ".html"))
    .filter(belongs);
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.filter((page) => !linked.has(`/${page.replace(/(^|\/)index\.html$/, "$1")}`))).toEqual([]);
});

test("every page was written to its end", () => {
  const pages = filesOf(join(root, "docs"), ".md");
  for (const page of pages) {
    const html = readFileSync(join(site, page.replace(/\.md$/, ".html")), "utf8");
    expect(html, page).toContain("<h1 ");
  }
});

test("links to a heading lead to one", () => {
  const pages = new Map(
    filesOf(site, ".html").map((file) => [`/${file}`, readFileSync(join(site, file), "utf8")]),
  );
  let links = 0;
  for (const [page, html] of pages) {
    for (const href of hrefsOf(html, "a")) {
      const { pathname, hash, host } = new URL(href, `http://site${page}`);
      const target = pages.get(pathname.replace(/\/$/, "/index.html"));
      if (host !== "site" || hash === "" || target === undefined) continue;
      links++;
      expect(target.includes(`id="${decodeURIComponent(hash.slice(1))}"`), `${page} links to ${href}`).toBe(
        true,
      );
    }
  }
  expect(links).toBeGreaterThan(0);
});

test("the site loads nothing from elsewhere", () => {
  for (const file of filesOf(site, ".html")) {
    const html = readFileSync(join(site, file), "utf8");
    const loaded = ["script", "link", "img"].flatMap((tag) => hrefsOf(html, tag));
    expect(loaded.length, file).toBeGreaterThan(0);
    expect(
      loaded.filter((href) => !href.startsWith("/") && !href.startsWith("data:")),
      file,
    ).toEqual([]);
  }
  for (const file of filesOf(site, ".css")) {
    expect(readFileSync(join(site, file), "utf8"), file).not.toMatch(/url\(["']?(https?:)?\/\//);
  }
});

test("every link within the site, the language switch too, leads to a page or a file", () => {
  const files = new Set(filesOf(site, "").map((file) => `/${file.replaceAll("\\", "/")}`));
  const dead: string[] = [];
  for (const page of filesOf(site, ".html")) {
    for (const href of hrefsOf(readFileSync(join(site, page), "utf8"), "a")) {
      const { pathname, host } = new URL(href, `http://site/${page}`);
      const target = decodeURIComponent(pathname).replace(/\/$/, "/index.html");
      if (host === "site" && !files.has(target)) dead.push(`${page}: ${href}`);
    }
  }
  expect(dead).toEqual([]);
});
