import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const here = new URL("./", import.meta.url);
const page = readFileSync(new URL("../../../docs/troubleshooting.md", import.meta.url), "utf8")
  .replaceAll("&lt;", "<")
  .replaceAll("&gt;", ">");
const sources = readdirSync(here)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, here), "utf8"))
  .join("\n");

const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(1)
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));

it.each(rows)("docs/troubleshooting.md advises as the doctor does: %s, %s", (_check, _message, advice) => {
  if (advice.includes("configuration.md")) return;
  for (const part of advice.split("Node 20.19 or newer")) {
    // "stop it, or set ..." is put together
    expect(sources).toContain(part.replace(/^stop it, or /, ""));
  }
});

it("docs/troubleshooting.md has a line for every check", () => {
  const documented = new Set(rows.flatMap(([check]) => check.split(", ")));
  const checks = [...sources.matchAll(/\b(?:ok|warning|problem|checked)\(\s*"([a-z-]+)"/g)].map(
    ([, check]) => check,
  );
  expect(checks.length).toBeGreaterThan(20);
  expect([...new Set(checks)].filter((check) => !documented.has(check))).toEqual([]);
});
