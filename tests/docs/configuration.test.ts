import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationPage, exampleEnvFile } from "../../scripts/configuration-page.ts";

const committed = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

test("docs/configuration.md says what the services read (pnpm docs:configuration writes it)", () => {
  expect(committed("docs/configuration.md")).toBe(configurationPage());
});

test(".env.example has every variable once, and sets none (pnpm docs:configuration writes it)", () => {
  const text = committed(".env.example");
  expect(text).toBe(exampleEnvFile());
  const lines = text.split("\n").filter((line) => line !== "");
  expect(lines.filter((line) => !line.startsWith("#"))).toEqual([]);
  const names = lines.flatMap((line) => /^# ([A-Z_]+)=/.exec(line)?.[1] ?? []);
  expect(names).toEqual([...new Set(names)]);
  for (const [, name] of committed("docs/configuration.md").matchAll(/^\| `([A-Z_]+)`/gm))
    expect(names).toContain(name);
});
